import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readExamination } from '../sim/doctor-schema.ts'
import type { Home } from '../sim/home.ts'
import { untilKept, untilLive } from '../sim/watch.ts'
import { bringUp, expectAnswer, makeRealHome } from './harness.ts'
import { clientVersions } from './versions.ts'

/** What the machine of the test has or has not. */
const ofTheMachine = ['service']

describe.each(clientVersions)('client %s', (version) => {
  let home: Home
  beforeAll(async () => {
    home = await makeRealHome({ version })
    await bringUp(home)
  })
  afterAll(() => home?.close())

  const pollerPid = async () => (await untilLive(home)).channels[0]?.evidence.poller?.pid

  test('doctor on a session that is well: all green within three seconds, and nobody touches its poller', async () => {
    await expectAnswer(home, 'before doctor')
    await untilKept(home)
    const poller = await pollerPid()
    const polls = () => home.bot.requests().filter(({ method }) => method === 'getUpdates').length
    const [before, began] = [polls(), Date.now()]
    const outcome = await home.channels(['doctor', 'work', '--json'])
    const tookMs = Date.now() - began
    const { checks } = readExamination(outcome)
    const others = checks.filter(({ check, state }) => state !== 'ok' && !ofTheMachine.includes(check))
    expect(others).toEqual([])
    expect(outcome.code).toBe(0)
    expect(tookMs).toBeLessThan(3_000)
    // The plugin's own: one that comes back at once is followed by the next.
    expect(polls() - before).toBeLessThanOrEqual(1)
    expect(await pollerPid()).toBe(poller)
    await expectAnswer(home, 'after doctor')
  })
})
