import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Reason, reasons } from '../../src/core/reasons.ts'
import { minutes, seconds, session } from './evidence-builder.ts'
import { told } from './told.ts'
import { command } from './world/commands.ts'
import { first, happen, mend } from './world/happenings.ts'
import { all, count, type Tally } from './world/invariants.ts'
import { endKeeper } from './world/keeper.ts'
import { play, wait } from './world/play.ts'
import { after, causes, type Story, stories } from './world/stories.ts'
import { type Cause, newWorld, realOf, type World } from './world/world.ts'

const hours = 60 * minutes

/** Up, and well for a minute. */
const quiet: Story = {
  ...{ seed: 1, dialogs: session.dialogs },
  happenings: [after(minutes, { what: 'message' }), after(20 * seconds, { what: 'time-passes' })],
}

/** What a session may be in when it is to end, besides all that its story has left it in. */
const plights: Readonly<Record<string, (world: World) => void>> = {
  none: () => undefined,
  'no keeper': (world) => endKeeper(world),
  parked: (world) => {
    world.causes.set('login', 0)
    happen(world, { what: 'message', afterMs: 0 })
    wait(world, minutes)
  },
  'crash loop': (world) => {
    world.causes.set('crash', 100)
    happen(world, { what: 'client-ends', status: 1, afterMs: 0 })
    wait(world, 4 * minutes)
  },
  asks: (world) => happen(world, { what: 'asks', prompt: 'question', afterMs: 0 }),
  dialog: (world) => {
    world.startsWith = 'unknown-dialog'
    happen(world, { what: 'client-ends', status: 1, afterMs: 0 })
    wait(world, 5 * seconds)
  },
}

test('every down ends within 75 seconds, and nothing starts again before it is asked for', () => {
  const met: Tally = new Map()
  fc.assert(
    fc.property(
      stories('set', 5),
      fc.constantFrom(...Object.keys(plights)),
      fc.boolean(),
      (story, plight, inside) => {
        const world = play(story)
        plights[plight]?.(world)
        const [client] = world.clients
        if (client?.dialog) count(met, 'in a dialog')
        if (client?.prompt) count(met, 'waiting for a person')
        if (client !== undefined && inside) count(met, 'asked from inside')
        if (world.run?.waiting) count(met, `loop waits: ${world.run.waiting.reason}`)
        if (world.orders?.hold && world.orders.run === world.run?.run) count(met, 'parked')
        if (!world.keeper.alive) count(met, 'no keeper')
        // A keeper asks the loop to end, which asks launch: that has to be there.
        if (inside) mend(world, 'launch')
        command(world, { what: 'down', fresh: false, inside, keeper: 'none' })
        wait(world, 75 * seconds)
        expect([world.clients, world.loops]).toEqual([[], []])
        const ended = realOf(world)
        wait(world, 7 * hours)
        expect(all(world.trace, 'started').filter(({ real }) => real > ended)).toEqual([])
      },
    ),
    {
      ...told(30),
      examples: Object.keys(plights).flatMap((plight) =>
        [false, true].map((inside) => [quiet, plight, inside] as [Story, string, boolean]),
      ),
    },
  )
  expect([...met.keys()]).toEqual(
    expect.arrayContaining([
      ...['in a dialog', 'waiting for a person', 'asked from inside', 'no keeper'],
      ...['parked', 'loop waits: crash-loop'],
    ]),
  )
})

/** A session that lives with what is wrong from its first start on, and is written to now and then. */
const sufferFrom = (wrong: readonly Cause[], ms: number, lasts: number): World => {
  const world = newWorld(session, ms)
  for (const cause of wrong) world.causes.set(cause, ms)
  happen(world, first)
  for (let passed = 0; passed < lasts; passed += 20 * minutes) {
    wait(world, 20 * minutes)
    happen(world, { what: 'message', afterMs: 0 })
  }
  return world
}

type Illness = { readonly wrong: Cause[]; readonly ms: number }
const illnesses: fc.Arbitrary<Illness> = fc.record({
  wrong: fc.oneof(
    fc.constantFrom(...causes, 'login', 'limit', 'crash').map((cause) => [cause]),
    fc.subarray([...causes], { minLength: 2, maxLength: 3 }),
  ),
  ms: fc.constantFrom(100, 3 * seconds, 40 * seconds, 6 * minutes),
})

