import fc from 'fast-check'
import { expect, test } from 'vitest'
import { no, yes } from '../../src/core/answer.ts'
import { type Activity, emptyTranscript } from '../../src/core/client.ts'
import type { Effect } from '../../src/core/effect.ts'
import type { ChannelEvidence, Evidence } from '../../src/core/evidence.ts'
import { type MachineState, newHealth, type Step, step } from '../../src/core/machine.ts'
import { type Reason, type ReasonName, reasons } from '../../src/core/reasons.ts'
import { anyEvidence } from './evidence-arbitrary.ts'
import {
  client,
  evidence,
  freeze,
  loop,
  minutes,
  noon,
  seconds,
  sessionFile,
  thief,
  withChannel,
} from './evidence-builder.ts'
import { told } from './told.ts'

/** Something that is seen again and again, so many times, so far apart. */
type Spell = { readonly seen: Evidence; readonly looks: number; readonly everyMs: number }
const short: fc.Arbitrary<Spell> = fc.record({
  seen: anyEvidence,
  looks: fc.integer({ min: 1, max: 6 }),
  everyMs: fc.constantFrom(250, 2 * seconds, 20 * seconds),
})
/** Deaf for longer than an hour, at work or waiting for a person. */
const long: fc.Arbitrary<Spell> = fc
  .record({
    poller: fc.constantFrom(no('gone'), yes(thief)),
    activity: fc.constantFrom<Activity>('busy', 'busy', 'waiting', 'waiting', 'idle'),
    attached: fc.constantFrom(0, 0, 1),
  })
  .map(({ poller, activity, attached }) => deafFor(poller, activity, attached))
const deafFor = (poller: ChannelEvidence['poller'], activity: Activity, attached: number): Spell => ({
  seen: withChannel(
    { poller },
    {
      // A time would move along with the clock, as if it changed its activity at each look.
      client: client({ file: sessionFile({ activity, statusUpdatedAt: null }) }),
      terminal: { loop, attached, launchFailed: null },
    },
  ),
  looks: 64,
  everyMs: 60 * seconds,
})
/** What its client is moved or parked for at rest; by chance alone that is seldom seen. */
const atRest: fc.Arbitrary<Spell> = fc.record({
  seen: fc
    .record({
      status: fc.constantFrom(null, 'updated', 401, 429),
      activity: fc.constantFrom<Activity>('busy', 'idle', 'idle'),
      attached: fc.constantFrom(0, 0, 1),
    })
    .map(({ status, activity, attached }) => {
      const apiFailure = typeof status === 'number' ? { at: noon, status, error: null, resetsAt: null } : null
      return evidence({
        client: client({
          replaced: status === null,
          installed: status === 'updated' ? { version: '2.1.331', another: true, runs: 'yes' } : null,
          // A time would move along with the clock.
          file: sessionFile({ activity, statusUpdatedAt: null }),
          transcript: { ...emptyTranscript, apiFailure },
        }),
        terminal: { loop, attached, launchFailed: null },
      })
    }),
  looks: fc.constant(3),
  everyMs: fc.constant(2 * seconds),
})
const spells = fc.array(
  fc.oneof(
    { weight: 14, arbitrary: short },
    { weight: 2, arbitrary: long },
    { weight: 2, arbitrary: atRest },
  ),
  { minLength: 1, maxLength: 8 },
)

/** What chance tells too seldom: told each time. */
const certain: readonly (readonly Spell[])[] = [
  [deafFor(no('gone'), 'waiting', 0)],
  [deafFor(yes(thief), 'busy', 0)],
  [deafFor(yes(thief), 'idle', 0)],
]

type Look = {
  /** What is seen, before its times are moved: the same object at each look of a spell. */
  readonly of: Evidence
  readonly now: number
  readonly before: MachineState
  readonly seen: Evidence
  readonly step: Step
  readonly actions: readonly Effect[]
}
type EndClient = Extract<Effect, { do: 'end-client' }>

/** Times of the evidence move along with the clock, so that what was a minute ago at noon is always a minute ago. */
const shift = <T>(value: T, ms: number): T => {
  if (typeof value === 'number') return (value > 1e12 ? value + ms : value) as T
  if (Array.isArray(value)) return value.map((each) => shift(each, ms)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shift(each, ms)])) as T
}

const looksOf = (list: readonly Spell[]): readonly Look[] => {
  let now = noon
  let state: MachineState = { health: newHealth(noon), suspicion: null }
  return list.flatMap(({ seen, looks, everyMs }) =>
    Array.from({ length: looks }, () => {
      now += everyMs
      const before = freeze(state)
      const evidence = freeze({ ...shift(seen, now - noon), health: state.health })
      const next = step(before, evidence, now)
      state = next.state
      const actions = next.effects.filter((effect) => effect.do !== 'journal' && effect.do !== 'look-again')
      return { of: seen, now, before, seen: evidence, step: next, actions }
    }),
  )
}

