import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { exactly } from '../patience.ts'
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
    await lab.registered(2 * starts)
    if (how === '/exit') await terminal.press(how, 'Enter')
    else process.kill(terminal.pid(), how)
    expect([how, await terminal.ended()]).toEqual([how, expected])
    expect(lab.sessions()).toEqual([])
    expect(lab.log().at(-1)).toBe('MCP server process exited cleanly')
  }
})

test('SIGKILL leaves session file, raw terminal and, for some seconds, the poller (sections 1, 5)', async () => {
  const terminal = lab.start(supervised('--session-id', id))
  await lab.registered()
  const [poller] = lab.pollers()
  process.kill(terminal.pid(), 'SIGKILL')
  expect(await terminal.ended()).toBe(137)
  expect(lab.sessions()).toHaveLength(1)
  expect(lab.pollers()).toEqual([poller])
  expect(terminal.modes()).toEqual({ alternateScreen: true, mouse: true, echo: false, signals: false })
  await until('the end of the orphan', () => lab.pollers().length === 0, exactly(8000))
  expect(existsSync(join(lab.state, 'bot.pid'))).toBe(false)
})

test('the answer itself asks in mode default, and the session waits (section 3)', async () => {
  const words = supervised('--session-id', id).filter((word) => !/^(--allowedTools|Bash|mcp__.*)$/.test(word))
  const terminal = lab.start(words)
  await lab.registered()
  lab.bot.bot.push('hello')
  await until('the prompt', () => terminal.screen().includes('Do you want to proceed?'))
  expect(lab.sessions()[0]).toMatchObject({ status: 'waiting', waitingFor: 'permission prompt' })
  expect(lab.bot.bot.sent()).toEqual([])
  await terminal.press('Enter')
  await lab.bot.bot.waitForSent(({ text }) => text === 'echo: hello')
})

test('dialogs before a session: trust with no first, kept when granted; development; bypass (section 1)', async () => {
  writeJson(join(lab.home, '.claude.json'), { ...readJson(join(lab.home, '.claude.json')), projects: {} })
  const refused = lab.start(supervised('--dangerously-skip-permissions'))
  await until('the dialog', () => /❯ No, exit\s+Yes, I trust this folder/.test(refused.screen()))
  expect(lab.sessions()).toEqual([])
  await refused.press('Enter')
  expect(await refused.ended()).toBe(1)
  const terminal = lab.start([
    '--dangerously-skip-permissions',
    '--dangerously-load-development-channels',
    `plugin:${plugin}`,
  ])
  await until('the dialog', () => terminal.screen().includes('Accessing workspace:'))
  await terminal.press('Down', 'Enter')
  await until('bypass', () => /Bypass Permissions mode[\s\S]*❯ No, exit/.test(terminal.screen()))
  await terminal.press('Down', 'Enter')
  await until('development', () => terminal.screen().includes('❯ 1. I am using this for local development'))
  await terminal.press('1')
  await until('a session', () => lab.sessions().length === 1)
  expect(readJson(join(lab.home, '.claude.json'))).toMatchObject({
    projects: { [lab.work]: { hasTrustDialogAccepted: true } },
  })
})

test('a server of the folder is asked about once, with no as the answer that is selected (seen on 2.1.330)', async () => {
  writeJson(join(lab.work, '.mcp.json'), { mcpServers: { other: { command: 'true', args: [] } } })
  const terminal = lab.start(supervised())
  await until('the dialog', () =>
    /New MCP server found in this project: other[\s\S]*❯ Continue without using this MCP server/.test(
      terminal.screen(),
    ),
  )
  expect(lab.sessions()).toEqual([])
  await terminal.press('Enter')
  await until('a session', () => lab.sessions().length === 1)
  expect(readJson(join(lab.work, '.claude', 'settings.local.json'))).toEqual({
    disabledMcpjsonServers: ['other'],
  })
})

test('a trusted folder above counts, not one above the top of the repository', async () => {
  const projects = { [dirname(lab.work)]: { hasTrustDialogAccepted: true } }
  writeJson(join(lab.home, '.claude.json'), { ...readJson(join(lab.home, '.claude.json')), projects })
  const trusted = lab.start(supervised())
  await lab.registered()
  process.kill(trusted.pid(), 'SIGTERM')
  await trusted.ended()
  mkdirSync(join(lab.work, '.git'))
  const asked = lab.start(supervised())
  await until('the dialog', () => asked.screen().includes('Accessing workspace:'))
})

test('← forks a worker and a spare that outlive the pane, both with the plugin, unless it is taken away (section 1)', async () => {
  const bound = lab.start(supervised(), { CLAUDE_CODE_DISABLE_AGENT_VIEW: '1' })
  await lab.registered()
  expect(bound.screen()).not.toContain('for agents')
  await bound.press('Left', '/bg', 'Enter', 'typed', 'Enter')
  await until('the answer to what was typed', () => bound.screen().includes('● typed: typed'))
  expect(lab.sessions()).toHaveLength(1)
  process.kill(bound.pid(), 'SIGTERM')
  await bound.ended()
  const free = lab.start(supervised())
  await lab.registered(4)
  await free.press('Left')
  await until('three clients', () => lab.sessions().length === 3)
  process.kill(free.pid(), 'SIGTERM')
  await free.ended()
  expect(lab.sessions()).toHaveLength(2)
  expect(lab.pollers().length).toBeGreaterThan(0)
})

test('Ctrl-C twice leaves with 0; Ctrl-Z takes the keyboard away until SIGCONT, the channel answers on (section 1)', async () => {
  const terminal = lab.start(supervised('--session-id', id))
  await lab.registered()
  await terminal.press('C-z')
  await until('the word', () => terminal.screen().includes('Claude Code is suspended'))
  lab.bot.bot.push('hello')
  await lab.bot.bot.waitForSent(({ text }) => text === 'echo: hello')
  process.kill(terminal.pid(), 'SIGCONT')
  await until('the screen', () => terminal.screen().includes('? for shortcuts'))
  await terminal.press('C-c')
  await until('the hint', () => terminal.screen().includes('Press Ctrl-C again to exit'))
  // Within a second of the first one: by the time that this was seen it may be over.
  await until('its end', () => !terminal.screen().includes('Press Ctrl-C again'))
  await terminal.press('C-c', 'C-c')
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
  await terminal.press('C-u')
  // Else Enter comes in one go with them, since the text stands there already.
  await until('an empty line', () => !terminal.screen().includes(secret))
  await terminal.press(`read: ${secret}`, 'Enter')
  await until('the refusal', () => terminal.screen().includes('Permission to use Read has been denied'))
  await terminal.press(`read: ${join(lab.state, 'access.json')}`, 'Enter')
  await until('the file', () => terminal.screen().includes('"dmPolicy": "allowlist"'))
})
