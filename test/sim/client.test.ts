import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
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

const registered = (count = 2) =>
  until(
    'the channel to be registered',
    () => lab.log().filter((line) => line === 'Channel notifications registered').length >= count,
  )
const status = () => lab.sessions()[0]?.status

test('a message from the phone becomes a turn and its answer goes back (section 2)', async () => {
  lab.start(supervised('--session-id', id))
  await registered()
  expect(existsSync(join(lab.config, 'projects'))).toBe(false)
  lab.bot.bot.push('hello')
  await lab.bot.bot.waitForSent(({ text }) => text === 'echo: hello')
  await until('idle', () => status() === 'idle')
  const rows = lab.transcript(id)
  expect(rows.find(({ origin }) => origin !== undefined)).toMatchObject({
    type: 'user',
    origin: { kind: 'channel', server: 'plugin:telegram:telegram' },
    message: { content: expect.stringMatching(/^<channel source="plugin:telegram:telegram" chat_id="4242"/) },
  })
  expect(rows.flatMap(({ operation }) => (operation === undefined ? [] : [operation]))).toEqual([
    'enqueue',
    'dequeue',
  ])
  expect(lab.log()).toContain('notifications/claude/channel (5 chars)')
})

test('says 143 after SIGTERM, 0 after SIGINT and /exit, 129 after SIGHUP, and takes its session file away (section 1)', async () => {
  let starts = 0
  for (const [how, expected] of [
    ['SIGTERM', 143],
    ['SIGINT', 0],
    ['SIGHUP', 129],
    ['/exit', 0],
  ] as const) {
    const terminal = lab.start(supervised())
    starts += 1
    await registered(2 * starts)
    if (how === '/exit') terminal.press(how, 'Enter')
    else process.kill(terminal.pid(), how)
    expect([how, await terminal.ended()]).toEqual([how, expected])
    expect(lab.sessions()).toEqual([])
    expect(lab.log().at(-1)).toBe('MCP server process exited cleanly')
  }
})

test('SIGKILL leaves session file, raw terminal and, for some seconds, the poller (sections 1, 5)', async () => {
  const terminal = lab.start(supervised('--session-id', id))
  await registered()
  const [poller] = lab.pollers()
  process.kill(terminal.pid(), 'SIGKILL')
  expect(await terminal.ended()).toBe(137)
  expect(lab.sessions()).toHaveLength(1)
  expect(lab.pollers()).toEqual([poller])
  expect(terminal.modes()).toEqual({ alternateScreen: true, mouse: true, echo: false, signals: false })
  await until('the end of the orphan', () => lab.pollers().length === 0, 8000)
  expect(existsSync(join(lab.state, 'bot.pid'))).toBe(false)
})

test('a plugin that dies after it connected is not missed: no line, no second one (section 2)', async () => {
  const terminal = lab.start(supervised())
  await registered()
  const lines = lab.log().length
  process.kill(lab.pollers()[0] ?? 0, 'SIGKILL')
  await until('its end', () => lab.pollers().length === 0)
  lab.bot.bot.push('anybody there?')
  terminal.press('say: fine', 'Enter')
  await until('the answer', () => terminal.screen().includes('● typed: say: fine'))
  expect([lab.log().length, lab.pollers(), lab.bot.bot.pending()]).toEqual([lines, [], 1])
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
  await registered()
})

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
  await registered()
  const [ours] = lab.pollers()
  lab.run(['plugin', 'enable', plugin])
  lab.start([])
  await until('the thief', () => lab.pollers().length === 1 && lab.pollers()[0] !== ours)
  expect(Number(readFileSync(join(lab.state, 'bot.pid'), 'utf8'))).toBe(lab.pollers()[0])
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

test('/clear moves the conversation in session file, transcript and the same log (section 1)', async () => {
  const terminal = lab.start(supervised('--session-id', id))
  await registered()
  terminal.press('/clear', 'Enter')
  const moved = await until('another id', () =>
    lab
      .sessions()
      .map((file) => String(file.sessionId))
      .find((one) => one !== id),
  )
  await registered(3)
  lab.bot.bot.push('after')
  await lab.bot.bot.waitForSent(({ text }) => text === 'echo: after')
  expect([lab.transcript(id), lab.transcript(moved).length > 2]).toEqual([[], true])
})

