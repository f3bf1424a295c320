import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cpuShares } from '../bench/measure.ts'
import type { Home } from '../sim/home.ts'
import { until } from '../sim/until.ts'
import { journal, registrations, untilLive } from '../sim/watch.ts'
import { bringUp, expectAnswer, makeRealHome } from './harness.ts'
import { newestClientVersion } from './versions.ts'

/** A minute in the suite; `CHANNELS_QUIET_MINUTES=10 npx vitest run --project real test/real/quiet.test.ts` for more. */
const minutes = Number(process.env.CHANNELS_QUIET_MINUTES ?? 1)

describe.each(newestClientVersion)('client %s', (version) => {
  let home: Home
  beforeAll(async () => {
    home = await makeRealHome({ version })
    await bringUp(home)
  })
  afterAll(() => home?.close())

  test('a session that nothing happens to: no change of verdict, no restart, and next to no work', {
    timeout: (minutes + 2) * 60_000,
  }, async () => {
    await expectAnswer(home, 'before the quiet')
    const before = await until('the keeper to have seen it', async () => {
      const session = await untilLive(home)
      return session.since === null ? null : session
    })
    const keeper = (await home.status()).keeper?.pid ?? Number.NaN
    const said = journal(home).length
    const [share = Number.NaN] = await cpuShares([keeper], minutes * 60_000)
    console.log(`keeper: ${share.toFixed(2)} % of a core over ${minutes} min`)
    const after = await untilLive(home)
    expect(after.client).toMatchObject({ pid: before.client.pid, conversation: before.client.conversation })
    expect(after.since).toBe(before.since)
    expect(journal(home).slice(said)).toEqual([])
    expect(registrations(home)).toHaveLength(1)
    expect(after.gaps).toEqual([])
    // In a suite it would be a timed test, of whatever else the machine does.
    if (minutes >= 10) expect(share).toBeLessThanOrEqual(0.3)
    await expectAnswer(home, 'after the quiet')
  })
})
