import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDuration, parseDuration } from '../../src/core/duration.ts'

test.each([
  [0, '0s'],
  [-5_000, '0s'],
  [Number.NaN, '0s'],
  [999, '0s'],
  [1_000, '1s'],
  [59_999, '59s'],
  [60_000, '1m'],
  [250_000, '4m 10s'],
  [3_600_000, '1h'],
  [3_601_000, '1h'],
  [86_400_000 + 3 * 3_600_000 + 59 * 60_000, '1d 3h'],
  [400 * 86_400_000, '400d'],
])('%d ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test.each([
  ['90', 90_000],
  ['1.5', 1_500],
  ['90s', 90_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['1h30m', 5_400_000],
  ['', null],
  ['m', null],
  ['-5', null],
  ['5 m', null],
  ['5M', null],
  ['1.5h', null],
  ['5m30', null],
  ['1e3', null],
  ['Infinity', null],
  ['9'.repeat(400), null],
  [`${'9'.repeat(400)}d`, null],
])('%j is %s', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test('what is shown reads back as the same time, cut to its smaller unit', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10_000_000_000 }), (ms) => {
      const back = parseDuration(formatDuration(ms).replaceAll(' ', ''))
      expect(back).not.toBeNull()
      expect(ms - (back ?? 0)).toBeGreaterThanOrEqual(0)
      expect(formatDuration(back ?? 0)).toBe(formatDuration(ms))
    }),
  )
})

test('whatever is typed is a time that can be counted with, or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.dhms]*$/)), (text) => {
      const ms = parseDuration(text)
      expect(ms === null || (Number.isFinite(ms) && ms >= 0)).toBe(true)
    }),
  )
})
