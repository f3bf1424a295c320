import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildStandIns } from './build.ts'
import { readJson, writeJson } from './client/json.ts'
import { type Lab, openLab, plugin, supervised } from './client/lab.ts'
import { until } from './until.ts'

const id = '11111111-1111-4111-8111-111111111111'
let lab: Lab
beforeAll(async () => {
  await buildStandIns()
})
beforeEach(async () => {
  lab = await openLab()
})
afterEach(() => lab.close())

const registered = 'Channel notifications registered'

test('a plugin that dies after it connected is not missed: no line, no second one (section 2)', async () => {
  const terminal = lab.start(supervised())
  await lab.registered()
  const lines = lab.log().length
  process.kill(lab.pollers()[0] ?? 0, 'SIGKILL')
  await until('its end', () => lab.pollers().length === 0)
  lab.bot.bot.push('anybody there?')
  await terminal.press('say: fine', 'Enter')
  await until('the answer', () => terminal.screen().includes('● typed: say: fine'))
  expect([lab.log().length, lab.pollers(), lab.bot.bot.pending()]).toEqual([lines, [], 1])
})

test('a plugin that died during a turn is started again by its reply, and nobody hears it (seen on both versions)', async () => {
  lab.start(supervised())
  await lab.registered()
  lab.bot.bot.push('slow: 5')
  await until('the turn', () => lab.status() === 'busy')
  process.kill(lab.pollers()[0] ?? 0, 'SIGKILL')
  await lab.bot.bot.waitForSent(({ text }) => text === 'echo: slow: 5')
  await until('the end of the turn', () => lab.status() === 'idle')
  const lines = lab.log()
  const starts = lines.filter((line) => line.startsWith('Starting connection'))
  expect([starts.length, lines.lastIndexOf(starts[1] ?? '') > lines.lastIndexOf(registered)]).toEqual([
    2,
    true,
  ])
  lab.bot.bot.push('anybody there?')
  await until('it to be taken', () => lab.bot.bot.pending() === 0)
  expect([lab.pollers().length, lab.log()]).toEqual([1, lines])
})

test('a plugin that fails to start once is not started for 15 minutes (section 2, needs-auth cache)', async () => {
  const env = join(lab.state, '.env')
  const token = readFileSync(env, 'utf8')
  writeFileSync(env, '')
  const first = lab.start(supervised())
  await until('the failure', () =>
    lab.log().includes('Connection failed (CONNECTION_CLOSED): Connection closed'),
  )
  expect(
    lab.log().some((line) => line.startsWith('Server stderr: telegram channel: TELEGRAM_BOT_TOKEN required')),
  ).toBe(true)
  writeFileSync(env, token)
  process.kill(first.pid(), 'SIGTERM')
  await first.ended()
  const lines = lab.log().length
  const cache = join(lab.config, 'mcp-needs-auth-cache.json')
  const entry = (minutes: number) =>
    writeJson(cache, { 'plugin:telegram:telegram': { timestamp: Date.now() - minutes * 60_000, id: 'x' } })
  entry(14)
  const second = lab.start(supervised())
  await until('its banner', () => second.screen().includes('inject directly in this session'))
  process.kill(second.pid(), 'SIGTERM')
  await second.ended()
  expect(lab.log()).toHaveLength(lines)
  entry(16)
  lab.start(supervised())
  await lab.registered()
})

/** A folder as an administrator has one. */
const managed = (name: string, settings: object): string => {
  const folder = join(lab.home, name)
  mkdirSync(folder, { recursive: true })
  writeJson(join(folder, 'managed-settings.json'), settings)
  return folder
}

test('Bun missing, gate closed, not listed: the lines of section 2', async () => {
  const cases = [
    [{ PATH: '/usr/bin:/bin' }, 'Connection failed (ENOENT): Executable not found in $PATH: "bun"'],
    [
      { DISABLE_TELEMETRY: '0' },
      'Channel notifications skipped: channels feature is not currently available',
    ],
    [
      { FAKE_CLAUDE_VERSION: '2.1.112' },
      'Channel notifications skipped: channels requires claude.ai authentication (run /login)',
    ],
    [
      { FAKE_CLAUDE_MANAGED: managed('off', { channelsEnabled: false }) },
      'Channel notifications skipped: channels not enabled by org policy (set channelsEnabled: true in managed settings)',
    ],
    [
      { FAKE_CLAUDE_MANAGED: managed('none', { channelsEnabled: true, allowedChannelPlugins: [] }) },
      `Channel notifications skipped: plugin ${plugin} is not on your org's approved channels list (set allowedChannelPlugins in managed settings)`,
    ],
  ] as const
  for (const [environment, line] of cases) {
    const terminal = lab.start(supervised(), environment)
    await until(line, () => lab.log().includes(line))
    process.kill(terminal.pid(), 'SIGTERM')
    await terminal.ended()
    writeJson(join(lab.config, 'mcp-needs-auth-cache.json'), {})
  }
  writeJson(join(lab.home, '.claude.json'), {
    ...readJson(join(lab.home, '.claude.json')),
    cachedGrowthBookFeatures: { tengu_harbor: true },
  })
  lab.start(supervised())
  await until('not approved', () =>
    lab.log().some((line) => line.includes('is not on the approved channels allowlist')),
  )
})

