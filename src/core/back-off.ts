const longestMs = 60_000
/** So that ten sessions that died of one cause do not come back in one moment. */
const jitter = 0.2
/** No back-off is longer, in milliseconds. */
export const longestBackOffMs = longestMs * (1 + jitter)

/**
 * How long to wait before the next start, in milliseconds: after the first crash of a streak not at all, then 1, 2, 4 …
 * 60 s, each by up to 20 % more or less.
 *
 * @param streak crashes in a row, the one that just happened included
 * @param chance 0 to 1
 */
export const backOff = (streak: number, chance: number): number => {
  if (streak <= 1) return 0
  const plain = Math.min(longestMs, 1_000 * 2 ** (streak - 2))
  return Math.round(plain * (1 - jitter + 2 * jitter * chance))
}
