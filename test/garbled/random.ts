/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export type Random = () => number

export const seeded = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A whole number from 0 on and below `end`. */
export const below = (random: Random, end: number): number => Math.floor(random() * end)

export const pick = <T>(random: Random, list: readonly T[]): T => {
  const [found] = list.slice(below(random, list.length))
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}
