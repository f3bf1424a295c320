import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cli } from '../sim/cli.ts'
import type { Home } from '../sim/home.ts'
import { openTerminal } from '../sim/terminal.ts'
import { until } from '../sim/until.ts'
import { clients, untilLive } from '../sim/watch.ts'
import { expectAnswer, makeRealHome, setUp } from './harness.ts'
import { newestClientVersion } from './versions.ts'

describe.each(newestClientVersion)('client %s', (version) => {
  let home: Home
  beforeAll(async () => {
    home = await makeRealHome({ version })
  })
  afterAll(() => home?.close())

  test('setup refuses what cannot work, says what helps, and leaves nothing half-written', async () => {
    const whole = [
      'setup',
      home.channel,
      '--session',
      'work',
      '--cwd',
      home.project,
      '--token-stdin',
      '--trust',
      '--yes',
      '--no-start',
    ]
    const without = (flag: string, values = 1) =>
      whole.filter((_, i) => i < whole.indexOf(flag) || i > whole.indexOf(flag) + values)
    const token = home.bot.bot.token
    writeFileSync(join(home.project, 'a-file'), '')
    writeFileSync(join(home.project, 'a-file'), '')
    const before = tree(home.home)
    const cases: readonly Refusal[] = [
      { args: whole, input: 'not a token', code: 2, says: /token/i },
      {
        args: whole,
        input: '123456789:AAtestaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
        code: 1,
        says: /refuses this token/,
      },
      { args: without('--session'), input: token, code: 2, says: /--session/ },
      { args: without('--trust', 0), input: token, code: 2, says: /--trust/ },
      { args: without('--yes', 0), input: token, code: 2, says: /--yes/ },
      { args: without('--token-stdin', 0), input: '', code: 2, says: /--token-stdin/ },
      {
        args: whole.with(whole.indexOf(home.project), `${home.project}/nowhere`),
        input: token,
        code: 2,
        says: /--cwd/,
      },
      {
        args: whole,
        input: token,
        code: 69,
        says: /network/,
        env: { TELEGRAM_API_ROOT: 'http://127.0.0.1:9' },
      },
      { args: whole, input: token, code: 69, says: /install/i, env: { CHANNELS_CLAUDE: '/nowhere/claude' } },
      {
        args: whole,
        input: token,
        code: 73,
        says: /cannot|can't|writ/i,
        env: { CHANNELS_HOME: `${home.project}/a-file/own` },
      },
      { args: ['up', 'nothing'], input: '', code: 3, says: /channels (list|setup)/ },
    ]
    for (const refusal of cases) await expectRefusal(refusal)
    expect(tree(home.home)).toEqual(before)
    expect(tree(home.channelsHome).filter((line) => line.includes('config.json'))).toEqual([])
  })

  test('a broken configuration is named by path and line and left alone', async () => {
    const file = join(home.channelsHome, 'config.json')
    writeFileSync(file, '{\n  "version": 1,\n  oops\n}\n')
    for (const args of [['status'], ['up'], ['list']]) {
      const { code, stderr } = await home.channels(args)
      expect(code).toBe(78)
      expect(stderr).toMatch(/config\.json.*(line 3|:3)/s)
    }
    expect(readFileSync(file, 'utf8')).toContain('oops')
    rmSync(file)
  })

  test('up says what is missing and starts once it is there; logs end quietly; remove puts everything back', async () => {
    await setUp(home)
    renameSync(join(home.bin, 'bun'), join(home.bin, 'hidden'))
    await expectRefusal({ args: ['up', 'work', '--timeout', '10'], code: 69, says: /Bun/ })
    renameSync(join(home.bin, 'hidden'), join(home.bin, 'bun'))

    const env = join(home.home, '.claude', 'channels', 'telegram-work', '.env')
    renameSync(env, `${env}.hidden`)
    await expectRefusal({ args: ['up', 'work', '--timeout', '10'], code: 1, says: /token/ })
    renameSync(`${env}.hidden`, env)

    renameSync(home.project, `${home.project}.hidden`)
    await expectRefusal({ args: ['up', 'work', '--timeout', '10'], code: 1, says: /folder/, cwd: home.root })
    renameSync(`${home.project}.hidden`, home.project)

    const up = await home.channels(['up', 'work'])
    expect(up, up.stdout + up.stderr).toMatchObject({ code: 0 })
    await expectAnswer(home, 'all there')

    home.bot.bot.revoke()
    const rejected = await home.channels(['restart', 'work', '--timeout', '20'])
    expect(rejected).toMatchObject({ code: 1, stdout: expect.stringMatching(/bot token is refused/) })
    expect((await home.status()).sessions[0]).toMatchObject({ state: 'blocked', reason: 'token-rejected' })

    const logs = await openTerminal(
      home,
      'logs',
      home.project,
      `${process.execPath} ${cli} logs work | head -n 1`,
    )
    await until('the end of logs', async () => (await logs.screen()).includes('[ended with 0]'))
    expect(await logs.screen()).not.toMatch(/EPIPE|Error/)
    await logs.close()

    const removed = await home.channels(['remove', 'work', '--yes'])
    expect(removed, removed.stderr).toMatchObject({ code: 0 })
    expect(clients(home)).toEqual([])
    expect(await home.channels(['status', 'work'])).toMatchObject({ code: 3 })
    expect(readFileSync(env, 'utf8')).toContain('TELEGRAM_BOT_TOKEN')
  })

  test('speaks to a Bot API behind a certificate of its own', async () => {
    const folder = join(home.root, 'tls')
    mkdirSync(folder)
    const secure = await makeRealHome({
      version,
      botApi: { tls: { folder } },
      env: { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
    })
    try {
      await setUp(secure)
      const up = await secure.channels(['up', 'work'])
      expect(up, up.stdout + up.stderr).toMatchObject({ code: 0 })
      await untilLive(secure)
      await expectAnswer(secure, 'through TLS')
    } finally {
      await secure.close()
    }
  })

  /** Ends with the status of design, section 3, says what helps, and never shows a stack or a token. */
  const expectRefusal = async ({ args, code, says, ...call }: Refusal): Promise<void> => {
    const outcome = await home.channels(args, call)
    const said = outcome.stdout + outcome.stderr
    expect({ args, code: outcome.code, said }).toMatchObject({ code, said: expect.stringMatching(says) })
    expect(said).not.toMatch(/^\s+at /m)
    expect(said).not.toContain(home.bot.bot.token)
  }
})

type Refusal = {
  readonly args: readonly string[]
  readonly code: number
  readonly says: RegExp
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** Every file below a folder with its size; what the client writes on its own account left out. */
const tree = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/telemetry|backups|\.claude\.json|\.cache|statsig|debug/.test(name))
    .map(
      (name) => `${name} ${statSync(join(folder, name)).isFile() ? statSync(join(folder, name)).size : ''}`,
    )
    .sort()
