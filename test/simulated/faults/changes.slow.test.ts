import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exactly } from '../../patience.ts'
import { cli } from '../../sim/cli.ts'
import { signal } from '../../sim/processes.ts'
import { until } from '../../sim/until.ts'
import { clients, journal, pollers } from '../../sim/watch.ts'
import {
  closeMachine,
  expectEcho,
  expectUp,
  live,
  type Machine,
  makeMachine,
  sessionIn,
  setUp,
  untilSession,
  type Ward,
  withoutKeeper,
} from './kit.ts'
import { setupArgs } from './refuse.ts'

// A session that becomes another one: another folder, another bot, another conversation; and one that is given up.

let home: Machine
let typo: Ward
beforeAll(async () => {
  home = await makeMachine()
})
afterAll(() => closeMachine(home))

const setUpAgain = async (ward: Ward, cwd: string, token: string): Promise<void> => {
  const done = await home.channels(setupArgs(home, { session: ward.name, cwd }), { input: token })
  expect(done, done.stderr).toMatchObject({ code: 0 })
}

test('another folder: a new conversation begins there, since the client may not find the old one', async () => {
  const ward = await setUp(home, 'moved')
  await expectUp(home, 'moved', 0, 'moved is live')
  await expectEcho(ward, 'in the first folder')
  const before = sessionIn(await home.status(), 'moved').client
  const elsewhere = join(home.root, 'moved-to')
  mkdirSync(elsewhere)
  await setUpAgain(ward, elsewhere, ward.bot.token)
  const restarted = await home.channels(['restart', 'moved'])
  expect(restarted, restarted.stdout + restarted.stderr).toMatchObject({ code: 0 })
  const { client } = sessionIn(await home.status(), 'moved')
  expect(client?.pid).not.toBe(before?.pid)
  expect(client?.conversation).not.toBe(before?.conversation)
  await expectEcho(ward, 'in the second folder')
})

test('another folder, and the client dies at work: the new conversation goes on with nothing, which is said', async () => {
  const ward = await setUp(home, 'lost')
  await expectUp(home, 'lost', 0, 'lost is live')
  const elsewhere = join(home.root, 'lost-to')
  mkdirSync(elsewhere)
  await setUpAgain(ward, elsewhere, ward.bot.token)
  ward.bot.push('slow: 60')
  const client = await until('a client at work', async () => {
    const { client: at } = sessionIn(await home.status(), 'lost')
    return at?.activity === 'busy' ? at : null
  })
  expect(signal(client.pid, 'SIGKILL')).toBe(true)
  await until(
    'another conversation, live',
    async () => {
      const now = sessionIn(await home.status(), 'lost')
      return now.state === 'live' && now.client?.conversation !== client.conversation
    },
    30_000,
  )
  // The gap is on record before it shows that nobody takes the message up again: the keeper counts it at a later look.
  const [gap] = await until('a gap that cost a message', async () => {
    const { gaps } = sessionIn(await home.status(), 'lost')
    return gaps.some(({ unanswered }) => unanswered === 1) ? gaps : null
  })
  expect(gap).toMatchObject({ reason: 'client-exited', unanswered: 1 })
  await expectEcho(ward, 'in the second folder')
})

test('another bot: nothing that was said of the first one is said of it', async () => {
  const ward = await setUp(home, 'rebound')
  await expectUp(home, 'rebound', 0, 'rebound is live')
  await until('the keeper has asked', () => health('rebound').includes(ward.bot.id))
  const other = home.bot.addBot()
  await setUpAgain(ward, ward.cwd, other.token)
  const restarted = await home.channels(['restart', 'rebound'])
  expect(restarted, restarted.stdout + restarted.stderr).toMatchObject({ code: 0 })
  expect(sessionIn(await home.status(), 'rebound').channels[0]?.account).toBe(`@${other.username}`)
  await until('the keeper has asked of the new one', () => health('rebound').includes(other.id))
})

