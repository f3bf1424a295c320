import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addMarketplace, closeMachine, type Machine, makeMachine, setUp } from '../faults/kit.ts'
import { expectRefused, setupArgs } from '../faults/refuse.ts'
import { filesBelow } from '../faults/secrets.ts'

// Wrong turns without anybody to ask; `faults/setup-refusals` has those of token, claims, names and programs.

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
  await setUp(home, 'known')
})
afterAll(() => closeMachine(home))

const stateDirOf = (name: string): string => join(home.home, '.claude', 'channels', `telegram-${name}`)
const dotEnv = (name: string): string => join(stateDirOf(name), '.env')
const remove = (name: string) => home.channels(['remove', name, '--purge', '--yes'])

/** A state folder as somebody may have made it by hand. */
const makeStateDir = (name: string, files: Readonly<Record<string, string>>): void => {
  mkdirSync(stateDirOf(name), { recursive: true, mode: 0o700 })
  for (const [file, text] of Object.entries(files))
    writeFileSync(join(stateDirOf(name), file), text, { mode: 0o600 })
}

test('every question names its flag where nobody can be asked, at once', async () => {
  const input = `${home.bot.addBot().token}\n`
  const whole = setupArgs(home, { 'no-start': null, 'no-pair': true })
  const without = (...flags: readonly string[]) => whole.filter((word) => !flags.includes(word))
  const missing: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [
      setupArgs(home, { 'no-start': null, allow: null }),
      /Who may write to the bot\?\n.*--allow <.*--no-pair/,
    ],
    [without('--session', 'new', '--no-pair'), /Which name should the session have\?\n.*--session <name>/],
    [
      without('--token-stdin', '--no-pair'),
      /Which token does the bot have\?\n.*--token-file .*--token-stdin/,
    ],
    [without('--trust', '--no-pair'), /whether .*project is trusted.*\n.*--trust/],
    [setupArgs(home, { yes: null }), /Nothing was changed: the plan above wants a yes\.\n.*--yes/],
    [['pair', 'known'], /Which code did the bot answer with\?\n.*channels pair known <code>/],
    [['token', 'known'], /Which token does .* have now\?\n.*--token-file/],
    [['remove', 'known'], /--yes/],
  ]
  const refused = await expectRefused(
    home,
    ...missing.map(([args, says]) => ({ args, code: 2, says, call: { input } })),
  )
  for (const { ms } of refused) expect(ms).toBeLessThan(15_000)
})