test('messages that come while it works join that turn, or are lost with a kill (section 2)', async () => {
  const terminal = lab.start(supervised('--session-id', id))
  await registered()
  lab.bot.bot.push('run: sleep 2')
  await until('busy', () => status() === 'busy')
  lab.bot.bot.push('meanwhile')
  await lab.bot.bot.waitForSent(({ text }) => text === 'echo: meanwhile')
  expect(
    lab
      .transcript(id)
      .filter(({ operation }) => operation !== undefined)
      .map(({ operation }) => operation),
  ).toEqual([...['enqueue', 'dequeue', 'enqueue', 'remove']])
  await until('idle', () => status() === 'idle')
  lab.bot.bot.push('slow: 30')
  await until('busy', () => status() === 'busy')
  lab.bot.bot.push('never seen')
  await until(
    'both taken',
    () => lab.transcript(id).filter(({ operation }) => operation === 'enqueue').length === 4,
  )
  process.kill(terminal.pid(), 'SIGKILL')
  await terminal.ended()
  lab.model.setResponder(() => ({ text: 'done after all' }))
  const again = lab.start(supervised('--resume', id), { CLAUDE_CODE_RESUME_INTERRUPTED_TURN: '1' })
  await until('the interrupted turn', () => again.screen().includes('● done after all'))
  await until('idle', () => lab.sessions().some((file) => file.pid === again.pid() && file.status === 'idle'))
  expect(JSON.stringify(lab.model.turns().at(-1)?.body.messages)).not.toContain('never seen')
})

test('the answer itself asks in mode default, and the session waits (section 3)', async () => {
  const words = supervised('--session-id', id).filter((word) => !/^(--allowedTools|Bash|mcp__.*)$/.test(word))
  const terminal = lab.start(words)
  await registered()
  lab.bot.bot.push('hello')
  await until('the prompt', () => terminal.screen().includes('Do you want to proceed?'))
  expect(lab.sessions()[0]).toMatchObject({ status: 'waiting', waitingFor: 'permission prompt' })
  expect(lab.bot.bot.sent()).toEqual([])
  terminal.press('Enter')
  await lab.bot.bot.waitForSent(({ text }) => text === 'echo: hello')
})

test('a usage limit is a row, and the session is idle again (section 2, transcript)', async () => {
  lab.start(supervised('--session-id', id))
  await registered()
  lab.model.fail({ status: 429, retry: false, times: 1 })
  lab.bot.bot.push('hello')
  const row = await until('the failure', () =>
    lab.transcript(id).find(({ isApiErrorMessage }) => isApiErrorMessage === true),
  )
  expect(row).toMatchObject({ type: 'assistant', apiErrorStatus: 429, error: 'rate_limit' })
  await until('idle', () => status() === 'idle')
})

test('dialogs before a session: trust with no first, kept when granted; development; bypass (section 1)', async () => {
  writeJson(join(lab.home, '.claude.json'), { ...readJson(join(lab.home, '.claude.json')), projects: {} })
  const refused = lab.start(supervised('--dangerously-skip-permissions'))
  await until('the dialog', () => /❯ No, exit\s+Yes, I trust this folder/.test(refused.screen()))
  expect(lab.sessions()).toEqual([])
  refused.press('Enter')
  expect(await refused.ended()).toBe(1)
  const terminal = lab.start([
    '--dangerously-skip-permissions',
    '--dangerously-load-development-channels',
    `plugin:${plugin}`,
  ])
  await until('the dialog', () => terminal.screen().includes('Accessing workspace:'))
  terminal.press('Down', 'Enter')
  await until('bypass', () => /Bypass Permissions mode[\s\S]*❯ No, exit/.test(terminal.screen()))
  terminal.press('Down', 'Enter')
  await until('development', () => terminal.screen().includes('❯ 1. I am using this for local development'))
  terminal.press('1')
  await until('a session', () => lab.sessions().length === 1)
  expect(readJson(join(lab.home, '.claude.json'))).toMatchObject({
    projects: { [lab.work]: { hasTrustDialogAccepted: true } },
  })
})

