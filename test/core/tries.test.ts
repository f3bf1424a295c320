import { expect, test } from 'vitest'
import { afterLook, nextTryFor, nextTryOf, type Tried, type Tries, withTry } from '../../src/core/tries.ts'
import { minutes, noon, seconds } from './evidence-builder.ts'

const once: Tried = { times: 1, at: noon, wellMs: 0, wellSince: null, lacked: false }
const after = (times: number, change: Partial<Tried> = {}): Tries => ({
  pager: { ...once, times, ...change },
})
const well = { well: true, lacks: false } as const
const sick = { well: false, lacks: false } as const

test.each([
  [1, 10],
  [2, 30],
  [3, 60],
  [4, 180],
  [5, 180],
  [100, 180],
])('after try %i in vain the next comes after %i minutes', (times, pause) => {
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

test('a first try that mended it for two minutes in all is followed by another at once, a second one is not', () => {
  const at = noon + 5 * minutes
  expect(nextTryOf(after(1, { wellMs: 2 * minutes }), 'pager', at)).toBeNull()
  expect(nextTryOf(after(1, { wellMs: 2 * minutes - 1 }), 'pager', at)).toBe(noon + 10 * minutes)
  expect(nextTryOf(after(1, { wellMs: minutes, wellSince: at - minutes }), 'pager', at)).toBeNull()
  expect(nextTryOf(after(1, { wellMs: minutes, wellSince: at - minutes + 1 }), 'pager', at)).not.toBeNull()
  expect(nextTryOf(after(1, { wellMs: minutes, wellSince: at + minutes }), 'pager', at)).not.toBeNull()
  expect(nextTryOf(after(2, { wellMs: 9 * minutes }), 'pager', at)).toBe(noon + 30 * minutes)
})

test('what was seen missing and is there now is tried at once, and again after ten minutes', () => {
  const next = (tries: Tries, healed: Parameters<typeof nextTryFor>[1]['healed'], ms: number) =>
    nextTryFor('port-taken', { tries, healed }, 'pager', noon + ms)
  const lacked = after(3, { lacked: true })
  expect(next(lacked, [], minutes)).toBeNull()
  expect(next(after(3), [], minutes)).toBe(noon + 60 * minutes)
  expect(next({}, [], minutes)).toBeNull()
  const healed = [{ reason: 'port-taken', at: noon }] as const
  expect(next(lacked, healed, minutes)).toBe(noon + 10 * minutes)
  expect(next(lacked, healed, 10 * minutes)).toBeNull()
  expect(next(lacked, [{ reason: 'bun-missing', at: noon }], minutes)).toBeNull()
  // The pause of the tries is over sooner than that, and the clock was set back.
  expect(next(after(1, { lacked: true, at: noon - 5 * minutes }), healed, minutes)).toBe(noon + 5 * minutes)
  expect(next(lacked, [{ reason: 'port-taken', at: noon + 60 * minutes }], minutes)).toBeNull()
})

test('time well adds up over what comes between, and a clock that is set back takes none of it twice', () => {
  const looks = (from: Tried, ...of: readonly (readonly [number, typeof well | typeof sick])[]) =>
    of.reduce<Tried | null>(
      (known, [ms, look]) => (known === null ? null : afterLook(known, look, noon + ms)),
      from,
    )
  expect(looks(once, [0, sick])).toBe(once)
  expect(looks(once, [0, well], [minutes, sick])).toMatchObject({ wellMs: minutes, wellSince: null })
  const twice = looks(once, [0, well], [minutes, sick], [5 * minutes, well], [6 * minutes, well])
  expect(twice).toMatchObject({ wellMs: minutes, wellSince: noon + 5 * minutes })
  expect(looks(once, [0, well], [10 * minutes, well])).toBeNull()
  expect(looks(once, [0, well], [10 * minutes - 1, well], [10 * minutes, sick])).toBeNull()
  const back = looks(once, [0, well], [-60 * minutes, well], [-59 * minutes, sick])
  expect(back).toMatchObject({ wellMs: minutes, wellSince: null })
  const many = { ...once, times: 5 }
  expect(looks(many, [0, well], [10 * minutes, well])).toEqual({ ...once, wellSince: noon + 10 * minutes })
  expect(looks(many, [0, well], [10 * minutes, sick])).toEqual(once)
  expect(looks(many, [0, well], [10 * minutes, well], [20 * minutes, well])).toBeNull()
})

test('what was missing once since a try stays so', () => {
  const lacks = afterLook(once, { well: false, lacks: true }, noon)
  expect(lacks).toEqual({ ...once, lacked: true })
  expect(lacks === null ? null : afterLook(lacks, sick, noon + seconds)).toBe(lacks)
})

test('each try counts for the channels it may mend, and for no other, and begins anew what was seen since', () => {
  const first = withTry({}, ['pager', 'discord'], noon)
  expect(first).toEqual({ pager: once, discord: once })
  const seen = { ...first, pager: { ...once, wellMs: 5, wellSince: noon, lacked: true } }
  expect(withTry(seen, ['pager'], noon + minutes)).toEqual({
    pager: { ...once, times: 2, at: noon + minutes },
    discord: once,
  })
  expect(withTry(first, [], noon + minutes)).toEqual(first)
})
