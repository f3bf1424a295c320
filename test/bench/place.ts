import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Health } from '../../src/core/records.ts'
import { checkSettings, type Settings } from '../../src/core/settings.ts'
import { standIns } from '../sim/build.ts'
import type { Outcome } from '../sim/cli.ts'
import { type Home, makeHome } from '../sim/home.ts'
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
 * Gives the home so many sessions more, each with bot, folder, token and access list of its own. What `setup` would
 * have written is copied from `work`: fifty times `setup` would take longer than all that is measured.
 */
export const addSessions = (home: Home, names: readonly string[]): void => {
  const settingsFile = join(home.channelsHome, 'config.json')
  const settings = checkSettings(readJson(settingsFile))
  if ('problem' in settings) throw new Error(settings.problem)
  const { work } = settings.sessions
  const [channel] = work?.channels ?? []
  if (work === undefined || channel === undefined) throw new Error(`no session to copy in ${settingsFile}`)
  const clientFile = join(home.home, '.claude.json')
  const client = readJson(clientFile) as { readonly projects: Readonly<Record<string, unknown>> }
  const trusted = Object.fromEntries(names.map((name) => [folderOf(home, name), client.projects[work.cwd]]))
  const added = names.map((name) => {
    const bot = home.bot.addBot()
    const stateDir = channel.stateDir.replace(/work$/, name)
    mkdirSync(folderOf(home, name))
    mkdirSync(stateDir, { mode: 0o700 })
    const env = readFileSync(join(channel.stateDir, '.env'), 'utf8').replace(home.bot.bot.token, bot.token)
    writeFileSync(join(stateDir, '.env'), env, { mode: 0o600 })
    const access = readFileSync(join(channel.stateDir, 'access.json'))
    writeFileSync(join(stateDir, 'access.json'), access, { mode: 0o600 })
    const own = { ...channel, stateDir, account: `@${bot.username}`, botId: bot.id }
    return [name, { ...work, name, cwd: folderOf(home, name), channels: [own] }] as const
  })
  const sessions = { ...settings.sessions, ...Object.fromEntries(added) }
  writeFileSync(settingsFile, JSON.stringify({ ...settings, sessions } satisfies Settings))
  writeFileSync(clientFile, JSON.stringify({ ...client, projects: { ...client.projects, ...trusted } }))
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
