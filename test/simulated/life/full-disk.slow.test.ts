import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Home } from '../../sim/home.ts'
import { changeRun } from '../../sim/records.ts'
import { screen } from '../../sim/terminals.ts'
import { until } from '../../sim/until.ts'
import { clients, untilLive } from '../../sim/watch.ts'
import { fillDisk, makeRoom, mountDisk, unmountDisk } from './disk.ts'
import { channels, closeEmpty, expectAnswer, openSession, send, withoutKeeper } from './rig.ts'

let home: Home
let mounted = false
beforeAll(async () => {
  home = await openSession()
  mounted = mountDisk(home.channelsHome)
})
afterAll(async () => {
  if (mounted) makeRoom(home.channelsHome)
  await channels(home, 'down')
  await withoutKeeper(home)
  if (mounted) unmountDisk(home.channelsHome)
  await closeEmpty(home)
})

/** As if the client had been started that much earlier. */
const makeOlder = (ms: number): void =>
  changeRun(home, 'work', ({ startedAt }) => ({ startedAt: startedAt - ms }))

test('a full disk: the client killed is back in the same conversation, and a crash loop is no hot loop', async (context) => {
  if (!mounted) return context.skip()
  await channels(home, 'up')
  await expectAnswer(home, 'before the disk is full')
  const before = await untilLive(home)
  // As after a minute of life: two starts within thirty seconds would be a hot loop.
  makeOlder(60_000)
  fillDisk(home.channelsHome)
  const killedAt = send(before.client.pid)
  await until('another client', () => clients(home).some(({ pid }) => pid !== before.client.pid))
  const after = await untilLive(home, { not: before.client.pid })
  expect(after.client.conversation).toBe(before.client.conversation)
  // Judged by its own logs, though the run on record began before: with those of the client before, it would have lost
  // its plugin already and be ended.
  expect(Date.parse(after.client.since ?? '')).toBeGreaterThanOrEqual(killedAt)
  await expectAnswer(home, 'with a full disk')

  send(after.client.pid)
  await until('a line that says why it waits', async () =>
    (await screen(home)).includes('The disk is full or read-only'),
  )
  expect(clients(home)).toEqual([])

  makeRoom(home.channelsHome)
  await until(
    'the end of the client',
    async () => (await home.status()).sessions[0]?.reason === 'client-exited',
  )
  await channels(home, 'up')
  expect((await untilLive(home)).client.conversation).toBe(before.client.conversation)
})
