import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDuration, isSince, isWithin, lately, parseDuration } from '../../src/core/duration.ts'

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

test('a time from now is a date, however long it is', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 10n ** 18n), fc.constantFrom('', 's', 'm', 'h', 'd'), (count, unit) => {
      const ms = parseDuration(`${count}${unit}`)
      if (ms !== null) expect(new Date(Date.UTC(2200) + ms).toISOString()).toMatch(/Z$/)
    }),
  )
  expect(parseDuration('99999999d')).toBeNull()
})

test.each([
  ['just now', 100, true],
  ['at the edge', 91, true],
  ['too long ago', 90, false],
  ['still to come', 101, false],
])('within the last ten: %s', (_, at, within) => {
  expect(isWithin(at, 10, 100)).toBe(within)
})

test.each([
  ['in order', [89, 91, 95, 100], [91, 95, 100]],
  ['the clock was set back since', [95, 101, 999], [95]],
  ['the clock was set back and has caught up', [93, 98, 99, 94, 96], [93, 94, 96]],
  ['nothing', [], []],
])('what happened lately: %s', (_, times, late) => {
  const list = times.map((at) => ({ at }))
  expect(lately(list, 10, 100).map(({ at }) => at)).toEqual(late)
})

test.each([
  ['before it', 49, 50, false],
  ['since', 50, 50, true],
  ['still to come', 101, 50, false],
  ['the clock was set back after it', 201, 200, true],
  ['before it, and the clock was set back', 199, 200, false],
])('since: %s', (_, at, since, answer) => {
  expect(isSince(at, since, 100)).toBe(answer)
})
