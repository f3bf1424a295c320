import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findProgram } from '../../../src/claude/find-client.ts'
import { type Call, type Outcome, runProgram } from '../../sim/cli.ts'
import { closeMachine, type Machine, makeMachine, setUp, snapshot, type Ward, writeProgram } from './kit.ts'

// Every refusal: exit status of design, section 3, a sentence, the remedy, and nothing changed.

let home: Machine
let known: Ward
beforeAll(async () => {
  home = await makeMachine()
  known = await setUp(home, 'known')
})
afterAll(() => closeMachine(home))

type Refusal = {
  readonly args: readonly string[]
  readonly code: number
  readonly says: RegExp
  readonly call?: Partial<Call>
}

/** Runs them all at once: each refused as it should be, and not a byte or a mode is different afterwards. */
const expectRefused = async (...refusals: readonly Refusal[]): Promise<readonly Outcome[]> => {
  const before = snapshot(home.home, home.channelsHome, home.project)
  const outcomes = await Promise.all(refusals.map(expectOne))
  expect(snapshot(home.home, home.channelsHome, home.project)).toEqual(before)
  return outcomes
}

const expectOne = async ({ args, code, says, call }: Refusal): Promise<Outcome> => {
  const refused = await home.channels(args, call)
  const seen = `${args.join(' ')}\n${refused.stdout}\n${refused.stderr}`
  expect({ seen, code: refused.code, stdout: refused.stdout }).toEqual({ seen, code, stdout: '' })
  expect(refused.stderr).toMatch(says)
  // What happened, and what helps; no stack.
  expect(refused.stderr).toMatch(/(^|\n)channels: \S.+[.:?]\n {2}\S.+\n$/)
  expect(refused.stderr).not.toMatch(/\n {4}at /)
  return refused
}

/** `setup` with everything it needs, but for what `change` makes of it: null leaves a flag out. */
const setupArgs = (change: Readonly<Record<string, string | true | null>> = {}): readonly string[] => {
  const flags: Readonly<Record<string, string | true | null>> = {
    session: 'new',
    cwd: home.project,
    'token-stdin': true,
    trust: true,
    allow: '4242',
    yes: true,
    ...change,
  }
  return [
    'setup',
    home.channel,
    ...Object.entries(flags).flatMap(([name, value]) =>
      value === null ? [] : value === true ? [`--${name}`] : [`--${name}`, value],
    ),
  ]
}

test('a token of the wrong form: 2, and the token is not repeated', async () => {
  const token = known.bot.token
  const wrong: readonly (readonly [string, RegExp])[] = [
    [`${token.slice(0, 25)}\n${token.slice(25)}\n`, /line break/],
    [`${token.slice(0, 25)} ${token.slice(25)}`, /space/],
    [token.slice(0, 25), /too short/],
    [`Bearer ${token}`, /Bearer/],
    [`TELEGRAM_BOT_TOKEN=${token}`, /line of an \.env file/],
    [`"${token}"`, /quotes/],
    [`${token}\r\n\r\n`, /carriage return/],
    ['', /empty/],
  ]
  const refused = await expectRefused(
    ...wrong.map(([input, says]) => ({ args: setupArgs(), code: 2, says, call: { input } })),
  )
  for (const { stderr } of refused) expect(stderr).not.toContain(token.slice(15, 25))
})

test('a token that is refused: 1; an API that cannot be reached: 69', async () => {
  const revoked = home.bot.addBot()
  revoked.revoke()
  const input = `${revoked.token}\n`
  await expectRefused({ args: setupArgs(), code: 1, says: /refuses this token/, call: { input } })
  const away = { TELEGRAM_API_ROOT: 'http://127.0.0.1:1' }
  const other = { input: `${home.bot.addBot().token}\n`, env: away }
  await expectRefused({ args: setupArgs(), code: 69, says: /could not be asked/, call: other })
  const elsewhere = { ...other, env: { TELEGRAM_API_ROOT: 'http://example.invalid' } }
  await expectRefused({ args: setupArgs(), code: 2, says: /TELEGRAM_API_ROOT/, call: elsewhere })
})