/** The same sequences for all tests: to make one up, and to look at it, takes far longer than to check it. */
const chosen = told(200)
let sequences: readonly (readonly Look[])[] | null = null

type Check = (look: Look, earlier: readonly Look[]) => void
const checkAll = (looks: readonly Look[], check: Check): void => {
  for (const [i, look] of looks.entries()) check(look, looks.slice(0, i))
}

const always = (check: Check): void => {
  try {
    sequences ??= [...certain, ...fc.sample(spells, chosen)].map(looksOf)
    for (const looks of sequences) checkAll(looks, check)
  } catch (error) {
    // Once more, to be told in its shortest form.
    fc.assert(
      fc.property(spells, (list) => checkAll(looksOf(list), check)),
      chosen,
    )
    throw error
  }
}

const ends = ({ step: { effects } }: Look): readonly EndClient[] =>
  effects.filter((effect) => effect.do === 'end-client')
const healings = (look: Look): readonly EndClient[] =>
  ends(look).filter(({ ended }) => ended !== 'asked' && ended !== 'stopped')
const isAsked = ({ seen: { wanted, run } }: Look): boolean =>
  wanted !== null && run !== null && wanted.generation > run.generation
/** Since when, without a break, the session was looked at while something was suspected. */
const suspectedSince = ({ now }: Look, earlier: readonly Look[]): number => {
  const calm = earlier.findLastIndex(({ step: { state } }) => state.suspicion === null)
  return earlier[calm + 1]?.now ?? now
}

/** What is not about a channel that is deaf. */
const isElse = (ended: EndClient['ended']): boolean =>
  ended === 'login-expired' ||
  ended === 'usage-limit' ||
  ended === 'client-replaced' ||
  ended === 'client-updated' ||
  ended === 'not-draining'

test('a client is parked, or moved to its new file, only at rest and not under a person who is attached', () => {
  const seen = new Set<string>()
  always((look) => {
    const { client, terminal, obstacles } = look.seen
    for (const { ended, hold, gently } of healings(look)) {
      if (!isElse(ended) || ended === 'not-draining') {
        expect(hold).toBeNull()
        continue
      }
      seen.add(ended)
      expect(client?.file?.activity).toBe('idle')
      expect(gently).toBe(true)
      if (ended === 'client-replaced') {
        expect([client?.replaced, obstacles, hold]).toEqual([true, [], null])
        continue
      }
      expect(terminal.attached).toBe(0)
      if (ended === 'client-updated') {
        expect([client?.installed?.runs, obstacles, hold]).toEqual(['yes', [], null])
        continue
      }
      expect(client?.transcript?.apiFailure).not.toBeNull()
      expect(hold?.reason).toBe(ended)
      expect(hold?.until).toBeGreaterThan(look.now)
    }
  })
  expect([...seen]).toEqual(expect.arrayContaining(['client-replaced', 'client-updated']))
})

test('what stands on the screen is in no effect, and so neither in the journal nor in a message', () => {
  always(({ step: { effects, state } }) => {
    expect(JSON.stringify([effects, state.health])).not.toContain('private')
  })
})

test('what is kept ended is let go on only for a login that came after it', () => {
  always((look) => {
    for (const effect of look.actions)
      if (effect.do === 'release') {
        const { parked } = look.before.health
        expect(parked?.reason).toBe('login-expired')
        expect(look.seen.login?.checked?.is).toBe('yes')
        expect(look.seen.login?.credentialsAt).not.toBe(parked?.credentialsAt)
      }
  })
})

test('a healing needs a channel that is certainly deaf: unknown evidence ends no client', () => {
  let healed = 0
  always((look) => {
    for (const { ended } of healings(look).filter(({ ended: why }) => !isElse(why))) {
      healed += 1
      const deaf = look.seen.channels.filter(
        ({ log, poller }) =>
          poller.is === 'no' ||
          (poller.is === 'yes' && poller.value.ours === 'no') ||
          (log !== null && log.registeredAt === null),
      )
      expect(deaf).not.toEqual([])
      expect(['resume', 'look']).toContain(reasons[ended as ReasonName].healing)
    }
  })
  expect(healed).toBeGreaterThan(20)
})

test('nothing is healed on a first sample, nor sooner than a quarter of a second after it', () => {
  always((look, earlier) => {
    if (healings(look).length === 0 && !look.actions.some((effect) => effect.do === 'end-poller')) return
    expect(look.before.suspicion).not.toBeNull()
    expect(look.now - suspectedSince(look, earlier)).toBeGreaterThanOrEqual(250)
  })
})

