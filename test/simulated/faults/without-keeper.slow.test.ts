import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolveFolders } from '../../../src/system/folders.ts'
import { readProcess, signal } from '../../sim/processes.ts'
import { serverOf } from '../../sim/terminals.ts'
import { until } from '../../sim/until.ts'
import { clients, pollers } from '../../sim/watch.ts'
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
import { filesBelow } from './secrets.ts'

// What `status` sees by itself, with no keeper to tell it or to heal anything, and what a thief can do.

let home: Machine
let work: Ward
beforeAll(async () => {
  home = await makeMachine()
  work = await setUp(home, 'work')
  await expectUp(home, 'work', 0, 'work is live')
})
afterAll(() => closeMachine(home))

test('exclusive: a plain session with the plugin enabled for everybody finds no token', async () => {
  const before = sessionIn(await home.status(), 'work')
  const enabled = await home.claude(['plugin', 'enable', 'telegram@channels-tests'])
  expect(enabled, enabled.stderr).toMatchObject({ code: 0 })
  const plain = await home.claude(['-p', 'say: done'], { cwd: elsewhere() })
  expect(plain, plain.stderr).toMatchObject({ code: 0 })
  const logs = filesBelow(join(home.home, '.cache', 'claude-cli-nodejs')).filter((file) =>
    file.includes('elsewhere'),
  )
  expect(logs).toHaveLength(1)
  expect(readFileSync(logs[0] ?? '', 'utf8')).toContain('TELEGRAM_BOT_TOKEN required')
  const after = sessionIn(await home.status(), 'work')
  expect(after).toMatchObject({ state: 'live', client: { pid: before.client?.pid } })
  expect(after.channels[0]?.evidence.poller).toEqual(before.channels[0]?.evidence.poller)
  await expectEcho(work, 'still here')
})

test('plugin-exited: deaf, and said so', async () => {
  await withoutKeeper(home)
  const [poller] = pollers(home)
  signal(poller?.pid ?? 0, 'SIGKILL')
  await until('its end', () => readProcess(poller?.pid ?? 0) === null)
  await untilSession(home, 'work', { state: 'recovering', reason: 'plugin-exited' })
  await expectUp(home, 'work', 0, 'work is live')
})

test('terminal-lost: nothing left that would start it again', async () => {
  await withoutKeeper(home)
  signal(serverOf(home) ?? 0, 'SIGKILL')
  await until('the end of the client', () => clients(home).length === 0)
  const lost = await untilSession(home, 'work', { state: 'recovering', reason: 'terminal-lost' })
  expect(lost).toMatchObject({
    wanted: true,
    terminal: { running: false },
    client: null,
    remarks: ['keeper-missing'],
  })
  expect(lost.remedy).toContain('channels up work')
  await expectUp(home, 'work', 0, 'work is live')
})

// Left alone, it would be a poller of which nobody can tell whose it is; a client that Node runs closes its pipe, and then
// it ends at once, in place of taking messages for nobody.
test('plugin-exited: a poller whose wrapper is gone ends with it', async () => {
  await withoutKeeper(home)
  const pid = await live(home, 'work')
  signal(pid, 'SIGKILL')
  await live(home, 'work', pid)
  const [poller] = pollers(home)
  signal(poller?.ppid ?? 0, 'SIGKILL')
  await until('the end of the poller', () => readProcess(poller?.pid ?? 0) === null)
  const session = await untilSession(home, 'work', { state: 'recovering', reason: 'plugin-exited' })
  expect(session.detail).toContain(String(poller?.pid))
  expect((await home.channels(['restart', 'work'])).code).toBe(0)
})

test('stale-evidence and network: what Telegram said long ago, or does not say at all, is no proof', async () => {
  await withoutKeeper(home)
  const answer = home.bot.fail({ how: 'reset', method: 'getMe' })
  try {
    const { health } = resolveFolders({ CHANNELS_HOME: home.channelsHome }, home.home).session('work')
    age(health, 10 * 60_000)
    const session = sessionIn(await home.status(), 'work')
    expect(session.state).toBe('unknown')
    expect(['network', 'stale-evidence']).toContain(session.reason)
    expect((await home.channels(['status', 'work'])).code).toBe(1)
    // With a keeper that asks again and again it is the network.
    expect((await home.channels(['up', 'work', '--no-wait'])).code).toBe(0)
    await untilSession(home, 'work', { state: 'unknown', reason: 'network' })
    await expectUp(home, 'work', 69, '[network]', ['--timeout', '1s'])
  } finally {
    answer()
  }
  await live(home, 'work')
})

test('token-rejected: revoked while it was live', async () => {
  await withoutKeeper(home)
  work.bot.revoke()
  const session = await untilSession(home, 'work', { state: 'blocked', reason: 'token-rejected' })
  expect(session.channels[0]?.evidence.tokenAccepted).toBeNull()
  // And by a keeper, as soon as it asks.
  await expectUp(home, 'work', 1, '[token-rejected]')
  expect((await home.channels(['down', 'work'])).code).toBe(0)
})

test('shared: a plain session steals the poller; status names its pid and folder; it heals', async () => {
  const open = await setUp(home, 'open', { flags: ['--shared'] })
  await expectUp(home, 'open', 0, 'open is live')
  await withoutKeeper(home)
  const folder = elsewhere()
  const stolen = home.claude(['-p', 'slow: 12'], { cwd: folder })
  const seen = await untilSession(home, 'open', { state: 'recovering', reason: 'poller-stolen' })
  const thief = home.processes().find(({ argv }) => argv.includes('slow: 12'))
  expect(seen.detail).toContain(`claude ${thief?.pid} in ${folder}`)
  expect(seen.channels[0]?.evidence.poller?.ours).toBe(false)
  await expectUp(home, 'open', 0, 'open is live')
  await expectEcho(open, 'mine again')
  signal(thief?.pid ?? 0, 'SIGTERM')
  await stolen
})

const elsewhere = (): string => {
  const folder = join(home.root, 'elsewhere')
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Makes every platform answer in a health record that much older. */
const age = (file: string, ms: number): void => {
  const health = JSON.parse(readFileSync(file, 'utf8')) as { platform: Record<string, { at: number }> }
  for (const answer of Object.values(health.platform)) answer.at -= ms
  writeFileSync(file, JSON.stringify(health))
}
