import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type History, lastDay, notedMs, trackHistory } from '../../src/core/history.ts'
import { freeze, minutes, noon, seconds } from './evidence-builder.ts'

const hours = 60 * minutes
const live = { state: 'live', reason: null }
const dead = { state: 'recovering', reason: 'plugin-exited' }
const asks = { state: 'blocked', reason: 'permission-prompt' }

type Look = { readonly at: number; readonly is: { readonly state: string; readonly reason: string | null } }

/** One keeper looks at these times; `restarts` before them it has seen nothing yet. */
const follow = (looks: readonly Look[], before: History | null = null, restarts: readonly number[] = []) => {
  let [history, lookedAt] = [before, null as number | null]
  for (const { at, is } of looks) {
    if (restarts.includes(at)) lookedAt = null
    history = trackHistory(freeze(history), is, { lookedAt, now: at, isWritten: false })
    lookedAt = at
  }
  if (history === null) throw new Error('nobody looked')
  return history
}
const every = (ms: number, from: number, to: number, is: Look['is']): Look[] =>
  Array.from({ length: Math.floor((to - from) / ms) + 1 }, (_, i) => ({ at: from + i * ms, is }))
const short = (history: History) => history.spans.map(({ at, state }) => [at - noon, state])

test('a look that is like the one before writes nothing down, but for now and then that somebody looked', () => {
  const first = follow([{ at: noon, is: live }])
  const when = (now: number, isWritten = false) => ({ lookedAt: now - 2 * seconds, now, isWritten })
  expect(trackHistory(first, live, when(noon + 2 * seconds))).toBe(first)
  expect(trackHistory(first, live, when(noon + notedMs - 1))).toBe(first)
  expect(trackHistory(first, live, when(noon + notedMs)).until).toBe(noon + notedMs)
  // What is written anyway says it, too.
  expect(trackHistory(first, live, when(noon + 2 * seconds, true)).until).toBe(noon + 2 * seconds)
})

test('each state lasts until the next, another reason is another span', () => {
  const stopped = { state: 'recovering', reason: 'poller-stolen' }
  const looks = [live, live, dead, stopped, live].map((is, i) => ({ at: noon + i * 2 * seconds, is }))
  expect(short(follow(looks))).toEqual([
    [0, 'live'],
    [4_000, 'recovering'],
    [6_000, 'recovering'],
    [8_000, 'live'],
  ])
})

test('while no keeper looks, or the machine sleeps, nobody says it was live', () => {
  const before = every(2 * seconds, noon, noon + minutes, live)
  const after = every(2 * seconds, noon + 2 * hours, noon + 2 * hours + minutes, live)
  const slept = follow([...before, ...after])
  expect(short(slept)).toEqual([
    [0, 'live'],
    [minutes, null],
    [2 * hours, 'live'],
  ])
  // A new keeper knows only what the old one wrote down.
  const restarted = follow([...before, ...after], null, [noon + 2 * hours])
  expect(short(restarted)[1]).toEqual([0, null])
  const now = noon + 2 * hours + minutes
  expect(lastDay(slept, now, now).map(({ from, to }) => to - from)).toEqual([minutes, minutes])
})

test('a keeper that is held up for some seconds by what it does has looked all the same', () => {
  expect(short(follow([0, 50, 100].map((s) => ({ at: noon + s * seconds, is: live }))))).toHaveLength(1)
})

test('a clock that is set back: what was to come is forgotten', () => {
  const history = follow([
    { at: noon, is: live },
    { at: noon + hours, is: dead },
    { at: noon + 10 * seconds, is: live },
  ])
  expect(history.until).toBe(noon + 10 * seconds)
  expect(history.spans.every(({ at }) => at <= history.until)).toBe(true)
})

test('a clock that is years ahead for one look, or after a long sleep: the day is not forgotten for it', () => {
  const day = every(minutes / 2, noon, noon + hours, dead)
  const later = every(minutes / 2, noon + hours + minutes, noon + 2 * hours, live)
  const ahead = { at: noon + 10 * 365 * 24 * hours, is: live }
  const now = noon + 2 * hours
  const seen = lastDay(follow([...day, ahead, ...later]), now, now)
  expect(seen.map(({ from, to, state }) => [from - noon, to - noon, state])).toEqual([
    [0, hours, 'recovering'],
    [hours + minutes, 2 * hours, 'live'],
  ])
  // It is forgotten once the clock is seen to stay.
  const stays = every(10 * minutes, ahead.at, ahead.at + hours, live)
  expect(follow([...day, ...stays]).spans.every(({ at }) => at > noon)).toBe(true)
})

