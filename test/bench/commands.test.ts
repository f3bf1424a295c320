import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli } from '../sim/cli.ts'
import type { Home } from '../sim/home.ts'
import { keep } from './keep.ts'
import { inTurns, ms } from './measure.ts'
import { addSessions, fortyNine, openPlace, succeeded, untilKeeperHasAsked } from './place.ts'

/** What a command takes from its start to its end, as a ratio to a Node that does nothing, in turns with it. */
let home: Home
beforeAll(async () => {
  home = await openPlace()
  await succeeded(home.channels(['up', 'work']))
  await untilKeeperHasAsked(home)
})
afterAll(() => home?.close())

test('commands, 1 session', async () => {
  const [floor = Number.NaN, version = Number.NaN, names = Number.NaN, status = Number.NaN] = await inTurns(
    25,
    [
      ['-e', '0'],
      [cli, '--version'],
      [cli, 'list', '--names'],
      [cli, 'status'],
    ],
    home.env,
  )
  const beside = `node -e 0: ${ms(floor)}`
  keep('version', version / floor, `${ms(version)}; ${beside}`)
  keep('names', names / floor, `list --names: ${ms(names)}; ${beside}`)
  keep('status1', status / floor, `${ms(status)}; ${beside}`)
})

test('status of 50 sessions of which 49 were never started', async () => {
  await addSessions(home, fortyNine)
  expect((await home.status()).sessions).toHaveLength(50)
  const [floor = Number.NaN, status = Number.NaN] = await inTurns(
    25,
    [
      ['-e', '0'],
      [cli, 'status'],
    ],
    home.env,
  )
  keep('status50stopped', status / floor, `${ms(status)}; node -e 0: ${ms(floor)}; 1 live, 49 only set up`)
})
