import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli } from '../sim/cli.ts'
import type { Home } from '../sim/home.ts'
import { keep } from './keep.ts'
import { lookOften } from './keeper.ts'
import { inTurns, ms, withoutCertificates } from './measure.ts'
import { addSessions, openPlace, setUpKinds, succeeded, untilKeeperHasAsked } from './place.ts'

/** Twenty sessions that run, of all kinds: one test goes on where the last ended. */
let home: Home
beforeAll(async () => {
  home = await openPlace('tls')
  const kinds = await setUpKinds(home)
  const more = Array.from({ length: 20 - kinds.length }, (_, i) => `s${i + 1}`)
  await addSessions(home, more, kinds)
  await succeeded(home.channels(['up', '--no-listen'], { timeoutMs: 120_000 }))
}, 180_000)
afterAll(() => home?.close())

test('status of 20 live sessions of all kinds', async () => {
  // Of five kinds two have bots, and somebody to ask about them.
  await untilKeeperHasAsked(home, 8)
  expect((await home.status()).sessions.filter(({ state }) => state === 'live')).toHaveLength(20)
  const [floor = Number.NaN, status = Number.NaN] = await inTurns(
    25,
    [
      ['-e', '0'],
      [cli, 'status'],
    ],
    withoutCertificates(home.env),
  )
  keep('status20', status / floor, `${ms(status)}; node -e 0: ${ms(floor)}`)
}, 120_000)

test('the keeper of 20 live sessions of all kinds', async () => {
  const looked = await lookOften(home, { looks: 2_000, everyMs: 5, atMostMs: 60_000 })
  const { looks, mib, idleMib, perLookMs } = looked
  keep(
    'keeperMemory20',
    mib / idleMib,
    `${mib.toFixed(1)} MiB after ${looks} looks; idle Node: ${idleMib.toFixed(1)} MiB`,
  )
  const everyMs = 2_000
  keep(
    'keeperCpu20',
    (perLookMs / everyMs) * 100,
    `by ${looks} looks in a hurry, ${perLookMs.toFixed(2)} ms a look; at one every 2 s, and without probes`,
  )
}, 120_000)
