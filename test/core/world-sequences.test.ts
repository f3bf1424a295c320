import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minutes } from './evidence-builder.ts'
import { told } from './told.ts'
import { examples } from './world/examples.ts'
import { gapsCoverDeafness, lossesAreCounted } from './world/gap-check.ts'
import { backOff, budgets, dialogsAreLeft, oneClient, patience, type Tally } from './world/invariants.ts'
import { play, wait } from './world/play.ts'
import { stories } from './world/stories.ts'
import type { World } from './world/world.ts'

/**
 * Machine and launch decision together, in a world of plain data: a loop, clients with their plugins, a keeper that
 * comes and goes, commands, people, and all that can go wrong. Each story is told once, and everything is checked of it.
 */
const always = (
  clock: 'steady' | 'set',
  checks: readonly ((world: World, tally: Tally) => void)[],
  numRuns: number,
): Tally => {
  const tally: Tally = new Map()
  fc.assert(
    fc.property(stories(clock), (story) => {
      const world = play(story)
      wait(world, 30 * minutes)
      for (const check of checks) check(world, tally)
    }),
    { ...told(numRuns), examples: examples.map((story) => [story]) },
  )
  return tally
}

const kindsOf = (tally: Tally, of: string): number =>
  [...tally.keys()].filter((what) => what.startsWith(of)).length

test('one client, patience with people and work, budgets, back-off, dialogs left alone, every gap and loss said', () => {
  const tally = always(
    'steady',
    [oneClient, patience, budgets, backOff, dialogsAreLeft, gapsCoverDeafness, lossesAreCounted],
    50,
  )
  expect([...tally.keys()]).toEqual(
    expect.arrayContaining([
      ...['start', 'left-over client ended', 'start in a crash loop', 'messages lost'],
      ...['ended idle for a fault', 'ended busy for a fault', 'ended waiting for a fault'],
      ...[1, 2, 3, 4].map((streak) => `start after crash ${streak} in a row`),
    ]),
  )
  expect(kindsOf(tally, 'budget spent')).toBeGreaterThanOrEqual(3)
  expect(kindsOf(tally, 'gap while')).toBeGreaterThanOrEqual(4)
  expect(kindsOf(tally, 'answered')).toBeGreaterThanOrEqual(1)
})

test('one client, budgets, back-off and dialogs left alone, whatever the clock does', () => {
  const tally = always('set', [oneClient, budgets, backOff, dialogsAreLeft], 30)
  expect(tally.get('start')).toBeGreaterThan(30)
  expect(kindsOf(tally, 'start after crash')).toBeGreaterThanOrEqual(2)
})
