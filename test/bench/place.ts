import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Channel } from '../../src/core/channel.ts'
import { kinds } from '../../src/core/kinds.ts'
import type { Health } from '../../src/core/records.ts'
import type { Session } from '../../src/core/session.ts'
import { checkSettings, type Settings } from '../../src/core/settings.ts'
import { standIns } from '../sim/build.ts'
import type { Outcome } from '../sim/cli.ts'
import { type Home, makeHome } from '../sim/home.ts'
import { freePort, setUpDiscord, setUpFakechat, setUpPager, setUpServer } from '../sim/other-wards.ts'
import { until } from '../sim/until.ts'

/** A home with a session called `work`, set up and not started; with `tls` its Bot API speaks https. */
export const openPlace = async (botApi: 'http' | 'tls' = 'http'): Promise<Home> => {
  const folder = mkdtempSync(join(tmpdir(), 'chan-tls-'))
  const tls = { botApi: { tls: { folder } }, env: { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') } }
  const home = await makeHome({ ...standIns, server: 'compiled', ...(botApi === 'tls' ? tls : {}) })
  const close = async () => {
    await home.close()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await succeeded(home.claude(['plugin', 'marketplace', 'add', `${home.root}/market`]))
    await succeeded(home.channels(setUpWork(home), { input: home.bot.bot.token }))
    return { ...home, close }
  } catch (error) {
    await close()
    throw error
  }
}

const setUpWork = ({ channel, project }: Home): readonly string[] => {
  const flags = '--session work --token-stdin --trust --allow 4242 --yes --no-start'
  return ['setup', channel, '--cwd', project, ...flags.split(' ')]
}

/**
 * Gives the home so many sessions more, of these kinds in turns, each with account, folder, token and access list of its
 * own. What `setup` would have written is copied from one of each kind: fifty times `setup` would take longer than all
 * that is measured.
 */
export const addSessions = async (
  home: Home,
  names: readonly string[],
  templates: readonly string[] = ['work'],
): Promise<void> => {
  const settingsFile = join(home.channelsHome, 'config.json')
  const settings = checkSettings(readJson(settingsFile))
  if ('problem' in settings) throw new Error(settings.problem)
  const clientFile = join(home.home, '.claude.json')
  const client = readJson(clientFile) as { readonly projects: Readonly<Record<string, unknown>> }
  const added: Session[] = []
  for (const [i, name] of names.entries()) {
    const template = settings.sessions[templates[i % templates.length] ?? '']
    if (template === undefined) throw new Error(`no session to copy in ${settingsFile}`)
    added.push(await copySession(home, template, name))
  }
  const trust = client.projects[settings.sessions.work?.cwd ?? '']
  const trusted = Object.fromEntries(added.map(({ cwd }) => [cwd, trust]))
  const sessions = { ...settings.sessions, ...Object.fromEntries(added.map((each) => [each.name, each])) }
  writeFileSync(settingsFile, JSON.stringify({ ...settings, sessions } satisfies Settings))
  writeFileSync(clientFile, JSON.stringify({ ...client, projects: { ...client.projects, ...trusted } }))
}

/** A session of each kind of channel that `setup` can make here, beside `work`, and their names with it. */
export const setUpKinds = async (home: Home): Promise<readonly string[]> => {
  await setUpDiscord(home, 'discord')
  await setUpFakechat(home, 'fakechat')
  await setUpPager(home, 'pager')
  await setUpServer(home, 'server')
  return ['work', 'discord', 'fakechat', 'pager', 'server']
}

const copySession = async (home: Home, template: Session, name: string): Promise<Session> => {
  const cwd = folderOf(home, name)
  mkdirSync(cwd)
  const servers = join(template.cwd, '.mcp.json')
  if (existsSync(servers)) copyFileSync(servers, join(cwd, '.mcp.json'))
  const port = 'FAKECHAT_PORT' in template.environment ? { FAKECHAT_PORT: String(await freePort()) } : {}
  // Agreed to as `setup` would have it, or the client asks at its start.
  const agreed = join(realpathSync(cwd), '.mcp.json')
  const channels = template.channels
    .map((channel) => copyChannel(home, channel, template.name, name))
    .map((channel) => (channel.agreedIn === null ? channel : { ...channel, agreedIn: agreed }))
  return { ...template, name, cwd, channels, environment: { ...template.environment, ...port } }
}

const copyChannel = (home: Home, channel: Channel, from: string, to: string): Channel => {
  const stateDir = channel.stateDir.replace(new RegExp(`${from}$`), to)
  if (stateDir === channel.stateDir) return channel
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  const access = join(channel.stateDir, 'access.json')
  if (existsSync(access)) writeFileSync(join(stateDir, 'access.json'), readFileSync(access), { mode: 0o600 })
  if (kinds[channel.kind].tokenVariable === null) return { ...channel, stateDir }
  const bot = channel.kind === 'discord' ? home.discord.addBot() : home.bot.addBot()
  const env = readFileSync(join(channel.stateDir, '.env'), 'utf8').replace(/TOKEN=.*/, `TOKEN=${bot.token}`)
  writeFileSync(join(stateDir, '.env'), env, { mode: 0o600 })
  return { ...channel, stateDir, account: `@${bot.username}`, botId: String(bot.id) }
}

/** With `work` it makes fifty. */
export const fortyNine: readonly string[] = Array.from({ length: 49 }, (_, i) => `s${i + 1}`)

const folderOf = (home: Home, name: string): string => join(home.root, `in-${name}`)

/** Hands on what exited with 0; else the test fails with what it printed. */
export const succeeded = async (call: Promise<Outcome>): Promise<Outcome> => {
  const outcome = await call
  expect(outcome.code, outcome.stdout + outcome.stderr).toBe(0)
  return outcome
}

/** Until it has, `status` asks the platform itself. */
export const untilKeeperHasAsked = (home: Home, sessions = 1): Promise<true> =>
  until(
    'the keeper to have asked the platform',
    () => {
      const folders = join(home.state, 'sessions')
      const asked = readdirSync(folders).filter((name) => {
        const health = readJson(join(folders, name, 'health.json')) as Health
        return Object.keys(health.platform).length > 0
      })
      return asked.length >= sessions
    },
    30_000,
  )

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))
