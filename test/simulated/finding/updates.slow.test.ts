import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../sim/until.ts'
import { journal } from '../../sim/watch.ts'
import {
  atStart,
  closeMachine,
  expectEcho,
  expectUp,
  type Machine,
  makeMachine,
  pathWith,
  sessionIn,
  setUp,
  untilSession,
  type Ward,
} from '../faults/kit.ts'
import { installNative, link } from './install.ts'

// The client updates itself as the native installer does: a new version beside the old one, and a link that is switched.

let home: Machine
let ward: Ward
beforeAll(async () => {
  home = await makeMachine()
  installNative(home, '2.1.330')
  const env = { PATH: pathWith(join(home.home, '.local/bin'), home.bin) }
  ward = await setUp(home, 'work', { env })
  await setUp(home, 'other', { env })
  await expectUp(home, 'work', 0, 'work is live')
  await expectEcho(ward, 'before')
})
afterAll(() => closeMachine(home))

const set = async (...words: readonly string[]) => {
  const outcome = await home.channels(['set', ...words])
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 })
}
const work = async () => sessionIn(await home.status(), 'work')
const runs = (version: string) =>
  until(`work on ${version}`, async () => {
    const found = await work()
    return found.state === 'live' && found.client?.version === version ? found : null
  })
/** The version that the client gave when the keeper asked for it; null: it gave none. */
const noted = (name: string) => {
  const file = join(home.state, 'sessions', name, 'preflight.json')
  const { client } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly client: { readonly version: string | null; readonly real: string }
  }
  return client
}

test('both versions are shown, and it goes on until nobody has written for a while', async () => {
  const before = await work()
  expect(before.client).toMatchObject({ version: '2.1.330', installed: '2.1.330' })
  installNative(home, '2.1.331')
  const seen = await until('the remark', async () => {
    const found = await work()
    return found.remarks.includes('client-updated') ? found : null
  })
  expect(seen).toMatchObject({
    state: 'live',
    client: { pid: before.client?.pid, version: '2.1.330', installed: '2.1.331' },
  })
  const { stdout } = await home.channels(['status', 'work'])
  expect(stdout).toMatch(/2\.1\.330 \w+, 2\.1\.331 installed/)
  expect(stdout).toContain('[client-updated]')
})

test('then it is started anew from there, once, in the same conversation', async () => {
  const { client: former } = await work()
  await set('work', 'restart.update=1s')
  const now = await runs('2.1.331')
  expect(now.client).toMatchObject({ installed: '2.1.331', conversation: former?.conversation })
  expect(now.restarts).toMatchObject({ total: 1, streak: 0, last: { reason: 'client-updated' } })
  expect(now.remarks).not.toContain('client-updated')
  await expectEcho(ward, 'after')
  expect((await work()).restarts.total).toBe(1)
})

test('a rollback is followed as well', async () => {
  link(join(home.home, '.local/bin/claude'), join(home.home, '.local/share/claude/versions/2.1.330'))
  expect((await runs('2.1.330')).restarts).toMatchObject({ total: 2, last: { reason: 'client-updated' } })
})

test('one that does not run is shown, and left alone', async () => {
  const { client } = await work()
  installNative(home, '2.1.332', 'exit 1')
  await until('the keeper to have asked', () => noted('work').real.endsWith('2.1.332'))
  expect(noted('work').version).toBeNull()
  // A message that goes through is some looks of the keeper.
  await expectEcho(ward, 'still there')
  const now = await work()
  expect(now).toMatchObject({ state: 'live', client: { pid: client?.pid, installed: '2.1.332' } })
  expect(now.remarks).not.toContain('client-updated')
})

test('one that answers and fails at its start ends in a crash loop, and is not swapped on and on', async () => {
  installNative(home, '2.1.333')
  await set('other', 'restart.update=1s', 'restart.attempts=3')
  await expectUp(home, 'other', 0, 'other is live')
  installNative(home, '2.1.334', atStart('exit 1'))
  await untilSession(home, 'other', { state: 'down', reason: 'crash-loop' }, 60_000)
  const ended = journal(home).flatMap((entry) =>
    entry.type === 'client-ended' && entry.session === 'other' ? [entry.reason] : [],
  )
  expect(ended).toEqual(['client-updated', 'client-exited', 'client-exited', 'client-exited'])
  installNative(home, '2.1.335')
  await expectUp(home, 'other', 0, 'other is live')
  expect(sessionIn(await home.status(), 'other').client?.version).toBe('2.1.335')
})