test('of hundreds of spans the figures stay true, and no outage is hidden', () => {
  // A permission is asked for every two minutes, and granted 20 s later: 1440 spans.
  const looks = every(20 * seconds, noon, noon + 24 * hours, live).map((look, i) =>
    i % 6 === 5 ? { ...look, is: asks } : look,
  )
  const now = noon + 24 * hours
  const history = follow(looks)
  expect(history.spans.length).toBeLessThanOrEqual(120)
  expect(JSON.stringify(history).length).toBeLessThan(12_000)
  const past = lastDay(history, now, now)
  expect(past.reduce((sum, { liveMs }) => sum + liveMs, 0)).toBe((24 * hours * 5) / 6)
  const blocked = past
    .filter(({ state }) => state === 'blocked')
    .reduce((sum, { from, to }) => sum + to - from, 0)
  expect(blocked).toBeGreaterThan(12 * hours)
})

const states = fc.constantFrom(
  live,
  dead,
  asks,
  { state: 'stopped', reason: null },
  { state: 'later', reason: 'x' },
)
const steps = fc.array(
  fc.record({ ms: fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.nat(8 * hours)), is: states }),
  {
    minLength: 1,
    maxLength: 400,
  },
)

test('whatever is seen: spans in order, bounded, together what was looked at, and live as long as it was', () => {
  fc.assert(
    fc.property(steps, (given) => {
      const looks: Look[] = []
      for (const { ms, is } of given) looks.push({ at: (looks.at(-1)?.at ?? noon) + ms, is })
      const at = looks.at(-1)?.at ?? noon
      const history = follow(looks)
      const ats = history.spans.map((span) => span.at)
      expect(ats).toEqual([...ats].sort((a, b) => a - b))
      expect(history.spans.length).toBeLessThanOrEqual(120)
      expect(history.until).toBe(Math.max(history.until, ...ats))
      const past = lastDay(history, at, at)
      past.forEach(({ from, to, liveMs }, i) => {
        expect(from).toBeLessThanOrEqual(to)
        expect(from).toBeGreaterThanOrEqual(past[i - 1]?.to ?? at - 24 * hours)
        expect(to).toBeLessThanOrEqual(at)
        expect(liveMs).toBeLessThanOrEqual(to - from)
      })
      const isDay = at - (looks[0]?.at ?? at) <= 24 * hours && history.spans.length < 120
      const sum = (want: (is: Look['is']) => boolean) =>
        looks.slice(1).reduce((ms, { at: next }, i) => {
          const look = looks[i]
          return ms + (look !== undefined && next - look.at <= 60_000 && want(look.is) ? next - look.at : 0)
        }, 0)
      if (!isDay) return
      expect(past.reduce((ms, { from, to }) => ms + to - from, 0)).toBe(sum(() => true))
      expect(past.reduce((ms, { liveMs }) => ms + liveMs, 0)).toBe(sum(({ state }) => state === 'live'))
    }),
  )
})

test('whatever the clock does: spans in order, none yet to come, and no more than there may be', () => {
  const day = 24 * hours
  const jumps = fc.oneof(
    fc.integer({ min: -3 * day, max: 3 * day }),
    fc.integer({ min: -9_000 * day, max: 9_000 * day }),
  )
  const looks = fc.array(
    fc.record({ ms: fc.oneof({ weight: 3, arbitrary: fc.nat(20_000) }, jumps), is: states }),
    {
      minLength: 1,
      maxLength: 400,
    },
  )
  fc.assert(
    fc.property(looks, (given) => {
      const seen: Look[] = []
      for (const { ms, is } of given) seen.push({ at: (seen.at(-1)?.at ?? noon) + ms, is })
      const history = follow(seen)
      const ats = history.spans.map((span) => span.at)
      expect(ats).toEqual(ats.toSorted((a, b) => a - b))
      expect(ats.every((each) => each <= history.until)).toBe(true)
      expect(history.spans.length).toBeLessThanOrEqual(120)
    }),
  )
})
