import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minutes, seconds } from './evidence-builder.ts'
import { type Asked, type Happening, play } from './launch-model.ts'
import { told } from './told.ts'

const afterMs = fc.oneof(fc.nat(3 * seconds), fc.integer({ min: seconds, max: 8 * minutes }))
const flag = fc.boolean()
const crash = fc.record({
  what: fc.constant('client-ends'),
  afterMs,
  status: fc.constantFrom(1, 137, 143, null),
  attached: fc.nat(2),
  record: fc.constantFrom('own', 'missing', 'of-another'),
})
const exit0 = fc.record({
  what: fc.constant('client-ends'),
  afterMs,
  status: fc.constant(0),
  attached: fc.nat(1),
  record: fc.constantFrom('own', 'own', 'missing', 'of-another'),
})
const passing = fc.record({ what: fc.constant('time-passes'), afterMs })
const others = fc.oneof(
  fc.record({ what: fc.constant('keeper-ends-client'), afterMs, fresh: flag }),
  fc.record({
    what: fc.constant('keeper-holds'),
    afterMs,
    forMs: fc.option(fc.nat(20 * minutes)),
  }),
  fc.record({
    what: fc.constant('ordered'),
    afterMs,
    want: fc.constantFrom(true, true, false),
    newClient: flag,
    fresh: flag,
    conversation: fc.constantFrom(null, 'old-a', 'old-b'),
  }),
  fc.record({ what: fc.constant('obstacle'), afterMs, there: flag }),
  fc.record({ what: fc.constant('loop-lost'), afterMs, clientLives: flag }),
  fc.record({
    what: fc.constant('other-loop'),
    afterMs,
    lives: fc.constantFrom(false, false, true),
  }),
  fc.record({ what: fc.constant('ctrl-c'), afterMs }),
)
const clock = fc.record({
  what: fc.constant('clock-set'),
  afterMs,
  byMs: fc.integer({ min: -600 * minutes, max: 600 * minutes }),
})
const steady = fc.array(
  fc.oneof({ weight: 3, arbitrary: crash }, { weight: 3, arbitrary: passing }, exit0, others),
  {
    maxLength: 60,
  },
)
const any = fc.array(
  fc.oneof({ weight: 4, arbitrary: crash }, { weight: 4, arbitrary: passing }, exit0, others, clock),
  {
    maxLength: 60,
  },
)
const chance = fc.double({ min: 0, max: 1, noNaN: true })

/** What chance tells too seldom: told each time. */
const crashLoop: readonly Happening[] = Array.from({ length: 7 }, (): readonly Happening[] => [
  { what: 'time-passes', afterMs: minutes },
  { what: 'client-ends', afterMs: 10 * seconds, status: 137, attached: 0, record: 'own' },
]).flat()

const always = (
  happenings: fc.Arbitrary<Happening[]>,
  check: (asked: Asked, before: readonly Asked[]) => void,
): void =>
  fc.assert(
    fc.property(happenings, chance, (list, luck) => {
      const before: Asked[] = []
      play(list, luck, (asked) => {
        check(asked, before)
        before.push(asked)
      })
    }),
    { ...told(400), examples: [[[...crashLoop], 0.5]] },
  )

/** A new client was asked for since the run that is recorded. */
const isAsked = ({ facts: { run, wanted } }: Asked): boolean =>
  wanted !== null && (run === null || wanted.generation > run.generation)
const isHeld = ({ facts: { orders, run } }: Asked): boolean => orders?.hold != null && orders.run === run?.run
const isFree = ({ facts }: Asked): boolean =>
  (facts.wanted?.want ?? false) &&
  !facts.otherLoop &&
  !facts.clientAlive &&
  !facts.interrupted &&
  facts.obstacles.length === 0

test('it starts only what is wanted, while no other loop and no client lives', () => {
  always(any, ({ facts, decision }) => {
    if (decision.do !== 'start') return
    expect(facts.wanted?.want).toBe(true)
    expect([facts.otherLoop, facts.clientAlive, facts.interrupted, facts.obstacles.length]).toEqual([
      false,
      false,
      false,
      0,
    ])
  })
})

test('what is not wanted ends, whatever else holds', () => {
  always(any, ({ facts, decision }) => {
    if (!facts.wanted?.want) expect(decision.do).toBe('end')
  })
})

