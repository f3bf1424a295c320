import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findProgram } from '../../../src/claude/find-program.ts'
import { cli, runProgram } from '../../sim/cli.ts'
import { closeMachine, type Machine, makeMachine, setUp, type Ward, writeProgram } from './kit.ts'
import { expectRefused, setupArgs } from './refuse.ts'
import { snapshot } from './secrets.ts'

// What `setup` refuses: exit status of design, section 3, a sentence, the remedy, and nothing changed.

let home: Machine
let known: Ward
beforeAll(async () => {
  home = await makeMachine()
  known = await setUp(home, 'known')
})
afterAll(() => closeMachine(home))

test('a token of the wrong form: 2, and the token is not repeated', async () => {
  const token = known.bot.token
  const wrong: readonly (readonly [string, RegExp])[] = [
    [`${token.slice(0, 25)}\n${token.slice(25)}\n`, /line break/],
    [`${token.slice(0, 25)} ${token.slice(25)}`, /space/],
    [token.slice(0, 25), /too short/],
    [`Bearer ${token}`, /Bearer/],
    [`TELEGRAM_BOT_TOKEN=${token}`, /line of an \.env file/],
    [`"${token}"`, /quotes/],
    [`${token.slice(0, 25)}\r${token.slice(25)}`, /carriage return/],
    ['', /empty/],
  ]
  const refused = await expectRefused(
    home,
    ...wrong.map(([input, says]) => ({ args: setupArgs(home), code: 2, says, call: { input } })),
  )
  for (const { stderr } of refused) expect(stderr).not.toContain(token.slice(15, 25))
})

test('a token that is refused: 1; an API that cannot be reached: 69', async () => {
  const revoked = home.bot.addBot()
  revoked.revoke()
  const input = `${revoked.token}\n`
  await expectRefused(home, { args: setupArgs(home), code: 1, says: /refuses this token/, call: { input } })
  const away = { TELEGRAM_API_ROOT: 'http://127.0.0.1:1' }
  const other = { input: `${home.bot.addBot().token}\n`, env: away }
  await expectRefused(home, { args: setupArgs(home), code: 69, says: /could not be asked/, call: other })
  const elsewhere = { ...other, env: { TELEGRAM_API_ROOT: 'http://example.invalid' } }
  await expectRefused(home, { args: setupArgs(home), code: 2, says: /TELEGRAM_API_ROOT/, call: elsewhere })
})

test('a bot of another session, a bot with a webhook: 1', async () => {
  await expectRefused(home, {
    args: setupArgs(home),
    code: 1,
    says: /Session `known` has this bot/,
    call: { input: known.bot.token },
  })
  const hooked = home.bot.addBot()
  hooked.setWebhook('https://example.org/secret-path')
  const [refused] = await expectRefused(home, {
    args: setupArgs(home),
    code: 1,
    says: /webhook/,
    call: { input: hooked.token },
  })
  expect(refused?.stderr).not.toContain('secret-path')
})

