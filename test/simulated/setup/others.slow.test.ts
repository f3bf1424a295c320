import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import * as envFile from '../../../src/channels/env-file.ts'
import { messengerOf } from '../../../src/channels/messenger.ts'
import * as poller from '../../../src/channels/poller.ts'
import { stateDirFor } from '../../../src/channels/state-dir.ts'
import { foldExchanges } from '../../../src/claude/exchanges.ts'
import * as paths from '../../../src/claude/paths.ts'
import * as sessionFile from '../../../src/claude/session-file.ts'
import { findTranscript } from '../../../src/claude/transcript.ts'
import { pluginKey } from '../../../src/core/channel.ts'
import type { Other } from '../../../src/core/other.ts'
import type { World } from '../../../src/deps.ts'
import { findOthers } from '../../../src/keeper/others.ts'
import { createProofReader } from '../../../src/keeper/proof.ts'
import { createProcesses } from '../../../src/system/processes.ts'
import { createTail } from '../../../src/system/tail.ts'
import { evidence, run, session } from '../../core/evidence-builder.ts'
import { standIns } from '../../sim/build.ts'
import { type Home, makeHome } from '../../sim/home.ts'
import { openTerminal } from '../../sim/terminal.ts'
import { until } from '../../sim/until.ts'
import { registrations } from '../../sim/watch.ts'

const homes: Home[] = []
afterEach(async () => {
  for (const home of homes.splice(0)) await home.close()
})

/** A person's machine: the plugin installed and enabled for all, its token in the usual folder, the folder trusted. */
const openHome = async (): Promise<Home> => {
  const home = await makeHome({ ...standIns, server: 'compiled' })
  homes.push(home)
  expect(await home.claude(['plugin', 'marketplace', 'add', `${home.root}/market`])).toMatchObject({
    code: 0,
  })
  const installed = await home.claude(['plugin', 'install', pluginKey(home.channel) ?? ''])
  expect(installed, installed.stderr).toMatchObject({ code: 0 })
  mkdirSync(usualDir(home), { recursive: true })
  writeFileSync(join(usualDir(home), '.env'), `TELEGRAM_BOT_TOKEN=${home.bot.bot.token}\n`)
  const access = { dmPolicy: 'allowlist', allowFrom: ['4242'], groups: {}, pending: {} }
  writeFileSync(join(usualDir(home), 'access.json'), JSON.stringify(access))
  const file = join(home.home, '.claude.json')
  const json = JSON.parse(readFileSync(file, 'utf8')) as object
  const projects = { [home.project]: { hasTrustDialogAccepted: true } }
  writeFileSync(file, JSON.stringify({ ...json, projects }))
  return home
}

const usualDir = (home: Home): string => join(home.home, '.claude', 'channels', 'telegram')

const allowReply = '--allowedTools mcp__plugin_telegram_telegram__reply'

const look = (home: Home, asked: { botId?: string; stateDirs?: readonly string[] }): readonly Other[] => {
  const world = {
    home: home.home,
    platform: process.platform,
    processes: createProcesses(process.platform),
    claude: { ...paths, ...sessionFile },
    channels: { ...envFile, ...poller, messengerOf, stateDirFor },
  } as unknown as World
  const found = findOthers(world, {
    pluginKey: pluginKey(home.channel) ?? '',
    kind: 'telegram',
    botId: asked.botId ?? null,
    stateDirs: asked.stateDirs ?? [],
  })
  // Other tests have sessions on this machine, too.
  return found.filter(({ stateDir }) => stateDir.startsWith(home.root))
}

test('a session that was started by hand is found with folder, conversation and poller', async () => {
  const home = await openHome()
  const terminal = await openTerminal(
    home,
    'hand',
    home.project,
    `claude ${allowReply} --channels ${home.channel}`,
  )
  await until('a registered channel', () => registrations(home).length > 0)
  const found = await until('its poller', () => look(home, {}).find(({ poller }) => poller !== null))
  expect(found).toEqual({
    client: expect.objectContaining({ pid: expect.any(Number) }),
    folder: home.project,
    conversation: registrations(home)[0]?.conversation,
    stateDir: usualDir(home),
    config: join(home.home, '.claude'),
    botId: home.bot.bot.id,
    channels: true,
    poller: expect.objectContaining({ pid: poller.readPollerPid(usualDir(home)) }),
    session: null,
  })
  await terminal.close()
  await until('nobody', () => look(home, { stateDirs: [usualDir(home)] }).length === 0)
})

test('one without --channels is found by the folder or the bot its plugin took', async () => {
  const home = await openHome()
  await openTerminal(home, 'hand', home.project, 'claude')
  await until('its poller', () => poller.readPollerPid(usualDir(home)) !== null)
  const byFolder = await until('the thief', () => look(home, { stateDirs: [usualDir(home)] })[0])
  expect(byFolder).toMatchObject({ channels: false, folder: home.project })
  expect(look(home, { botId: home.bot.bot.id })).toEqual([byFolder])
  expect(look(home, { botId: '555555555', stateDirs: [home.project] })).toEqual([])
})

test("the message that arrives in its conversation and the answer that goes out are read from the client's transcript", async () => {
  const home = await openHome()
  await openTerminal(home, 'hand', home.project, `claude ${allowReply} --channels ${home.channel}`)
  const registered = await until('a registered channel', () => registrations(home)[0])
  const read = createProofReader({
    createTail,
    claude: {
      findTranscript,
      foldExchanges,
      sessionPaths: () => paths.clientPaths({}, home.home, process.platform),
    },
  })
  const now = evidence({ client: null, run: run({ conversation: registered.conversation }) })
  const since = Date.now()
  expect(read(session, now, since)).toEqual([])
  home.bot.bot.push('hello <b> & "you"')
  const exchange = await until('the answer', () =>
    read(session, now, since).find(({ answer }) => answer?.state === 'sent'),
  )
  expect(exchange).toEqual({
    at: expect.any(Number),
    text: 'hello <b> & "you"',
    user: 'tester',
    chatId: '4242',
    answer: { text: 'echo: hello <b> & "you"', state: 'sent', detail: null },
  })
  const settings = join(home.home, '.claude', 'settings.json')
  const deny = ['mcp__plugin_telegram_telegram__reply']
  const { enabledPlugins } = JSON.parse(readFileSync(settings, 'utf8')) as { enabledPlugins: object }
  writeFileSync(settings, JSON.stringify({ enabledPlugins, permissions: { deny } }))
  home.bot.bot.push('again')
  const failed = await until('the failure', () =>
    read(session, now, since).find(({ answer }) => answer?.state === 'failed'),
  )
  expect(failed).toMatchObject({ text: 'again', answer: { detail: expect.stringContaining('denied') } })
})
