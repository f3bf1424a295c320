import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli } from '../sim/cli.ts'
import type { Home } from '../sim/home.ts'
import { keep, keepWithin } from './keep.ts'
import { lookOften, tellCpu, tellMemory, type Watched, watchKeeper } from './keeper.ts'
import { inTurns, median, mib, ms, sum, withoutCertificates } from './measure.ts'
import { addSessions, fortyNine, openPlace, succeeded, untilKeeperHasAsked } from './place.ts'

/** Fifty sessions that run, each with a client, a plugin and a terminal of its own: one test goes on where the last ended. */
let home: Home
let watched: Watched
beforeAll(async () => {
  home = await openPlace('tls')
  await addSessions(home, fortyNine)
  // The keeper is started by it, which is no session's start.
  await succeeded(home.channels(['up', 'work']))
})
afterAll(() => home?.close())

test('up of 10 sessions', async () => {
  const alone: number[] = []
  for (let i = 0; i < 3; i++) {
    await succeeded(home.channels(['down', 'work']))
    alone.push((await up('work')) / 1_000)
  }
  const ten = (await up(...fortyNine.slice(0, 10))) / 1_000
  const batches = 10 / 2
  const one = median(alone)
  keepWithin(
    'up10',
    ten,
    batches * one * 1.3,
    `${batches} batches of 2 x ${one.toFixed(2)} s for one alone x 1.3`,
  )
}, 120_000)

test('50 live sessions, kept for a minute', async () => {
  await up(...fortyNine.slice(10))
  await untilKeeperHasAsked(home, 50)
  expect((await home.status()).sessions.filter(({ state }) => state === 'live')).toHaveLength(50)
  watched = await watchKeeper(home)
}, 240_000)

// A hundred processes that were just started are busy with themselves for some ten seconds, which falls on who is measured.
test('status of 50 live sessions', async () => {
  const [floor = Number.NaN, status = Number.NaN] = await inTurns(
    25,
    [
      ['-e', '0'],
      [cli, 'status'],
    ],
    withoutCertificates(home.env),
  )
  const all = sum(home.processes().map(({ pid }) => mib(pid)))
  keep(
    'status50',
    status / floor,
    `${ms(status)}; node -e 0: ${ms(floor)}; beside them run ${home.processes().length} processes with ${(all / 1024).toFixed(1)} GiB`,
  )
}, 180_000)

test('the keeper of 50 live sessions', async () => {
  const looked = await lookOften(home, { looks: 2_000, everyMs: 5, atMostMs: 150_000 })
  keep('keeperMemory50', looked.mib / looked.idleMib, tellMemory(looked, watched))
  keep('keeperCpu50', watched.share, tellCpu(looked, watched))
}, 300_000)

const up = async (...names: readonly string[]): Promise<number> =>
  // Without the four seconds of listening: they are the same for one and for ten.
  (await succeeded(home.channels(['up', '--no-listen', ...names], { timeoutMs: 120_000 }))).ms
