import { isWithin } from './duration.ts'
import type { Health } from './records.ts'

export type Tries = Health['tries']

const minute = 60_000
/** After the first try in vain, the second, and so on: a restart costs those who write by another channel some seconds. */
const pausesMs = [10 * minute, 30 * minute, 60 * minute, 180 * minute] as const
/** A channel that has been live for so long is well again: what was tried before that says nothing of its next fault. */
export const settledMs = 10 * minute

/**
 * When a channel that was healed in vain is tried again, where a restart disturbs others, in ms since 1970; null: now. A
 * try from before the clock was set back counts as long ago.
 */
export const nextTryOf = (tries: Tries, id: string, now: number): number | null => {
  const known = tries[id]
  if (known === undefined || known.times < 1) return null
  const pauseMs = pausesMs[Math.min(known.times, pausesMs.length) - 1] ?? 0
  return isWithin(known.at, pauseMs, now) ? known.at + pauseMs : null
}

/** One more try for each of these channels. */
export const withTry = (tries: Tries, ids: readonly string[], now: number): Tries => ({
  ...tries,
  ...Object.fromEntries(ids.map((id) => [id, { times: (tries[id]?.times ?? 0) + 1, at: now }])),
})
