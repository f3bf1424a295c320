import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ReasonName } from '../../src/core/reasons.ts'
import { minutes, seconds } from './evidence-builder.ts'
import { told } from './told.ts'
import { first, type Happening, happen } from './world/happenings.ts'
import { all } from './world/invariants.ts'
import { startKeeper } from './world/keeper.ts'
import { play, wait } from './world/play.ts'
import { after, causes, type Story, stories } from './world/stories.ts'
import type { World } from './world/world.ts'

const hours = 60 * minutes
const byMs = fc.integer({ min: -30 * 24 * hours, max: 30 * 24 * hours })
const pause = fc.oneof(fc.nat(5 * seconds), fc.nat(3 * minutes), fc.nat(2 * hours))

/** What a session that is well lives through without a trace: clocks, sleep, work, a keeper that comes and goes. */
const calm: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof(
    fc.record({ what: fc.constant('clock-set'), afterMs: pause, byMs }),
    fc.record({ what: fc.constant('machine-sleeps'), afterMs: pause, forMs: fc.nat(48 * hours) }),
    fc.record({ what: fc.constant('message'), afterMs: pause }),
    fc.record({ what: fc.constant('works'), afterMs: pause, forMs: fc.nat(90 * minutes) }),
    fc.record({
      what: fc.constant('keeper-dies'),
      afterMs: pause,
      forMs: fc.constantFrom(seconds, 10 * minutes),
    }),
  ),
  { maxLength: 12 },
)

test('a session that is well is left as it is, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), calm, (seed, happenings) => {
      const story: Story = {
        seed,
        dialogs: { resume: 'ask', development: 'ask' },
        happenings: [after(30 * seconds, { what: 'message' }), ...happenings],
      }
      const world = play(story)
      // A keeper that died comes back within ten.
      wait(world, 15 * minutes)
      expect(all(world.trace, 'started')).toHaveLength(1)
      expect(all(world.trace, 'acted').filter(({ effect }) => effect.do !== 'start-terminal')).toEqual([])
      expect(world.verdict).toMatchObject({ state: 'live', reason: null })
    }),
    told(60),
  )
})

test('whatever happened, and whatever the clock did, once nothing is wrong any more it is live', () => {
  let live = 0
  fc.assert(
    fc.property(stories('set'), fc.array(byMs, { maxLength: 2 }), (story, sets) => {
      const world = play(story)
      for (const ms of sets) happen(world, after(0, { what: 'clock-set', byMs: ms }))
      allWell(world)
      wait(world, 7 * hours)
      if (world.wanted?.want !== true) return
      // Of these nobody sees that they are over: the remedy says to start it.
      if (startAnew.includes(world.verdict?.reason ?? null)) {
        happen(world, first)
        wait(world, 10 * minutes)
      }
      live += 1
      expect(world.verdict, JSON.stringify(world.run?.waiting)).toMatchObject({ state: 'live', reason: null })
    }),
    told(40),
  )
  expect(live).toBeGreaterThan(15)
})

const startAnew: readonly (ReasonName | null)[] = ['channels-unavailable']

/** Every cause is gone, the person has answered and left, and a keeper is there. */
const allWell = (world: World): void => {
  for (const cause of causes) happen(world, after(0, { what: 'mended', cause }))
  happen(world, after(0, { what: 'mended', cause: 'unkillable' }))
  happen(world, after(0, { what: 'dialog', dialog: null }))
  happen(world, after(0, { what: 'person-answers' }))
  happen(world, after(0, { what: 'rests', resting: 'idle' }))
  happen(world, after(0, { what: 'attached', count: 0 }))
  startKeeper(world)
}