test('another conversation: one that never was is refused, and nothing ends', async () => {
  typo = await setUp(home, 'typo')
  await expectUp(home, 'typo', 0, 'typo is live')
  const { client } = sessionIn(await home.status(), 'typo')
  const wrong = '99999999-9999-4999-8999-999999999999'
  const refused = await home.channels(['restart', 'typo', '--conversation', wrong])
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.stderr).toContain(`no conversation ${wrong}`)
  const again = await home.channels([
    'restart',
    'typo',
    '--conversation',
    client?.conversation?.toUpperCase() ?? '',
  ])
  expect(again, again.stderr).toMatchObject({ code: 0 })
  const after = sessionIn(await home.status(), 'typo').client
  expect(after?.conversation).toBe(client?.conversation)
  expect(after?.pid).not.toBe(client?.pid)
})

test('down, once the loop was lost: the plugin that outlived it goes as well', async () => {
  await setUp(home, 'lost')
  await expectUp(home, 'lost', 0, 'lost is live')
  await withoutKeeper(home)
  const { client } = sessionIn(await home.status(), 'lost')
  const run = home.processes().find(({ pid }) => pid === client?.pid)?.env.CHANNELS_RUN ?? ''
  const ofRun = () => home.processes().filter(({ env }) => env.CHANNELS_RUN === run)
  const [poller] = pollers(home).filter(({ env }) => env.CHANNELS_RUN === run)
  const stubborn = spawn('/bin/sh', ['-c', "trap '' TERM HUP INT; while :; do sleep 0.2; done"], {
    env: poller?.env ?? {},
    stdio: 'ignore',
    detached: true,
  })
  stubborn.unref()
  const loop = home.processes().find(({ argv }) => argv[1]?.endsWith('/loop.sh') && argv[2] === 'lost')
  signal(loop?.ppid ?? 0, 'SIGKILL')
  signal(loop?.pid ?? 0, 'SIGKILL')
  signal(client?.pid ?? 0, 'SIGKILL')
  await until('the end of the client', () => !clients(home).some(({ pid }) => pid === client?.pid))
  expect(ofRun().map(({ pid }) => pid)).toContain(stubborn.pid)
  const down = await home.channels(['down', 'lost'])
  expect(down, down.stderr).toMatchObject({ code: 0 })
  await until('nothing of that run is left', () => ofRun().length === 0, exactly(3_000))
  expect(journal(home)).toContainEqual(expect.objectContaining({ type: 'reaped', pid: stubborn.pid }))
})

test('our state removed under a live session: status does not call it stopped, up and down end what runs', async () => {
  const ward = await setUp(home, 'amnesia')
  const ours = () => clients(home).filter(({ env }) => env.CHANNELS_SESSION === 'amnesia')
  for (const orders of [['up'], ['down', 'up']]) {
    await expectUp(home, 'amnesia', 0, 'amnesia is live')
    const [before] = ours()
    rmSync(join(home.state, 'sessions', 'amnesia'), { recursive: true })
    const seen = await home.channels(['status', 'amnesia'])
    expect(seen).toMatchObject({ code: 1 })
    expect(seen.stdout).toContain('[records-lost]')
    expect(seen.stdout).toContain(`Seen: client ${before?.pid} runs`)
    for (const order of orders) {
      const done = await home.channels([order, 'amnesia'])
      expect(done, done.stdout + done.stderr).toMatchObject({ code: 0 })
      expect(ours()).toHaveLength(order === 'up' ? 1 : 0)
    }
    expect(ours()[0]?.pid).not.toBe(before?.pid)
    await expectEcho(ward, `after ${orders.join(' and ')}`)
  }
})

test('the keeper’s record removed: it writes it again', async () => {
  await expectUp(home, 'typo', 0, 'typo is live')
  const { keeper } = await home.status()
  rmSync(join(home.state, 'keeper', 'keeper.json'))
  await until('the same keeper', async () => (await home.status()).keeper?.pid === keeper?.pid)
})

