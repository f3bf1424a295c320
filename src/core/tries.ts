import { isWithin, lately } from './duration.ts'
import type { ReasonName } from './reasons.ts'

/** Per channel id. */
export type Tries = Readonly<Record<string, Tried>>

/** Ends of a client for one channel. */
export type Tried = {
  /** So many that are not forgotten yet. */
  readonly times: number
  /** The last one, in ms since 1970. */
  readonly at: number
  /** For how long the channel itself was well since then, up to `wellSince`, in milliseconds. */
  readonly wellMs: number
  /** Since when it has been well, in ms since 1970; null while it is not. */
  readonly wellSince: number | null
  /** What it fails for want of, and a person brings, was seen to be missing since then. */
  readonly lacked: boolean
}

/** Of a session's health. */
export type Known = {
  readonly tries: Tries
  readonly healed: readonly { readonly reason: ReasonName; readonly at: number }[]
}

const minute = 60_000
/** After the first try in vain, the second, and so on: a restart costs those who write by another channel some seconds. */
const pausesMs = [10 * minute, 30 * minute, 60 * minute, 180 * minute] as const
/** A try after which the channel was well for so long in all was not in vain: the next fault is another one. */
const mendedMs = 2 * minute
/** A channel that has been well for so long in all since its last try: what was tried before that says little of its next fault. */
const settledMs = 10 * minute

/**
 * When a channel is tried again where a restart disturbs others, in ms since 1970; null: now. After a try in vain it waits
 * ever longer; a first one that mended it for 2 minutes is followed by another at once. A try from before the clock was set
 * back counts as long ago.
 *
 * What a channel costs the others at the most, as long as no clock is set: after two tries less than 10 minutes apart none
 * comes for 10 minutes, so that there are 7 in an hour, and 6 in each hour in the long run, and that many only while it is
 * well for 10 minutes after each. One that is never well for as long is tried 5 times in the first 5 hours, and every 3
 * hours from then on. Where a person brought what was missing there may be one more every 10 minutes (`nextTryFor`).
 */
export const nextTryOf = (tries: Tries, id: string, now: number): number | null => {
  const known = tries[id]
  if (known === undefined || known.times < 1) return null
  if (known.times === 1 && wellMsOf(known, now) >= mendedMs) return null
  const pauseMs = pausesMs[Math.min(known.times, pausesMs.length) - 1] ?? 0
  return isWithin(known.at, pauseMs, now) ? known.at + pauseMs : null
}

/**
 * The same for a channel that fails for want of what a person brings. Seen missing since the last try, and there now, it is
 * tried at once, but once in ten minutes only: by a port that each end of the client frees late, nobody is to be disturbed
 * for ever. Where it was not seen missing there is nothing new.
 */
export const nextTryFor = (
  reason: ReasonName,
  { tries, healed }: Known,
  id: string,
  now: number,
): number | null => {
  const next = nextTryOf(tries, id, now)
  if (next === null || tries[id]?.lacked !== true) return next
  const last = lately(healed, settledMs, now).findLast((each) => each.reason === reason)
  return last === undefined ? null : Math.min(next, last.at + settledMs)
}

/** One more try for each of these channels. */
export const withTry = (tries: Tries, ids: readonly string[], now: number): Tries => ({
  ...tries,
  ...Object.fromEntries(
    ids.map((id) => [
      id,
      { times: (tries[id]?.times ?? 0) + 1, at: now, wellMs: 0, wellSince: null, lacked: false },
    ]),
  ),
})

/**
 * What is to be remembered of a channel's tries after one more look at it; null once they are forgotten, the very same when
 * nothing changed. Ten minutes well in all leave one of several, and ten more leave none. Time in which nobody looked, or
 * that a clock was set forward by, counts as what was seen before it: nobody was disturbed in it.
 */
export const afterLook = (
  known: Tried,
  { well, lacks }: { readonly well: boolean; readonly lacks: boolean },
  now: number,
): Tried | null => {
  const wellMs = wellMsOf(known, now)
  const lacked = known.lacked || lacks
  const begun = { ...known, wellSince: well ? now : null, lacked }
  if (wellMs >= settledMs) return known.times > 1 ? { ...begun, times: 1, wellMs: 0 } : null
  const { wellSince } = known
  // One that is still to come is from before the clock was set back: what is well is counted anew.
  const same = well ? wellSince !== null && wellSince <= now : wellSince === null
  if (!same) return { ...begun, wellMs }
  return lacked === known.lacked ? known : { ...known, lacked }
}

/** For how long a channel was well since its last try, in all. */
const wellMsOf = ({ wellMs, wellSince }: Tried, now: number): number =>
  wellMs + (wellSince === null ? 0 : Math.max(0, now - wellSince))