test('← sends it into the background: three pollers that outlive the pane, unless it is taken away (section 1)', async () => {
  const bound = lab.start(supervised(), { CLAUDE_CODE_DISABLE_AGENT_VIEW: '1' })
  await registered()
  expect(bound.screen()).not.toContain('for agents')
  bound.press('Left', '/bg', 'Enter', 'typed', 'Enter')
  await until('the answer to what was typed', () => bound.screen().includes('● typed: typed'))
  expect(lab.sessions()).toHaveLength(1)
  process.kill(bound.pid(), 'SIGTERM')
  await bound.ended()
  const free = lab.start(supervised())
  await registered(4)
  free.press('Left')
  await until('three clients', () => lab.sessions().length === 3)
  process.kill(free.pid(), 'SIGTERM')
  await free.ended()
  expect(lab.sessions()).toHaveLength(2)
})

test('start errors, each with status 1 and before anything is shown (section 1)', async () => {
  lab.start(supervised('--session-id', id))
  await registered()
  lab.bot.bot.push('hello')
  await lab.bot.bot.waitForSent(() => true)
  expect(lab.run([])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('Input must be provided either through stdin'),
  })
  expect(lab.run(['--session-id', id])).toMatchObject({
    status: 1,
    stderr: `Error: Session ID ${id} is already in use.\n`,
  })
  const unknown = id.replaceAll('1', '2')
  expect(lab.run(['--resume', unknown])).toMatchObject({
    status: 1,
    stderr: `No conversation found with session ID: ${unknown}\n`,
  })
  expect(lab.run(['--channels', 'telegram'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('--channels entries must be tagged: telegram'),
  })
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
  lab.start(supervised('--session-id', id), old)
  await registered(1)
  lab.bot.bot.push('hello')
  await lab.bot.bot.waitForSent(() => true)
  expect(lab.log()).toContain('notifications/claude/channel: hello')
  expect(lab.log().filter((line) => line === 'Channel notifications registered')).toHaveLength(1)
  writeFileSync(join(lab.state, '.env'), '')
  lab.start(supervised(), old)
  await until('the failure', () =>
    lab.log().includes('Connection failed: MCP error -32000: Connection closed'),
  )
  expect(existsSync(join(lab.config, 'mcp-needs-auth-cache.json'))).toBe(false)
})

test('what Bash leaves in the background dies with SIGTERM, what left with setsid stays, marked as ours (section 2)', async () => {
  const terminal = lab.start(supervised('--session-id', id))
  await registered()
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
  terminal.press('go', 'Enter')
  await until('status shell', () => status() === 'shell')
  const [kept] = await until('the server', () => lab.processes('sleep 871'))
  expect(lab.processes('sleep 872')).toHaveLength(1)
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

test('Ctrl-C twice leaves with 0; Ctrl-Z takes the keyboard away until SIGCONT, the channel answers on (section 1)', async () => {
  const terminal = lab.start(supervised('--session-id', id))
  await registered()
  terminal.press('C-z')
  await until('the word', () => terminal.screen().includes('Claude Code is suspended'))
  lab.bot.bot.push('hello')
  await lab.bot.bot.waitForSent(({ text }) => text === 'echo: hello')
  process.kill(terminal.pid(), 'SIGCONT')
  await until('the screen', () => terminal.screen().includes('? for shortcuts'))
  terminal.press('C-c')
  await until('the hint', () => terminal.screen().includes('Press Ctrl-C again to exit'))
  terminal.press('C-c')
  expect(await terminal.ended()).toBe(0)
})

test('deny rules of --settings keep a file from Read; text and Enter at once submit nothing (section 5)', async () => {
  const secret = join(lab.state, '.env')
  const settings = {
    enabledPlugins: { [plugin]: true },
    permissions: { deny: [`Read(/${secret})`], allow: [`Read(/${lab.state}/**)`] },
  }
  const terminal = lab.start(['--permission-mode', 'default', '--settings', JSON.stringify(settings)])
  await until('a prompt', () => terminal.screen().includes('? for shortcuts'))
  terminal.paste(`read: ${secret}\r`)
  await until('the text', () => terminal.screen().includes(secret))
  terminal.press('C-u', `read: ${secret}`, 'Enter')
  await until('the refusal', () => terminal.screen().includes('Permission to use Read has been denied'))
  terminal.press(`read: ${join(lab.state, 'access.json')}`, 'Enter')
  await until('the file', () => terminal.screen().includes('"dmPolicy": "allowlist"'))
})
