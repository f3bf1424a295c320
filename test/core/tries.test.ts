import { expect, test } from 'vitest'
import { nextTryOf, type Tries, withTry } from '../../src/core/tries.ts'
import { minutes, noon } from './evidence-builder.ts'

const after = (times: number): Tries => ({ pager: { times, at: noon } })

test.each([
  [1, 10],
  [2, 30],
  [3, 60],
  [4, 180],
  [5, 180],
  [100, 180],
])('after try %i the next comes after %i minutes', (times, pause) => {
  const next = noon + pause * minutes
  expect(nextTryOf(after(times), 'pager', noon)).toBe(next)
  expect(nextTryOf(after(times), 'pager', next - 1)).toBe(next)
  expect(nextTryOf(after(times), 'pager', next)).toBeNull()
})

test('what was never tried, or before the clock was set back, may be tried now', () => {
  expect(nextTryOf({}, 'pager', noon)).toBeNull()
  expect(nextTryOf(after(3), 'telegram', noon)).toBeNull()
  expect(nextTryOf(after(3), 'pager', noon - 1)).toBeNull()
  // A record that makes no sense.
  expect(nextTryOf(after(0), 'pager', noon)).toBeNull()
})

test('each try counts for the channels it may mend, and for no other', () => {
  const once = withTry({}, ['pager', 'discord'], noon)
  expect(once).toEqual({ pager: { times: 1, at: noon }, discord: { times: 1, at: noon } })
  expect(withTry(once, ['pager'], noon + minutes)).toEqual({
    pager: { times: 2, at: noon + minutes },
    discord: { times: 1, at: noon },
  })
  expect(withTry(once, [], noon + minutes)).toEqual(once)
})
