import { existsSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { buildStandIns } from './build.ts'
import { readJson, writeJson } from './client/json.ts'
import { type Lab, openLab, plugin } from './client/lab.ts'
import { startDiscordApi } from './discord-api/server.ts'
import { pagerOf } from './pager.ts'
import { processesOf } from './processes.ts'
import { until } from './until.ts'

// Channels that nobody approved, and several at once, as seen on 2.1.139 and 2.1.330.

const id = '11111111-1111-4111-8111-111111111111'
const development = '--dangerously-load-development-channels'
let lab: Lab
beforeAll(async () => {
  await buildStandIns()
})
beforeEach(async () => {
  lab = await openLab()
})
afterEach(() => lab.close())

/** The pager as a server that the folder names. */
const nameServer = (more: object = {}, ...extra: readonly string[]) =>
  writeJson(join(lab.work, '.mcp.json'), {
    mcpServers: { pager: { command: 'bun', args: [script(), ...extra] }, ...more },
  })
const script = () => join(lab.home, 'market', 'pager', 'server.ts')
const install = (name: string) => {
  lab.run(['plugin', 'install', `${name}@lab`])
  lab.run(['plugin', 'disable', `${name}@lab`])
}
const settings = (plugins: readonly string[], more: object = {}) => [
  '--settings',
  JSON.stringify({ enabledPlugins: Object.fromEntries(plugins.map((name) => [name, true])), ...more }),
]
const agreed = { enabledMcpjsonServers: ['pager'] }
const replies = [
  'mcp__pager__reply',
  'mcp__plugin_pager_pager__reply',
  'mcp__plugin_telegram_telegram__reply',
]
const words = (...more: readonly string[]) => ['--session-id', id, '--allowedTools', ...replies, ...more]
const untilAsked = (terminal: ReturnType<Lab['start']>, text: string) =>
  until(text, () => terminal.screen().includes(text))
const logFolders = (): readonly string[] =>
  readdirSync(join(lab.home, '.cache', 'claude-cli-nodejs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /mcp-logs-[^/]*$/.test(name))
    .map((name) => name.replace(/.*mcp-logs-/, ''))
    .sort()
const servers = () => processesOf(lab.home).filter(({ argv }) => argv.includes(script()))
const count = (line: string) => lab.log().filter((each) => each === line).length
const registered = 'Channel notifications registered'

test('a server of .mcp.json that was agreed to is started, and with the development list it is a channel', async () => {
  nameServer()
  const terminal = lab.start(words(...settings([], agreed), development, 'server:pager'))
  await untilAsked(terminal, 'Channels: server:pager')
  expect(servers()).toEqual([])
  await terminal.press('Enter')
  await until('the channel', () => count(registered) === 1)
  const [server] = servers()
  expect([server?.env.CLAUDE_PLUGIN_ROOT, server?.env.CLAUDE_PROJECT_DIR]).toEqual([undefined, lab.work])
  expect(readlinkSync(`/proc/${server?.pid}/cwd`)).toBe(lab.work)
  expect(server?.ppid).toBe(terminal.pid())
  const pager = pagerOf(lab, 'none')
  pager.say('hello')
  await pager.waitForAnswer((text) => text === 'echo: hello')
  expect(lab.transcript(id).find(({ origin }) => origin !== undefined)).toMatchObject({
    origin: { kind: 'channel', server: 'pager' },
    message: { content: expect.stringMatching(/^<channel source="pager" chat_id="pager"/) },
  })
  expect([logFolders(), existsSync(join(lab.work, '.claude'))]).toEqual([['pager'], false])
})

test('one that declares no channel is a server like any other, and that is said in its log', async () => {
  const pager = { command: 'bun', args: [script()], env: { PAGER_DECLARES: 'nothing' } }
  writeJson(join(lab.work, '.mcp.json'), { mcpServers: { pager } })
  const terminal = lab.start(words(...settings([], agreed), development, 'server:pager'))
  await untilAsked(terminal, 'Channels: server:pager')
  await terminal.press('Enter')
  const skipped = 'Channel notifications skipped: server did not declare claude/channel capability'
  await until('the line', () => count(skipped) === 1)
  expect([count(registered), servers().length]).toEqual([0, 1])
})

test('asked about it: a no stays, whatever --settings says; an older client selects the yes', async () => {
  nameServer()
  const first = lab.start(words(development, 'server:pager'))
  await untilAsked(first, 'New MCP server found in this project: pager')
  await first.press('Escape')
  await untilAsked(first, 'Loading development channels')
  await first.press('Escape')
  expect(await first.ended()).toBe(0)
  const second = lab.start(words(...settings([], agreed), development, 'server:pager'))
  await untilAsked(second, 'Loading development channels')
  await second.press('Enter')
  await until('a session', () => lab.sessions().length === 1)
  expect([servers(), lab.log()]).toEqual([[], []])
  process.kill(second.pid(), 'SIGTERM')
  await second.ended()
  writeJson(join(lab.work, '.claude', 'settings.local.json'), {})
  const old = lab.start(words(development, 'server:pager'), { FAKE_CLAUDE_VERSION: '2.1.139' })
  await untilAsked(old, '❯ 1. Use this and all future MCP servers in this project')
  await old.press('Enter')
  await untilAsked(old, 'Loading development channels')
  await old.press('Enter')
  await until('the channel', () => count(registered) === 1)
  expect(servers()[0]?.env).not.toHaveProperty('CLAUDE_CODE_SESSION_ID')
})

test('a server nobody configured is a line on the screen only; one in the list of plugins is deaf', async () => {
  const nobody = lab.start(words(development, 'server:nosuch'))
  await untilAsked(nobody, 'Loading development channels')
  await nobody.press('Enter')
  await untilAsked(nobody, 'server:nosuch · no MCP server configured with that name')
  expect(lab.log()).toEqual([])
  process.kill(nobody.pid(), 'SIGTERM')
  await nobody.ended()
  const json = readJson(join(lab.home, '.claude.json'))
  const pager = { type: 'stdio', command: 'bun', args: [script()] }
  writeJson(join(lab.home, '.claude.json'), { ...json, mcpServers: { pager } })
  lab.start(words('--channels', 'server:pager'))
  await until('a line', () =>
    lab
      .log()
      .includes(
        'Channel notifications skipped: server pager is not on the approved channels allowlist (use --dangerously-load-development-channels for local dev)',
      ),
  )
})

test('a plugin on no list: deaf by --channels, also in both lists; heard by the development one', async () => {
  install('pager')
  const own = settings(['pager@lab'])
  const skipped =
    'Channel notifications skipped: plugin pager@lab is not on the approved channels allowlist (use --dangerously-load-development-channels for local dev)'
  const lists = [
    ['--channels', 'plugin:pager@lab'],
    ['--channels', 'plugin:pager@lab', development, 'plugin:pager@lab'],
  ]
  for (const [time, list] of lists.entries()) {
    const terminal = lab.start(words(...own, ...list))
    if (list.includes(development)) {
      await untilAsked(terminal, 'Loading development channels')
      await terminal.press('Enter')
    }
    await until('deaf', () => count(skipped) === 2 * (time + 1))
    process.kill(terminal.pid(), 'SIGTERM')
    await terminal.ended()
  }
  const heard = lab.start(words(...own, development, 'plugin:pager@lab'), { CHANNELS_SESSION: 'work' })
  await untilAsked(heard, 'Channels: plugin:pager@lab')
  await heard.press('Enter')
  await until('the channel', () => count(registered) === 2)
  const pager = pagerOf(lab, 'work')
  pager.say('hello')
  await pager.waitForAnswer((text) => text === 'echo: hello')
})

test('switched off by an administrator, nobody is asked about development', async () => {
  install('pager')
  const managed = join(lab.home, 'managed')
  writeJson(join(managed, 'managed-settings.json'), { channelsEnabled: false })
  const terminal = lab.start(words(...settings(['pager@lab']), development, 'plugin:pager@lab'), {
    FAKE_CLAUDE_MANAGED: managed,
  })
  await untilAsked(terminal, 'Channels blocked by org policy (plugin:pager@lab)')
  await until('a line', () => lab.log().some((line) => line.includes('channels not enabled by org policy')))
})

test('several at once: one dialog for those that need it, each answers through its own', async () => {
  install('pager')
  nameServer({}, 'server')
  const all = ['--channels', `plugin:${plugin}`, development, 'plugin:pager@lab', 'server:pager']
  const terminal = lab.start(words(...settings([plugin, 'pager@lab'], agreed), ...all))
  await untilAsked(terminal, 'Channels: plugin:pager@lab, server:pager')
  await terminal.press('Enter')
  await until('all of them', () => count(registered) === 6)
  expect(logFolders()).toEqual(['pager', 'plugin-pager-pager', 'plugin-telegram-telegram'])
  lab.bot.bot.push('by phone')
  await lab.bot.bot.waitForSent(({ text }) => text === 'echo: by phone')
  const pager = pagerOf(lab, 'none')
  pager.say('by pager')
  await pager.waitForAnswer((text) => text === 'echo: by pager')
})

test('a server that both a plugin and .mcp.json bring, word for word, is started once, and not as the plugin’s', async () => {
  install('pager')
  nameServer()
  const both = [development, 'plugin:pager@lab', 'server:pager']
  const terminal = lab.start(words(...settings(['pager@lab'], agreed), ...both))
  await untilAsked(terminal, 'Channels: plugin:pager@lab, server:pager')
  await terminal.press('Enter')
  await until('the channel', () => count(registered) > 0)
  expect([servers().length, logFolders()]).toEqual([1, ['pager']])
})

test('a port that is taken ends the start: said twice, and not tried for 15 minutes; one that was configured is', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void holder.close())
  await until('the port', () => holder.listening)
  const { port } = holder.address() as { readonly port: number }
  install('fakechat')
  nameServer({ pager: { command: 'false', args: [] } })
  lab.start(words(...settings(['fakechat@lab'], agreed)), { FAKECHAT_PORT: String(port) })
  const failed = 'Connection failed (CONNECTION_CLOSED): Connection closed'
  await until('both failures', () => count(failed) === 2)
  const said = `error: Failed to start server. Is port ${port} in use?\n`
  expect(lab.log()).toContain(`Server stderr: ${said}`)
  expect(lab.log()).toContain(`stderr of the stdio server before restarting it: ${said}`)
  const cached = () => Object.keys(readJson(join(lab.config, 'mcp-needs-auth-cache.json')))
  // Noted once it was said.
  await until('a note of it', () => cached().length > 0)
  expect(cached()).toEqual(['plugin:fakechat:fakechat'])
})

test('a Discord token that is refused ends the plugin behind the handshake: registered, and nobody is there', async () => {
  const api = await startDiscordApi()
  onTestFinished(api.close)
  install('discord')
  const state = join(lab.config, 'channels', 'discord')
  mkdirSync(state, { recursive: true })
  writeFileSync(join(state, '.env'), `DISCORD_BOT_TOKEN=${api.addUserToken()}\n`)
  lab.start(words(...settings(['discord@lab']), '--channels', 'plugin:discord@lab'), {
    DISCORD_API_ROOT: api.root,
  })
  await lab.registered()
  await until('its end', () => lab.pollers().length === 0)
  expect(lab.log().filter((line) => line.includes('login failed'))).toEqual([])
})
