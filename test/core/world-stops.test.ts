import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judge } from '../../src/core/verdict.ts'
import { minutes, seconds } from './evidence-builder.ts'
import { told } from './told.ts'
import { command } from './world/commands.ts'
import { gather } from './world/evidence.ts'
import { mend } from './world/happenings.ts'
import { all, count, oneClient, type Tally } from './world/invariants.ts'
import { startKeeper } from './world/keeper.ts'
import { play, wait } from './world/play.ts'
import { stop } from './world/stop.ts'
import { after, type Story, stories } from './world/stories.ts'
import { clockOf, realOf, type World } from './world/world.ts'

const startsSince = (world: World, real: number) =>
  all(world.trace, 'started').filter((each) => each.real > real)

/** What is wrong is over: whatever keeps it from being heard now is the stop's. */
const mendAll = (world: World): void => {
  for (const cause of [...world.causes.keys()]) mend(world, cause)
  world.startsWith = null
}

/** The conversation a session goes on in; null where a new one, or another, is asked for or decided upon. */
const conversationOf = ({ run, wanted, orders }: World): string | null => {
  const isAsked = wanted !== null && wanted.generation > (run?.generation ?? -1)
  const isFresh = orders?.fresh && orders.run === run?.run
  return run === null || run.run === '' || isAsked || isFresh ? null : run.conversation
}

const quiet = { seed: 1, dialogs: { resume: 'ask', development: 'ask' } } as const
const crashing: Story = {
  ...quiet,
  happenings: Array.from({ length: 6 }, () => [
    after(20 * seconds, { what: 'message' }),
    after(100, { what: 'client-ends', status: 137 }),
  ]).flat(),
}
const downed: Story = {
  ...quiet,
  happenings: [
    after(minutes, {
      what: 'command',
      asked: { what: 'down', fresh: false, inside: false, keeper: 'ensured' },
    }),
  ],
}

test('a stop leaves nothing, and what was wanted; it stays down until a keeper is back, then it is heard again', () => {
  const met: Tally = new Map()
  fc.assert(
    fc.property(stories('steady', 6), (story) => {
      const world = play(story)
      world.causes.delete('unkillable')
      // What was asked for a moment ago is still being carried out.
      wait(world, 12 * seconds)
      const { wanted } = world
      const conversation = conversationOf(world)
      count(met, `wanted: ${wanted?.want}`)
      if (world.run?.waiting) count(met, `loop waits: ${world.run.waiting.reason}`)
      stop(world, null, null)
      wait(world, 10 * seconds)
      expect([world.clients, world.loops]).toEqual([[], []])
      expect(world.wanted).toEqual(wanted)
      const stopped = realOf(world)
      if (world.keeper.alive) return void count(met, 'a keeper comes by itself')
      const verdict = judge(gather(world), clockOf(world))
      if (wanted?.want) expect(verdict).toMatchObject({ state: 'down', reason: 'taken-down' })
      else expect(verdict.state).toBe('stopped')
      mendAll(world)
      startKeeper(world)
      wait(world, 20 * seconds)
      if (!wanted?.want) return void expect(startsSince(world, stopped)).toEqual([])
      const [start] = startsSince(world, stopped)
      if (start === undefined) {
        // Back to what it waited for before.
        count(met, 'waits on')
        expect(['login-expired', 'usage-limit', 'crash-loop', 'client-exited', 'login-missing']).toContain(
          world.run?.waiting?.reason,
        )
        return
      }
      count(met, 'back')
      if (conversation !== null) expect(start.run.conversation).toBe(conversation)
      wait(world, 5 * minutes)
      expect(world.clients.length).toBe(1)
      oneClient(world, met)
    }),
    { ...told(20), examples: [[crashing], [downed]] },
  )
  expect([...met.keys()]).toEqual(
    expect.arrayContaining(['back', 'waits on', 'wanted: false', 'loop waits: crash-loop']),
  )
})

test('a stop that is killed at any moment keeps nobody from being heard, once a keeper is back', () => {
  const met: Tally = new Map()
  const killed = fc.constantFrom(0, 150, 199, 200, 205, 220, 300, 519, 521, 700, 1_500, 2_100)
  fc.assert(
    fc.property(stories('steady', 4), killed, (story: Story, killedAfterMs) => {
      const world = play(story)
      mendAll(world)
      if (world.stopping) return
      command(world, { what: 'up', fresh: false, inside: false, keeper: 'ensured' })
      wait(world, 6 * minutes)
      const { wanted, deaf } = world
      if (!wanted?.want || deaf !== null) return void count(met, 'not heard before')
      stop(world, killedAfterMs, null)
      wait(world, minutes)
      expect(world.wanted).toEqual(wanted)
      count(met, world.clients.length === 0 ? 'down' : 'runs on')
      startKeeper(world)
      wait(world, minutes)
      expect([world.deaf, world.verdict?.state]).toEqual([null, 'live'])
      oneClient(world, met)
    }),
    told(25),
  )
  expect([...met.keys()]).toEqual(expect.arrayContaining(['down', 'runs on']))
})

test.each(['up', 'down', 'restart'] as const)(
  'asked for while all is taken down: %s holds afterwards',
  (what) => {
    for (const afterMs of [0, 100, 210, 400, 1_000, 2_000]) {
      const world = play({ ...quiet, happenings: [] })
      wait(world, minutes)
      const conversation = conversationOf(world)
      stop(world, null, null)
      wait(world, afterMs)
      const before = realOf(world)
      command(world, { what, fresh: false, inside: false, keeper: 'ensured' })
      wait(world, minutes)
      if (what === 'down') expect(startsSince(world, before)).toEqual([])
      else {
        expect([world.deaf, world.verdict?.state, world.clients.length]).toEqual([null, 'live', 1])
        expect(world.run?.conversation).toBe(conversation)
        expect(all(world.trace, 'started').every(({ others }) => others === 0)).toBe(true)
      }
    }
  },
)

test('while all is taken down nothing starts, whatever is asked for', () => {
  fc.assert(
    fc.property(fc.constantFrom('up', 'restart'), fc.integer({ min: 210, max: 1_500 }), (what, afterMs) => {
      const world = play({ ...quiet, happenings: [] })
      wait(world, minutes)
      const before = realOf(world)
      stop(world, null, null)
      wait(world, afterMs)
      command(world, { what, fresh: true, inside: false, keeper: 'ensured' })
      const stopping = () => startsSince(world, before).length
      while (world.stopping) {
        expect(stopping()).toBe(0)
        wait(world, 50)
      }
    }),
    told(20),
  )
})
