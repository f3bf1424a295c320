import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Session } from '../../../src/core/session.ts'
import { closeMachine } from '../faults/kit.ts'
import { expectRefused } from '../faults/refuse.ts'
import { makeWork, type Work } from './work.ts'

// Everything that setup asked for is changed later, and what can't be is refused with nothing changed.

let home: Work['home']
let work: Work['work']
let trap: Work['trap']
let set: Work['set']
let stored: Work['stored']
beforeAll(async () => {
  ;({ home, work, trap, set, stored } = await makeWork())
})
afterAll(() => closeMachine(home))
beforeEach(() => expect(existsSync(trap)).toBe(false))

const shown = async (): Promise<Readonly<Record<string, string>>> => {
  const { code, stdout } = await set()
  expect(code).toBe(0)
  const rows = stdout.trimEnd().split('\n')
  return Object.fromEntries(rows.map((row) => [row.split(' ')[0] ?? '', row.replace(/^\S+ */, '')]))
}

/** Sets them, and nothing else of the session is different. */
const expectSet = async (pairs: readonly string[], change: Partial<Session>): Promise<void> => {
  const before = stored()
  const done = await set(...pairs)
  expect(done, done.stderr).toMatchObject({ code: 0, stderr: '' })
  expect(done.stdout).toMatch(/^work is changed\./)
  expect(stored()).toEqual({ ...before, ...change })
}

test('every key is shown, of the environment names only', async () => {
  const rows = await shown()
  expect(rows).toEqual({
    folder: work.cwd,
    'permission-mode': 'default',
    model: '',
    multiplexer: 'tmux',
    arguments: '',
    'dangerously-skip-permissions': 'no',
    'restart.attempts': '5',
    'restart.window': '30m',
    'restart.retry': '5m',
    'restart.update': '5m',
    resume: 'ask',
    development: 'ask',
    'notify.to': '',
    'notify.command': '',
    'notify.quiet': '',
    client: join(home.bin, 'claude'),
    bun: join(home.bin, 'bun'),
    environment: expect.stringMatching(/^[A-Za-z0-9_ ]+$/),
  })
  const names = rows.environment?.split(' ') ?? []
  expect(names).toEqual(Object.keys(stored().environment))
  expect(names).toEqual(expect.arrayContaining(['PATH', 'HOME', 'ANTHROPIC_API_KEY']))
  expect((await set()).stdout).not.toContain(home.env.ANTHROPIC_API_KEY)
})

test('each is changed, several at once, and put back', async () => {
  const { restart, environment } = stored()
  const times = ['restart.window=1h', 'restart.retry=90s', 'restart.attempts=9', 'restart.update=never']
  await expectSet(
    ['permission-mode=acceptEdits', 'model=opus', 'dangerously-skip-permissions=yes', ...times],
    {
      permissionMode: 'acceptEdits',
      arguments: ['--model', 'opus'],
      skipPermissions: true,
      restart: { attempts: 9, windowMs: 3_600_000, retryMs: 90_000, updateMs: null },
    },
  )
  expect(await shown()).toMatchObject({ model: 'opus', 'restart.window': '1h', 'restart.retry': '1m 30s' })
  const value = `it's "quoted" $(touch ${trap}) \`touch ${trap}\` a=b;c`
  await expectSet(
    [
      `env.MY_VALUE=${value}`,
      'dangerously-skip-permissions=no',
      'permission-mode=',
      'model=',
      'model=sonnet',
      'model=',
    ],
    {
      environment: { ...environment, MY_VALUE: value },
      skipPermissions: false,
      permissionMode: null,
      arguments: [],
    },
  )
  await expectSet(['env.MY_VALUE=', 'arguments=--verbose --add-dir /tmp'], {
    environment,
    arguments: ['--verbose', '--add-dir', '/tmp'],
  })
  const words = ['--append-system-prompt', value, '--verbose']
  await expectSet([`arguments=${JSON.stringify(words)}`], { arguments: words })
  expect((await shown()).arguments).toBe(JSON.stringify(words))
  const former = ['restart.window=30m', 'restart.retry=5m', 'restart.attempts=5', 'restart.update=5m']
  await expectSet(['arguments=', 'permission-mode=default', ...former], {
    arguments: [],
    permissionMode: 'default',
    restart,
  })
})

test('what is quoted in an error moves no cursor and sets no title', async () => {
  const { code, stderr } = await home.channels(['set', '\u001b]0;owned\u0007\u009b31mred', 'model=x'])
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: expect.stringMatching(/^channels: No session named `\]0;owned31mred`\.\n {2}`channels list`/),
  })
})

