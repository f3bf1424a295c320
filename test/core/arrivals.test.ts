import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arrivedLately, type Slot, slotMs, trackArrivals, withArrival } from '../../src/core/arrivals.ts'
import { freeze, minutes, noon } from './evidence-builder.ts'

const log = (firstAt: number, ...at: readonly number[]) => ({
  firstAt,
  arrivals: at.reduce<readonly Slot[]>(withArrival, []),
})
const of = (logged: ReturnType<typeof log> | null, id = 'a') => ({ channel: { id }, log: logged })
const total = (arrivals: Parameters<typeof arrivedLately>[0], now = noon) =>
  arrivedLately(arrivals, now).reduce((sum, { count }) => sum + count, 0)

test('messages are counted by the quarter of an hour they came in', () => {
  expect(log(noon, noon, noon + 14 * minutes, noon + 15 * minutes).arrivals).toEqual([
    { at: noon, count: 2 },
    { at: noon + slotMs, count: 1 },
  ])
})

test('nothing new is the very same table', () => {
  const seen = [of(log(noon - 5, noon)), of(null, 'b')]
  const once = trackArrivals({}, seen, noon)
  expect(trackArrivals(freeze(once), seen, noon)).toBe(once)
  expect(trackArrivals(once, [of(null), of(log(noon - 9), 'b')], noon)).toBe(once)
})

test('a log that is read once more counts once, also from its end alone', () => {
  const whole = trackArrivals({}, [of(log(1, noon, noon, noon + 1))], noon)
  expect(total(trackArrivals(whole, [of(log(1, noon))], noon))).toBe(3)
  expect(total(trackArrivals(whole, [of(log(1, noon, noon, noon + 1, noon + 2))], noon))).toBe(4)
})

test('the log of the next client adds to it; an older one that comes back does not', () => {
  const first = trackArrivals({}, [of(log(1, noon, noon))], noon)
  const both = trackArrivals(first, [of(log(2, noon))], noon)
  expect(total(both)).toBe(3)
  expect(trackArrivals(both, [of(log(1, noon, noon))], noon)).toBe(both)
  // Unless the newer one is of a time that is still to come: the clock was set back.
  const ahead = trackArrivals(first, [of(log(noon + 9, noon))], noon + 9)
  expect(total(trackArrivals(ahead, [of(log(5, noon))], noon))).toBe(4)
})

test('of several channels all count, of another day none', () => {
  const seen = trackArrivals({}, [of(log(1, noon), 'a'), of(log(1, noon), '__proto__')], noon)
  expect(total(seen)).toBe(2)
  expect(total(seen, noon + 24 * 60 * minutes)).toBe(0)
  expect(total(seen, noon - 1)).toBe(0)
})

test('whatever times a log holds, so many are kept, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -8.64e15, max: 8.64e15 }), { maxLength: 300 }), (times) => {
      const { arrivals } = log(1, ...times)
      expect(arrivals.length).toBeLessThanOrEqual(97)
      expect(arrivals.map(({ at }) => at)).toEqual(arrivals.map(({ at }) => at).toSorted((a, b) => a - b))
    }),
  )
})