test('a bot of another session, a bot with a webhook: 1', async () => {
  await expectRefused({
    args: setupArgs(),
    code: 1,
    says: /Session `known` has this bot/,
    call: { input: known.bot.token },
  })
  const hooked = home.bot.addBot()
  hooked.setWebhook('https://example.org/secret-path')
  const [refused] = await expectRefused({
    args: setupArgs(),
    code: 1,
    says: /webhook/,
    call: { input: hooked.token },
  })
  expect(refused?.stderr).not.toContain('secret-path')
})

test('an answer that is missing: 2, and the flag that gives it', async () => {
  const input = home.bot.addBot().token
  const missing: readonly (readonly [Readonly<Record<string, string | null>>, RegExp])[] = [
    [{ session: null }, /--session/],
    [{ 'token-stdin': null }, /--token-file .*--token-stdin/],
    [{ yes: null }, /--yes/],
    [{ trust: null }, /--trust/],
  ]
  await expectRefused(
    ...missing.map(([change, says]) => ({ args: setupArgs(change), code: 2, says, call: { input } })),
  )
})

test('answers that can not be: 2', async () => {
  const input = home.bot.addBot().token
  const trap = join(home.root, 'executed')
  const wrong: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    [{ cwd: join(home.root, 'nowhere') }, /no folder .*nowhere/],
    [{ session: `$(touch ${trap})` }, /can't be the name/],
    [{ session: '../up' }, /can't be the name/],
    [{ session: '' }, /can't be the name/],
    [{ allow: 'tester' }, /named by a number/],
    [{ 'token-file': join(home.root, 'token') }, /exclude each other/],
  ]
  await expectRefused(
    ...wrong.map(([change, says]) => ({ args: setupArgs(change), code: 2, says, call: { input } })),
  )
  const notOurs = [
    '--resume',
    '--channels',
    '--settings=x',
    '-p',
    '--permission-mode',
    '--dangerously-skip-permissions',
  ]
  const says = /can't be among the client's/
  await expectRefused(
    ...notOurs.map((one) => ({ args: [...setupArgs(), '--', one], code: 2, says, call: { input } })),
  )
  expect(snapshot(home.root)).not.toHaveProperty(trap)
  const fileArgs = setupArgs({ 'token-stdin': null, 'token-file': join(home.root, 'no-token') })
  await expectRefused({ args: fileArgs, code: 2, says: /no file .*no-token/ })
})

test('wrong usage: 2', async () => {
  const wrong: readonly (readonly string[])[] = [
    ['frobnicate'],
    ['status', '--frobnicate'],
    ['setup'],
    ['setup', 'carrier-pigeon', '--session', 'new'],
    ['up', '--timeout', 'soon'],
    ['logs', '-n', 'many'],
    ['logs', '--source', 'rumours'],
    ['restart', 'known', '--conversation', 'that-one'],
    ['setup', home.channel, '--exclusive', '--shared'],
    ['attach', 'known'],
    ['remove', 'known'],
  ]
  await expectRefused(...wrong.map((args) => ({ args, code: 2, says: /./ })))
})

test('an unknown session: 3', async () => {
  const commands = ['up', 'down', 'restart', 'status', 'logs', 'attach', 'remove']
  for (const name of ['nobody', '../known', '__proto__'])
    await expectRefused(
      ...commands.map((command) => ({
        args: [command, name],
        code: 3,
        says: new RegExp(`No session named \`${name}\``),
      })),
    )
})

test('nothing set up: 3', async () => {
  const env = { CHANNELS_HOME: join(home.root, 'nothing') }
  const commands = ['up', 'down', 'restart', 'status', 'logs', 'attach']
  const says = /No session is set up.*\n.*channels setup/
  await expectRefused(...commands.map((command) => ({ args: [command], code: 3, says, call: { env } })))
})

test('a folder that cannot be written: 73', async () => {
  const input = home.bot.addBot().token
  const file = join(home.root, 'a-file')
  writeFileSync(file, '')
  await expectRefused({
    args: setupArgs(),
    code: 73,
    says: /a-file/,
    call: { input, env: { CHANNELS_HOME: file } },
  })
  // The bot's own folder is a file: found before the plugin is installed into a fresh config folder.
  const config = join(home.home, 'config')
  mkdirSync(join(config, 'channels'), { recursive: true })
  writeFileSync(join(config, 'channels', 'telegram-new'), '')
  await expectRefused({
    args: setupArgs(),
    code: 73,
    says: /telegram-new/,
    call: { input, env: { CLAUDE_CONFIG_DIR: config } },
  })
  rmSync(config, { recursive: true })
})

test('a configuration that is broken: 78, path and line named, the file left alone', async () => {
  const file = join(home.channelsHome, 'config.json')
  const text = readFileSync(file, 'utf8')
  const input = home.bot.addBot().token
  try {
    writeFileSync(file, '{\n  "version": 1,\n  "sessions": {\n    oops\n')
    const all = [['status'], ['up'], ['list'], ['logs'], ['remove', 'known', '--yes'], setupArgs()]
    const says = /own\/config\.json is not valid JSON: line 4/
    await expectRefused(...all.map((args) => ({ args, code: 78, says, call: { input } })))
    writeFileSync(file, JSON.stringify({ version: 1, sessions: { known: { name: 7 } } }))
    await expectRefused({
      args: ['status'],
      code: 78,
      says: /config\.json is not a valid configuration: .*known/,
    })
  } finally {
    writeFileSync(file, text, { mode: 0o600 })
  }
})

test('a file of the plugin or the client that is broken: 78; the home folder: 2', async () => {
  const input = home.bot.addBot().token
  const stateDir = join(home.home, '.claude', 'channels', 'telegram-new')
  mkdirSync(stateDir, { recursive: true })
  writeFileSync(join(stateDir, 'access.json'), '{ "dmPolicy":')
  await expectRefused({ args: setupArgs(), code: 78, says: /access\.json/, call: { input } })
  rmSync(stateDir, { recursive: true })
  await expectRefused({
    args: setupArgs({ cwd: home.home }),
    code: 2,
    says: /is the home directory/,
    call: { input },
  })
  const config = join(home.home, 'config')
  mkdirSync(config)
  writeFileSync(join(config, '.claude.json'), '{ "projects":')
  const call = { input, env: { CLAUDE_CONFIG_DIR: config } }
  await expectRefused({ args: setupArgs(), code: 78, says: /\.claude\.json/, call })
  rmSync(config, { recursive: true })
})

test('no client, no bun, no tmux, a client of before channels: 69', async () => {
  const input = home.bot.addBot().token
  const bin = (name: string, ...programs: readonly ('claude' | 'bun' | 'tmux')[]) => {
    const folder = join(home.root, 'bins', name)
    mkdirSync(folder, { recursive: true })
    for (const program of programs)
      symlinkSync(findProgram(program, home.env.PATH) ?? program, join(folder, program))
    return { input, env: { PATH: folder } }
  }
  const old = writeProgram(home, 'old', 'claude', 'export FAKE_CLAUDE_VERSION=2.1.70')
  await expectRefused(
    { args: setupArgs(), code: 69, says: /client is not there/, call: bin('client', 'bun', 'tmux') },
    { args: setupArgs(), code: 69, says: /Bun/, call: bin('bun', 'claude', 'tmux') },
    { args: setupArgs(), code: 69, says: /multiplexer/, call: bin('tmux', 'claude', 'bun') },
    {
      args: setupArgs(),
      code: 69,
      says: /too old for channels.*2\.1\.70/,
      call: { input, env: { CHANNELS_CLAUDE: old } },
    },
  )
})

test('native Windows: 69, and WSL named', async () => {
  const cli = fileURLToPath(new URL('../../../bin/channels.js', import.meta.url))
  const windows = 'data:text/javascript,Object.defineProperty(process,"platform",{value:"win32"})'
  const refused = await runProgram(process.execPath, ['--import', windows, cli, 'list'], {
    cwd: home.project,
    env: home.env,
  })
  expect(refused).toMatchObject({ code: 69, stdout: '' })
  expect(refused.stderr).toMatch(/native Windows.*\n.*WSL/)
})