test('what can not be: 2, the key and what it takes named, nothing changed', async () => {
  const other = join(home.root, 'other')
  mkdirSync(other, { recursive: true })
  const wrong: readonly (readonly [pairs: readonly string[], says: RegExp])[] = [
    [['model'], /"model" has no value\.\n.*Write model=<value>/],
    [[''], /"" has no value/],
    [['=x'], /nothing called "" to set\.\n.*There is folder, permission-mode, model/],
    [['Model=x'], /nothing called "Model"/],
    [['name=x'], /nothing called "name"/],
    [['constructor=x'], /nothing called "constructor"/],
    [['__proto__=x'], /nothing called "__proto__"/],
    [[`$(touch ${trap})=x`], /nothing called/],
    [['permission-mode=bogus'], /no permission mode "bogus"\.\n.*acceptEdits/],
    [['permission-mode=bypassPermissions'], /--dangerously-skip-permissions/],
    [['dangerously-skip-permissions=on'], /can't be "on": it is yes or no\.\n.*ANYTHING/],
    [['restart.attempts=0'], /can't be "0": it is a whole number/],
    [['restart.attempts=many'], /whole number/],
    [['restart.window=soon'], /can't be "soon": it is a time: 90s/],
    [['restart.retry=0s'], /it is a time/],
    [['arguments=["--one"'], /a list of words is written/],
    [['arguments=--resume'], /`--resume` can't be among the client's/],
    [['arguments=--channels plugin:x@y'], /`--channels` can't be among/],
    [['arguments=--dangerously-skip-permissions'], /can't be among/],
    [['model=--resume'], /can't be "--resume": no model is called like that/],
    [['model=--dangerously-skip-permissions'], /no model is called like that/],
    [['model=a\nb'], /`model` holds a control character/],
    [['env.MY_VALUE=a\nb'], /`env.MY_VALUE` holds a control character/],
    [['client=claude'], /"claude" is no program\.\n.*absolute path/],
    [[`client=${home.root}`], /is no program/],
    [[`client=${join(home.home, '.claude.json')}`], /is no program/],
    [['client='], /"" is no program/],
    [
      ['client=/bin/echo', 'model=opus'],
      /"\/bin\/echo": `\/bin\/echo --version` answered ".*\n.*`2\.1\.330 \(Claude Code\)`/,
    ],
    [['environment=there'], /nothing called "environment"/],
    [['env.=x'], /"" is no name of a variable/],
    [['env.1A=x'], /"1A" is no name of a variable/],
    [[`env.$(touch ${trap})=x`], /is no name of a variable/],
    [['env.TELEGRAM_BOT_TOKEN=1:x'], /never reaches the client.*\n.*channels token work/],
    [['env.CLAUDECODE=1'], /`CLAUDECODE` never reaches the client/],
    [['env.CHANNELS_RUN=1'], /never reaches/],
    [['env.TELEGRAM_STATE_DIR=/x'], /./],
    [
      [`env.HOME=${other}`],
      /keep its files in .*other\/\.claude, not in .*\n.*channels setup plugin:telegram@\S+ --session work/,
    ],
    [['env.HOME='], /`HOME` can't be taken out/],
    [['env.PATH='], /`PATH` can't be taken out/],
    [[`env.CLAUDE_CONFIG_DIR=${other}`], /keep its files in/],
    [['folder='], /There is no folder/],
    [[`folder=${join(home.root, 'nowhere')}`], /no folder .*nowhere/],
    [[`folder=${join(home.home, '.claude.json')}`], /no folder/],
    [[`folder=${other}`], /asks whether .*other is trusted.*\n.*--trust/],
    [['restart.attempts=5', 'restart.window=never'], /can't be "never"/],
  ]
  await expectRefused(
    home,
    ...wrong.map(([pairs, says]) => ({ args: ['set', 'work', ...pairs], code: 2, says })),
    {
      args: ['set', 'work', '--trust', `folder=${home.home}`],
      code: 2,
      says: /home directory.*\n.*`folder=<path>`/,
    },
    { args: ['set', 'nobody', 'model=x'], code: 3, says: /No session named `nobody`/ },
    {
      args: ['set', 'work', 'environment=here'],
      code: 2,
      says: /keep its files in/,
      call: { env: { CLAUDE_CONFIG_DIR: other } },
    },
  )
})
