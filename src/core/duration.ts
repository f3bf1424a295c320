/** In milliseconds. */
export const dayMs = 86_400_000

const units = [
  ['d', dayMs],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const

/** `2d 3h`, `4m 10s`, `0s`: the two largest units that are there, for people. */
export const formatDuration = (ms: number): string => {
  const first = units.findIndex(([, size]) => ms >= size)
  if (first === -1) return '0s'
  const parts: string[] = []
  let rest = Math.max(0, ms)
  for (const [unit, size] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / size)
    if (count > 0) parts.push(`${count}${unit}`)
    rest -= count * size
  }
  return parts.join(' ')
}

/** `90s`, `5m`, `2h`, `1d` or `1h30m` in milliseconds; a bare number is seconds; null when it is none of these. */
export const parseDuration = (text: string): number | null => {
  if (/^\d+(\.\d+)?$/.test(text)) return countable(Number(text) * 1_000)
  if (!/^(\d+[dhms])+$/.test(text)) return null
  return countable(
    [...text.matchAll(/(\d+)([dhms])/g)].reduce(
      (sum, [, count, unit]) => sum + Number(count) * (units.find(([name]) => name === unit)?.[1] ?? 0),
      0,
    ),
  )
}

/** Beyond half of the last date a sum with the present time may be no date any more. */
const countable = (ms: number): number | null => (ms <= lastDate / 2 ? ms : null)

/** In milliseconds since 1970, as the language has it. */
const lastDate = 8.64e15

/** A time in milliseconds since 1970 as texts and JSON have it. Throws a RangeError for what is no date. */
export const iso = (at: number): string => new Date(at).toISOString()

/** Whether a number of milliseconds since 1970 is a date that can be told. */
export const isDate = (at: number): boolean => Math.abs(at) <= lastDate

/** Whether something happened just now, to a grace in milliseconds; from a clock that was set back since, it did not. */
export const isRecent = (agoMs: number, graceMs: number): boolean => Math.abs(agoMs) < graceMs

/**
 * Whether a recorded time lies within the last so many milliseconds. One that is still to come was recorded before the
 * clock was set back: nobody knows how long ago, and it counts as long ago.
 */
export const isWithin = (at: number, withinMs: number, now: number): boolean =>
  at <= now && now - at < withinMs

/**
 * What of a list, oldest first, happened within the last so many milliseconds. What is recorded as later than something
 * that came after it is from before the clock was set back, also once the clock has caught up.
 */
export const lately = <T extends { readonly at: number }>(
  list: readonly T[],
  withinMs: number,
  now: number,
): readonly T[] =>
  list.filter(({ at }, i) => isWithin(at, withinMs, now) && list.slice(i + 1).every((next) => next.at >= at))

/**
 * Whether something recorded at `at` happened since `since`: not before it, and not in the future, unless the clock was
 * set back after `since` as well.
 */
export const isSince = (at: number, since: number, now: number): boolean =>
  at >= since && (at <= now || since > now)