test('a plain session with the plugin enabled takes the messages and drops them (section 4)', async () => {
  lab.start(supervised())
  await lab.registered()
  const [ours] = lab.pollers()
  lab.run(['plugin', 'enable', plugin])
  lab.start([])
  await until('the thief', () => lab.pollers().length === 1 && lab.pollers()[0] !== ours)
  // It ends the other first, whose own end may take away the slot that was written meanwhile.
  const slot = join(lab.state, 'bot.pid')
  const holder = () => (existsSync(slot) ? Number(readFileSync(slot, 'utf8')) : null)
  await until('its slot', () => holder() !== ours)
  expect([null, lab.pollers()[0]]).toContain(holder())
  await until('skipped', () =>
    lab
      .log()
      .includes(
        'Channel notifications skipped: server plugin:telegram:telegram not in --channels list for this session',
      ),
  )
  lab.bot.bot.push('lost')
  await until('it to be taken', () => lab.bot.bot.pending() === 0)
  expect(lab.bot.bot.sent()).toEqual([])
})

test('short commands: version, login, plugins; none starts a plugin (section 1)', () => {
  expect(lab.run(['--version']).stdout).toBe('2.1.330 (Claude Code)\n')
  expect(JSON.parse(lab.run(['auth', 'status']).stdout)).toMatchObject({
    loggedIn: true,
    configDirectory: lab.config,
  })
  expect(lab.run(['auth', 'status'], { ANTHROPIC_API_KEY: '' })).toMatchObject({ status: 1 })
  expect(JSON.parse(lab.run(['plugin', 'list', '--json']).stdout)).toMatchObject([
    { id: plugin, enabled: false, scope: 'user' },
  ])
  expect(lab.run(['plugin', 'enable', plugin])).toMatchObject({ status: 0 })
  expect(readJson(join(lab.config, 'settings.json'))).toMatchObject({ enabledPlugins: { [plugin]: true } })
  const official = ['plugin', 'marketplace', 'add', 'anthropics/claude-plugins-official']
  expect(lab.run(official)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('Network error or timeout'),
  })
  expect(lab.run(official, { FAKE_CLAUDE_OFFICIAL_MARKETPLACE: join(lab.home, 'market') })).toMatchObject({
    status: 0,
  })
  expect([lab.log(), lab.pollers(), readdirSync(lab.state).includes('bot.pid')]).toEqual([[], [], false])
})

test('an older client: other lines, no needs-auth cache, other dialog (seen on 2.1.139)', async () => {
  const old = { FAKE_CLAUDE_VERSION: '2.1.139' }
  expect(lab.run(['--version'], old).stdout).toBe('2.1.139 (Claude Code)\n')
  const terminal = lab.start(supervised('--session-id', id), old)
  await lab.registered(1)
  lab.bot.bot.push('hello')
  await lab.bot.bot.waitForSent(() => true)
  expect(lab.log()).toContain('notifications/claude/channel: hello')
  expect(lab.log().filter((line) => line === 'Channel notifications registered')).toHaveLength(1)
  await terminal.press('/clear', 'Enter')
  await lab.registered(2)
  writeFileSync(join(lab.state, '.env'), '')
  lab.start(supervised(), old)
  await until('the failure', () =>
    lab.log().includes('Connection failed: MCP error -32000: Connection closed'),
  )
  expect(existsSync(join(lab.config, 'mcp-needs-auth-cache.json'))).toBe(false)
})

test('what Bash leaves in the background dies with SIGTERM, what left with setsid stays, marked as ours (section 2)', async () => {
  const terminal = lab.start(supervised('--session-id', id))
  await lab.registered()
  lab.model.setResponder(({ messages }) =>
    messages?.at(-1)?.role === 'user' && !JSON.stringify(messages.at(-1)).includes('tool_result')
      ? {
          tool: {
            name: 'Bash',
            input: { command: 'setsid sleep 871 & exec sleep 872', run_in_background: true },
          },
        }
      : { text: 'started' },
  )
  await terminal.press('go', 'Enter')
  await until('status shell', () => lab.status() === 'shell')
  const kept = await until('the server', () => lab.processes('sleep 871')[0])
  await until('the shell', () => lab.processes('sleep 872').length === 1)
  expect(readFileSync(`/proc/${kept}/environ`, 'utf8')).toContain(`CLAUDE_CODE_SESSION_ID=${id}`)
  process.kill(terminal.pid(), 'SIGTERM')
  await terminal.ended()
  await until('the end of the shell', () => lab.processes('sleep 872').length === 0)
  expect(lab.processes('sleep 871')).toEqual([kept])
})

test('print mode starts the plugin, answers, and stops it again (section 4)', async () => {
  lab.run(['plugin', 'enable', plugin])
  const printed = await lab.runLong(['-p', 'hi there'])
  expect(printed).toMatchObject({ status: 0, stdout: 'typed: hi there\n' })
  expect(lab.log().some((line) => line.startsWith('Successfully connected'))).toBe(true)
})