/** The most starts in so long: what the budgets of the reasons it was healed for allow, and the tries of a crash loop. */
const mostStarts = (world: World, lasts: number): number => {
  const healed = new Set(
    all(world.trace, 'acted').flatMap(({ effect }) =>
      effect.do === 'end-client' && effect.ended !== 'asked' && effect.ended !== 'stopped'
        ? [effect.ended]
        : [],
    ),
  )
  const { attempts, retryMs } = session.restart
  return [...healed].reduce(
    (sum, name) => {
      const { budget }: Reason = reasons[name]
      return sum + (budget === null ? 0 : budget.times * (Math.ceil(lasts / budget.withinMs) + 1))
    },
    attempts + Math.ceil(lasts / retryMs) + 1,
  )
}

test('nothing that stays wrong restarts without end, or without saying so', () => {
  const seen = { often: 0, parked: 0 }
  fc.assert(
    fc.property(illnesses, ({ wrong, ms }) => {
      const lasts = 6 * hours
      const world = sufferFrom(wrong, ms, lasts)
      const starts = all(world.trace, 'started')
      expect(starts.length).toBeLessThanOrEqual(mostStarts(world, lasts))
      // What blocks a start is looked at each minute, not in every look of the keeper.
      const launches = all(world.trace, 'decided').length
      expect(launches).toBeLessThanOrEqual(2 * starts.length + lasts / (30 * seconds))
      const late = starts.filter(({ real }) => real > lasts - 2 * hours).length
      if (world.health?.parked != null) seen.parked += 1
      // No more than a crash loop makes, or else it says at times that it does not help.
      if (late <= 2 * 12) return
      seen.often += 1
      // What was said before that and stands is said, too.
      const said = all(world.trace, 'verdict').filter(
        (_, i, every) => (every[i + 1]?.real ?? lasts) > lasts - 2 * hours,
      )
      expect(said.map(({ state }) => state)).toEqual(
        expect.arrayContaining([expect.stringMatching(/^(down|blocked)$/)]),
      )
    }),
    {
      ...told(25),
      examples: [
        ...(['thief', 'login', 'terminal-dies', 'bun-missing'] as const).map((cause): [Illness] => [
          { wrong: [cause], ms: 3 * seconds },
        ]),
        [{ wrong: ['no-token-seen', 'limit', 'slow-close'], ms: 40 * seconds }],
      ],
    },
  )
  expect(Object.entries(seen).filter(([, times]) => times === 0)).toEqual([])
})

/** What a client that was started in it keeps: a person has to see to that. */
const lasting: readonly Cause[] = ['gate']
/** The longest time until something is tried again by itself, and a start. */
const triedAgainMs = (wrong: readonly Cause[]): number =>
  (wrong.includes('limit') ? 5 * hours : 0) + 42 * minutes

test('once nothing is wrong any more, a session is heard again though nobody asks for anything', () => {
  const met = { deaf: 0, parked: 0, 'crash-loop': 0 }
  fc.assert(
    fc.property(illnesses, fc.constantFrom(40 * minutes, 80 * minutes), ({ wrong, ms }, lasts) => {
      fc.pre(!wrong.some((cause) => lasting.includes(cause)))
      const world = sufferFrom(wrong, ms, lasts)
      if (world.deaf !== null) met.deaf += 1
      if (world.orders?.hold && world.orders.run === world.run?.run) met.parked += 1
      if (world.run?.waiting?.reason === 'crash-loop') met['crash-loop'] += 1
      for (const cause of wrong) mend(world, cause)
      happen(world, { what: 'message', afterMs: 0 })
      wait(world, triedAgainMs(wrong))
      expect([world.deaf, world.verdict?.state]).toEqual([null, 'live'])
    }),
    {
      ...told(50),
      examples: (['login', 'limit', 'crash', 'plugin-never'] as const).map((cause): [Illness, number] => [
        { wrong: [cause], ms: 3 * seconds },
        40 * minutes,
      ]),
    },
  )
  expect(Object.entries(met).filter(([, times]) => times === 0)).toEqual([])
})

test.each<[Cause, number]>([
  ['bun-missing', 65 * seconds],
  ['folder-missing', 65 * seconds],
  ['client-missing', 65 * seconds],
  ['launch', 65 * seconds],
  ['crash', 6 * minutes],
])('without a keeper: %s is over, and the loop alone brings it back', (cause, withinMs) => {
  const world = newWorld(session, 1)
  world.causes.set(cause, 2 * seconds)
  happen(world, first)
  wait(world, seconds)
  endKeeper(world)
  wait(world, 20 * minutes)
  expect(world.clients.length).toBe(0)
  mend(world, cause)
  wait(world, withinMs)
  expect(world.deaf).toBeNull()
})