test('what can not be: 2, and nothing changed', async () => {
  const input = `${home.bot.addBot().token}\n`
  const trap = join(home.root, 'executed')
  const odd = join(home.root, `$(touch ${trap.replaceAll('/', ' ')})`)
  mkdirSync(odd)
  const wrong: readonly (readonly [change: Readonly<Record<string, string | null>>, says: RegExp])[] = [
    [{ 'state-dir': 'bots' }, /state folder "bots" is no absolute path\.\n.*--state-dir \//],
    [{ 'state-dir': '' }, /state folder "" is no absolute path/],
    [{ 'state-dir': '~/bot' }, /is no absolute path/],
    [{ multiplexer: 'zellij' }, /'zellij' is invalid.*tmux, screen/],
    [{ cwd: odd, trust: null }, /is trusted.*\n.*--trust/],
    [{ cwd: '' }, /There is no folder/],
    [{ cwd: join(home.home, '.claude.json') }, /There is no folder/],
    [{ session: 'a b' }, /can't be the name/],
    [{ session: 'x'.repeat(33) }, /can't be the name/],
    [{ session: '-x' }, /can't be the name|argument missing/],
    [{ allow: '' }, /named by a number/],
  ]
  await expectRefused(
    home,
    ...wrong.map(([change, says]) => ({ args: setupArgs(home, change), code: 2, says, call: { input } })),
    { args: ['setup', 'plugin:telegram', '--yes'], code: 2, says: /There is no channel `plugin:telegram`/ },
    {
      args: ['setup', 'plugin:fakechat@x', '--session', 'x', '--trust', '--development', 'ask', '--yes'],
      code: 69,
      says: /does not know the marketplace `x`\.\n.*claude plugin marketplace add/,
    },
  )
  expect(filesBelow(home.root)).not.toContain(trap)
})

const spoilt: readonly (readonly [what: string, line: (token: string) => string, says: RegExp])[] = [
  ['CRLF', (token) => `TELEGRAM_BOT_TOKEN=${token}\r`, /Which token/],
  ['export', (token) => `export TELEGRAM_BOT_TOKEN=${token}`, /Which token/],
  ['quotes', (token) => `TELEGRAM_BOT_TOKEN='${token}'`, /quotes/],
]

test('a token in an .env where the plugin does not find it: asked for, and its line written anew, that one only', async () => {
  const [above, below] = ["# mine\r\nexport A='1'\r\n", '\n  B = "2"\r\n\n']
  const cases = spoilt.map(([what, line, says]) => {
    const { token } = home.bot.addBot()
    const name = `with-${what}`
    makeStateDir(name, { '.env': `${above}${line(token)}${below}` })
    const set = `TELEGRAM_BOT_TOKEN=${token}`
    const kept = what === 'export' ? `${above}${line(token)}${below}${set}\n` : `${above}${set}${below}`
    return { name, token, says, kept }
  })
  await expectRefused(
    home,
    ...cases.map(({ name, says }) => ({
      args: setupArgs(home, { session: name, 'token-stdin': null }),
      code: 2,
      says,
    })),
  )
  await Promise.all(
    cases.map(async ({ name, token, kept }) => {
      const done = await home.channels(setupArgs(home, { session: name }), { input: token })
      expect(done, done.stderr).toMatchObject({ code: 0 })
      expect(readFileSync(dotEnv(name), 'utf8')).toBe(kept)
    }),
  )
  for (const { name } of cases) expect(await remove(name)).toMatchObject({ code: 0 })
})

test('an access list that is there: kept but for who is added; a broken one: 78, left alone', async () => {
  const before = {
    future: [1],
    allowFrom: ['99'],
    dmPolicy: 'pairing',
    groups: { '-5': { allowFrom: ['1'] } },
    pending: { a1b2c3: { senderId: '7', chatId: '7', createdAt: 1, expiresAt: 2, replies: 1 } },
  }
  makeStateDir('listed', { 'access.json': JSON.stringify(before) })
  const args = setupArgs(home, { session: 'listed' })
  const done = await home.channels(args, { input: home.bot.addBot().token })
  expect(done, done.stderr).toMatchObject({ code: 0 })
  const file = join(stateDirOf('listed'), 'access.json')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    ...before,
    dmPolicy: 'allowlist',
    allowFrom: ['99', '4242'],
  })
  expect(await remove('listed')).toMatchObject({ code: 0 })
  for (const text of ['{ "dmPolicy":', '[]', '']) {
    makeStateDir('listed', { 'access.json': text })
    await expectRefused(home, {
      args,
      code: 78,
      says: /can't be told who may write to the bot: .*access\.json.* is broken\.\n.*move it aside/,
      call: { input: home.bot.addBot().token },
    })
  }
  rmSync(stateDirOf('listed'), { recursive: true })
})

test('an exported token, of this bot or another: told, and kept nowhere', async () => {
  const bot = home.bot.addBot()
  const [other, variable] = ['123456789:AAtest_exported_in_this_shell_0000001', 'TELEGRAM_BOT_TOKEN']
  for (const [exported, says] of [
    [bot.token, /TELEGRAM_BOT_TOKEN is exported in this shell and holds this bot's token\./],
    [other, /TELEGRAM_BOT_TOKEN is exported in this shell and holds another token\./],
  ] as const) {
    const call = { input: bot.token, env: { [variable]: exported } }
    const done = await home.channels(setupArgs(home, { session: 'exporting' }), call)
    expect(done, done.stderr).toMatchObject({ code: 0 })
    expect(done.stderr).toMatch(says)
    expect(readFileSync(dotEnv('exporting'), 'utf8')).toBe(`${variable}=${bot.token}\n`)
    const holders = filesBelow(home.root).filter((file) => readFileSync(file, 'utf8').includes(exported))
    expect(holders).toEqual(exported === bot.token ? [dotEnv('exporting')] : [])
    const shown = await home.channels(['set', 'exporting'])
    expect(shown.stdout).not.toContain(variable)
  }
  expect(await remove('exporting')).toMatchObject({ code: 0 })
})

test('channels switched off: unattended a warning', async () => {
  const config = join(home.root, 'config-without-gate')
  mkdirSync(config, { mode: 0o700 })
  const features = { tengu_harbor: false }
  writeFileSync(join(config, '.claude.json'), JSON.stringify({ cachedGrowthBookFeatures: features }))
  const env = { CLAUDE_CONFIG_DIR: config, ANTHROPIC_API_KEY: '' }
  await addMarketplace(home, env)
  const said = await home.channels(setupArgs(home, { session: 'new', yes: null }), {
    input: home.bot.addBot().token,
    env,
  })
  expect(said).toMatchObject({ code: 2 })
  expect(said.stderr).toMatch(/tengu_harbor is false in .*\.claude\.json\)\n {2}Unset what is named there/)
  rmSync(config, { recursive: true })
})