test('a session that waits for a person is left alone for half an hour, and for as long as somebody is attached', () => {
  let waiting = 0
  always((look, earlier) => {
    if (look.seen.client?.file?.activity !== 'waiting' || healings(look).length === 0) return
    waiting += 1
    expect(look.seen.terminal.attached).toBe(0)
    expect(look.now - suspectedSince(look, earlier)).toBeGreaterThanOrEqual(30 * minutes)
  })
  expect(waiting).toBeGreaterThan(0)
})

test('a busy session is left alone for an hour', () => {
  let busy = 0
  always((look, earlier) => {
    if (look.seen.client?.file?.activity !== 'busy' || healings(look).length === 0) return
    busy += 1
    expect(look.now - suspectedSince(look, earlier)).toBeGreaterThanOrEqual(60 * minutes)
  })
  expect(busy).toBeGreaterThan(0)
})

test('no budget is exceeded in any window', () => {
  let spent = 0
  always((look, earlier) => {
    for (const { ended } of healings(look)) {
      const { budget }: Reason = reasons[ended as ReasonName]
      expect(budget).not.toBeNull()
      if (budget === null) continue
      const before = earlier.filter(({ now }) => look.now - now < budget.withinMs).flatMap(healings)
      const count = 1 + before.filter((each) => each.ended === ended).length
      expect(count).toBeLessThanOrEqual(budget.times)
      if (count === budget.times) spent += 1
    }
  })
  expect(spent).toBeGreaterThan(0)
})

test('what is not wanted is stopped and nothing else', () => {
  always((look) => {
    const { wanted, client, run } = look.seen
    if (wanted === null) expect(look.actions).toEqual([])
    if (wanted?.want !== false) return
    expect(
      look.actions.every(
        (effect) => effect.do === 'wake' || (effect.do === 'end-client' && effect.ended === 'stopped'),
      ),
    ).toBe(true)
    if (client !== null && run !== null) expect(ends(look)).toHaveLength(1)
  })
})

test('nothing is done to a session in a dialog', () => {
  always((look) => {
    const { client: seen, wanted, terminal } = look.seen
    const picker = seen?.dialog?.name === 'resume-dialog'
    const open =
      !picker &&
      (seen?.dialog != null || (seen?.file?.activity === 'waiting' && seen.file.waitingFor === 'dialog open'))
    if (open && wanted?.want && !isAsked(look) && terminal.loop !== null) expect(look.actions).toEqual([])
  })
})

test('an order for the next idle waits for it, a minute at most; any other is carried out at once', () => {
  always((look) => {
    const { wanted, client, run } = look.seen
    if (!isAsked(look) || !wanted?.want || client === null || run === null) return
    const due = wanted.when === 'now' || client.file?.activity === 'idle' || look.now - wanted.at >= minutes
    expect(ends(look).map(({ ended }) => ended)).toEqual(due ? ['asked'] : [])
  })
})

test('health that changed is a new object, and health that did not is the same', () => {
  always(({ before, step: { state } }) => {
    const same = JSON.stringify({ ...state.health, at: 0 }) === JSON.stringify({ ...before.health, at: 0 })
    expect(state.health === before.health).toBe(same)
  })
})

test('the journal says every change of state once', () => {
  always(({ before, step: { effects, verdict } }) => {
    const said = effects.flatMap((effect) =>
      effect.do === 'journal' && effect.event.type === 'state' ? [effect.event] : [],
    )
    const several = verdict.channels.length > 1
    const told = [{ id: '', ...verdict }, ...(several ? verdict.channels : [])]
    const changed = told.filter(
      ({ id, state, reason }) =>
        before.health.since[id]?.state !== state || before.health.since[id]?.reason !== reason,
    )
    expect(said.map(({ channel, to, reason }) => [channel ?? '', to, reason])).toEqual(
      changed.map(({ id, state, reason }) => [id, state, reason]),
    )
  })
})

test('to a live session nothing is done, and the second look at it says nothing either', () => {
  let live = 0
  always((look, earlier) => {
    if (look.step.verdict.state !== 'live' || isAsked(look)) return
    if (look.seen.client?.replaced || look.seen.client?.dialog != null) return
    if (look.seen.client?.installed?.another) return
    live += 1
    expect(look.actions).toEqual([])
    const last = earlier.at(-1)
    if (last?.of === look.of && last.step.verdict.state === 'live') expect(look.step.effects).toEqual([])
  })
  expect(live).toBeGreaterThan(10)
})