test('a keeper that was suspended: status says so, up has it go on', async () => {
  const ward = await setUp(home, 'hung')
  await expectUp(home, 'hung', 0, 'hung is live')
  const keeper = (await home.status()).keeper?.pid ?? 0
  signal(keeper, 'SIGSTOP')
  const { client } = await untilSession(home, 'hung', { state: 'live' })
  const [poller] = pollers(home).filter(({ env }) => env.CHANNELS_SESSION === 'hung')
  signal(poller?.pid ?? 0, 'SIGKILL')
  const seen = await untilSession(home, 'hung', { state: 'recovering', reason: 'plugin-exited' })
  expect(seen.remarks).toContain('keeper-missing')
  await expectUp(home, 'hung', 0, 'hung is live')
  const after = await home.status()
  expect(after.keeper?.pid).toBe(keeper)
  expect(sessionIn(after, 'hung').client?.pid).not.toBe(client?.pid)
  await expectEcho(ward, 'heard again')
})

test('removed while the keeper asks a slow Telegram: it does not come back', async () => {
  const ward = await setUp(home, 'leaving')
  const stop = home.bot.fail({ how: 'slow', ms: 2_500, method: 'getMe' })
  const asked = () => home.bot.requests().filter(({ bot }) => bot === ward.bot.id).length
  await expectUp(home, 'leaving', 0, 'being started', ['--no-wait'])
  await until('somebody asks', () => asked() > 0, 20_000)
  const removed = await home.channels(['remove', 'leaving', '--yes'])
  expect(removed, removed.stderr).toMatchObject({ code: 0 })
  const folder = join(home.state, 'sessions', 'leaving')
  expect(existsSync(folder)).toBe(false)
  const at = Date.now()
  await until('every answer is in', () => Date.now() - at > 3_000)
  expect(existsSync(folder)).toBe(false)
  stop()
})

test('Ctrl-C while setup and status wait for Telegram: 130, soon, and nothing is changed', async () => {
  const bot = home.bot.addBot()
  const config = readFileSync(join(home.channelsHome, 'config.json'), 'utf8')
  const stop = home.bot.fail({ how: 'hang', method: 'getMe' })
  const interrupted = async (args: readonly string[], id: string, input = '') => {
    const asked = () =>
      home.bot.requests().filter((each) => each.bot === id && each.method.toLowerCase() === 'getme').length
    const before = asked()
    const child = spawn(process.execPath, [cli, ...args], { env: home.env, cwd: home.project, stdio: 'pipe' })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
    })
    child.stdin.end(input)
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    await until('it asks', () => asked() > before)
    const at = Date.now()
    child.kill('SIGINT')
    return { code: await ended, said, ms: Date.now() - at }
  }
  const setup = await interrupted(setupArgs(home), bot.id, bot.token)
  expect(setup).toMatchObject({ code: 130 })
  expect(setup.said).toMatch(/Cancelled\.\n {2}Nothing was changed\.\n$/)
  expect(setup.ms).toBeLessThan(3_000)
  expect(readFileSync(join(home.channelsHome, 'config.json'), 'utf8')).toBe(config)
  stop()

  await live(home, 'typo')
  await withoutKeeper(home)
  const stopAgain = home.bot.fail({ how: 'hang', method: 'getMe' })
  // Without a keeper it asks itself, as soon as what the keeper knew is too old.
  await until('what the keeper knew is old', () => Date.now() - knownAt('typo') > 10_500, 20_000)
  const status = await interrupted(['status', 'typo'], typo.bot.id)
  expect(status).toMatchObject({ code: 130 })
  expect(status.ms).toBeLessThan(3_000)
  stopAgain()
})

test('a token typed where none belongs is repeated by no error', async () => {
  const { token } = home.bot.addBot()
  const secret = token.split(':')[1] ?? ''
  for (const args of [
    ['status', token],
    ['setup', token],
    [...setupArgs(home).filter((word) => word !== '--token-stdin'), '--token-file', token],
    ['logs', '--source', token],
    [token],
  ]) {
    const refused = await home.channels(args)
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toContain('<redacted>')
    expect(refused.stdout + refused.stderr).not.toContain(secret)
  }
  await untilSession(home, 'moved', { state: 'live' })
})

const health = (name: string): string => {
  const file = join(home.state, 'sessions', name, 'health.json')
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

const knownAt = (name: string): number => {
  const { platform } = JSON.parse(health(name)) as { platform: Record<string, { at: number }> }
  return Object.values(platform)[0]?.at ?? 0
}
