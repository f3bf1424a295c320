import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backOff, longestBackOffMs } from '../../src/core/back-off.ts'

test.each([
  [0, 0],
  [1, 0],
  [2, 1_000],
  [3, 2_000],
  [4, 4_000],
  [7, 32_000],
  [8, 60_000],
  [50, 60_000],
  [100_000, 60_000],
])('after %i crashes in a row it waits %i ms, half way through its jitter', (streak, ms) => {
  expect(backOff(streak, 0.5)).toBe(ms)
})

test.each([
  [0, 6_400, 48_000],
  [1, 9_600, 72_000],
])('chance %d moves it by a fifth', (chance, fifth, tenth) => {
  expect([backOff(5, chance), backOff(10, chance)]).toEqual([fifth, tenth])
})

test('it is never negative, never longer than it says, and grows with the streak', () => {
  const streak = fc.nat({ max: 2_000 })
  const chance = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(streak, chance, (crashes, luck) => {
      const ms = backOff(crashes, luck)
      expect(ms).toBeGreaterThanOrEqual(0)
      expect(ms).toBeLessThanOrEqual(longestBackOffMs)
      expect(backOff(crashes + 1, luck)).toBeGreaterThanOrEqual(ms)
    }),
  )
})
