import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findProgram } from '../../../src/claude/find-client.ts'
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
    [`${token}\r\n\r\n`, /carriage return/],
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
    '--dangerously-skip-permissions',
  ]
  const says = /can't be among the client's/
  await expectRefused(
    home,
    ...notOurs.map((one) => ({ args: [...setupArgs(home), '--', one], code: 2, says, call: { input } })),
  )
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
    { args: setupArgs(home), code: 69, says: /multiplexer/, call: bin('tmux', 'claude', 'bun') },
    {
      args: setupArgs(home),
      code: 69,
      says: /too old for channels.*2\.1\.70/,
      call: { input, env: { CHANNELS_CLAUDE: old } },
    },
  )
})