test('no wait is longer than its kind allows, whatever the clock does', () => {
  always(any, (asked) => {
    const { decision, facts } = asked
    if (decision.do !== 'wait') return
    expect(Number.isInteger(decision.seconds) && decision.seconds >= 1).toBe(true)
    expect(
      decision.run === null ? true : decision.run === facts.run || decision.run.waiting === decision.waiting,
    ).toBe(true)
    if (isHeld(asked)) return
    expect(decision.seconds).toBeLessThanOrEqual(decision.waiting.reason === 'crash-loop' ? 300 : 75)
  })
})

/** Neither wanted nor orders explain it. */
const isCrash = (exit: Asked['decision']['exit']): boolean =>
  exit !== null && (exit.unexplained || exit.reason === 'terminal-lost')

test('five unexplained exits within half an hour are a crash loop, and fewer are none', () => {
  let loops = 0
  always(steady, (asked, before) => {
    const { facts, decision } = asked
    const exit = decision.exit
    if (!isCrash(exit) || !isFree(asked) || isHeld(asked)) return
    const ends = [...before.map((each) => each.decision.exit), exit]
    const recent = ends.filter((end) => isCrash(end) && facts.now - (end?.at ?? 0) < 30 * minutes).length
    const isLoop = decision.do === 'wait' && decision.waiting.reason === 'crash-loop'
    expect(isLoop).toBe(recent >= 5)
    if (isLoop) loops += 1
  })
  expect(loops).toBeGreaterThan(0)
})

test('in a crash loop nothing starts before its time, unless it is asked for or was blocked meanwhile', () => {
  always(steady, (asked, before) => {
    const last = before.at(-1)
    if (asked.decision.do !== 'start' || last?.decision.do !== 'wait' || isAsked(asked)) return
    const { waiting } = last.decision
    if (waiting.reason === 'crash-loop') expect(asked.facts.now).toBeGreaterThanOrEqual(waiting.until)
  })
})

test('what was asked for starts at once, with a streak of its own', () => {
  always(any, (asked) => {
    if (isFree(asked) && isAsked(asked))
      expect(asked.decision).toMatchObject({ do: 'start', streak: 0, interruptedTurn: false })
  })
})

test('a person who left is one who was seen to, and only an order starts it again', () => {
  always(any, (asked, before) => {
    const { facts, decision } = asked
    if (decision.exit?.left) {
      expect(decision).toMatchObject({ do: 'end', why: 'person-left' })
      expect(facts.exit).toMatchObject({ run: facts.run?.run, status: 0 })
      expect(facts.attached).toBeGreaterThan(0)
    }
    const left = before.findLast((each) => each.decision.do === 'end' && each.decision.why === 'person-left')
    if (decision.do === 'start' && left !== undefined) {
      expect(facts.wanted?.by).not.toBe('person')
      expect(facts.wanted?.at).toBeGreaterThan(left.facts.wanted?.at ?? 0)
    }
  })
})

test('an exit that is missing, or of another run, is never a person who left', () => {
  always(any, ({ facts, decision }) => {
    if (facts.exit === null || facts.exit.run !== facts.run?.run)
      expect(decision.exit?.left ?? false).toBe(false)
  })
})

test('a fresh or old conversation is taken once, else the last one', () => {
  always(any, ({ facts, decision, pending }) => {
    if (decision.do !== 'start') return
    const { run, orders } = facts
    const first = run === null || run.run === ''
    if (pending?.fresh) expect(decision.choice).toEqual({ take: 'new' })
    else if (pending?.conversation)
      expect(decision.choice).toEqual({ take: 'this', id: pending.conversation })
    else
      expect(decision.choice.take).toBe(first || (orders?.fresh && orders.run === run?.run) ? 'new' : 'last')
  })
})

test('each end of a run is recorded once, before the next one starts', () => {
  always(any, ({ facts, decision }, before) => {
    const recorded = before.flatMap((each) => each.decision.exit?.run ?? [])
    if (decision.exit !== null) expect(recorded).not.toContain(decision.exit.run)
    const gone = facts.run?.run ?? ''
    if (decision.do === 'start' && gone !== '') expect([...recorded, decision.exit?.run]).toContain(gone)
    if (decision.do === 'start' && gone !== '') expect(decision.after?.exits.at(-1)?.run).toBe(gone)
  })
})