test('a folder of another session, a name that is one but for its letters: 1', async () => {
  const input = home.bot.addBot().token
  const shared = setupArgs(home, { shared: true })
  const env = { TELEGRAM_STATE_DIR: known.stateDir }
  const link = join(home.root, 'link-to-known')
  symlinkSync(known.stateDir, link)
  await expectRefused(
    home,
    { args: shared, code: 1, says: /Session `known` keeps its bot's state/, call: { input, env } },
    { args: shared, code: 1, says: /keeps its bot's/, call: { input, env: { TELEGRAM_STATE_DIR: link } } },
    {
      args: setupArgs(home, { session: 'KNOWN' }),
      code: 1,
      says: /the session `known` only/,
      call: { input },
    },
    {
      args: shared,
      code: 2,
      says: /TELEGRAM_STATE_DIR is "bots"/,
      call: { input, env: { TELEGRAM_STATE_DIR: 'bots' } },
    },
  )
  rmSync(link)
})

test('two at once with one bot, or one folder: one of them gets it, and the other leaves no trace', async () => {
  const one = home.bot.addBot()
  const race = async (calls: readonly (readonly [args: readonly string[], input: string])[]) => {
    const outcomes = await Promise.all(calls.map(([args, input]) => home.channels(args, { input })))
    const said = outcomes.map(({ stderr }) => stderr).join('\n')
    expect(outcomes.map(({ code }) => code).sort(), said).toEqual([0, 1])
    return said
  }
  const bot = await race(
    ['left', 'right'].map((session) => [setupArgs(home, { session }), one.token] as const),
  )
  expect(bot).toMatch(/has this bot already/)
  const folders = ['left', 'right'].map((name) => join(home.home, '.claude', 'channels', `telegram-${name}`))
  expect(folders.filter((folder) => existsSync(folder))).toHaveLength(1)
  const folder = await race(
    ['up', 'down'].map(
      (session) => [setupArgs(home, { session, shared: true }), home.bot.addBot().token] as const,
    ),
  )
  expect(folder).toMatch(/keeps its bot's state/)
  const names = (await home.channels(['list', '--names'])).stdout.trim().split('\n')
  expect(names).toHaveLength(3)
  for (const name of names.filter((each) => each !== 'known'))
    expect(await home.channels(['remove', name, '--purge', '--yes'])).toMatchObject({ code: 0 })
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
    home,
    ...missing.map(([change, says]) => ({ args: setupArgs(home, change), code: 2, says, call: { input } })),
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
    [{ 'permission-mode': 'bypassPermissions' }, /--dangerously-skip-permissions/],
    [{ 'permission-mode': 'bogus' }, /no permission mode "bogus"/],
  ]
  await expectRefused(
    home,
    ...wrong.map(([change, says]) => ({ args: setupArgs(home, change), code: 2, says, call: { input } })),
  )
  const notOurs = [
    '--resume',
    '--channels',
    '--settings=x',
    '-p',
    '--permission-mode',
    '--permission-mode=bypassPermissions',
    '--dangerously-skip-permissions',
    '--allow-dangerously-skip-permissions',
  ]
  const says = /can't be among the client's/
  await expectRefused(
    home,
    ...notOurs.map((one) => ({ args: [...setupArgs(home), '--', one], code: 2, says, call: { input } })),
  )
  const site = [...setupArgs(home), 'site']
  const stray = { code: 2, says: /can't tell what "site" is to be/, call: { input } }
  await expectRefused(home, { args: site, ...stray }, { args: [...site, '--', '--verbose'], ...stray })
  expect(snapshot(home.root)).not.toHaveProperty(trap)
  const fileArgs = setupArgs(home, { 'token-stdin': null, 'token-file': join(home.root, 'no-token') })
  await expectRefused(home, { args: fileArgs, code: 2, says: /no file .*no-token/ })
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
    home,
    { args: setupArgs(home), code: 69, says: /client is not there/, call: bin('client', 'bun', 'tmux') },
    { args: setupArgs(home), code: 69, says: /Bun/, call: bin('bun', 'claude', 'tmux') },
    { args: setupArgs(home), code: 69, says: /neither tmux nor screen/, call: bin('tmux', 'claude', 'bun') },
    {
      args: setupArgs(home),
      code: 69,
      says: /too old for channels.*2\.1\.70/,
      call: { input, env: { CHANNELS_CLAUDE: old } },
    },
  )
})

test('from a folder that is gone: 2 without --cwd, and as usual with it', async () => {
  const gone = join(home.root, 'gone')
  const from = async (args: readonly string[]) => {
    mkdirSync(gone)
    const script = 'cd "$1" && rmdir "$1" && shift && exec "$@"'
    const words = ['-c', script, 'sh', gone, process.execPath, cli, ...args]
    return runProgram('/bin/sh', words, { cwd: home.root, env: home.env, input: home.bot.addBot().token })
  }
  const refused = await from(setupArgs(home, { cwd: null }))
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.stderr).toMatch(/^channels: The present folder is gone\.\n {2}.*--cwd <folder>/m)
  const done = await from(setupArgs(home, { session: 'from-nowhere' }))
  expect(done, done.stderr).toMatchObject({ code: 0 })
})
