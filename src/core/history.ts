import type { Arrivals } from './arrivals.ts'
import { dayMs } from './duration.ts'
import { rankOf } from './state-rank.ts'

/** How a session stood in the last day, as a keeper saw it. Times in ms since 1970. */
export type History = {
  /** Until when a keeper looked, at least. */
  readonly until: number
  /** Oldest first; each lasts until the next one begins, the last one until `until`. */
  readonly spans: readonly Span[]
  /** By channel id. */
  readonly arrivals: Readonly<Record<string, Arrivals>>
}

export type Span = {
  readonly at: number
  /** Null: nobody looked. */
  readonly state: string | null
  readonly reason: string | null
  /** Of several that are kept as the worst of them: how long it was live all the same. */
  readonly liveMs: number
}

type Seen = { readonly state: string; readonly reason: string | null }

/** A keeper looks every 2 s, and is kept from it for some seconds by what it does. */
const unseenMs = 60_000
/** Where nothing changes it is written down this often that somebody looked. */
export const notedMs = 10 * 60_000
/** A session that asks for a permission every few minutes has several hundred in a day. */
const mostSpans = 120

/**
 * The history after a look. `lookedAt` is when this keeper looked before, null at its first look; with `isWritten` the
 * record is written anyway. The very same history when nothing is to be written.
 */
export const trackHistory = (
  before: History | null,
  look: Seen,
  when: { readonly lookedAt: number | null; readonly now: number; readonly isWritten: boolean },
): History => {
  const { lookedAt, now, isWritten } = when
  const fresh = { at: now, state: look.state, reason: look.reason, liveMs: 0 }
  if (before === null) return { until: now, spans: [fresh], arrivals: {} }
  const { until, spans } = before.until > now ? { until: now, spans: untilNow(before.spans, now) } : before
  const last = spans.at(-1)
  const isSame = last?.state === look.state && last.reason === look.reason
  const seenUntil = lookedAt === null || lookedAt > now ? until : Math.max(until, lookedAt)
  const wasUnseen = now - seenUntil > unseenMs
  if (isSame && !wasUnseen && !isWritten && before.until <= now && now - until < notedMs) return before
  const next = wasUnseen
    ? [...spans, { at: seenUntil, state: null, reason: null, liveMs: 0 }, fresh]
    : isSame
      ? spans
      : [...spans, fresh]
  // A clock that is a day ahead at once may be set back at the next look: then it would have been the day that is over.
  const kept = now - seenUntil > dayMs ? next : ofTheDay(next, now)
  return { ...before, until: now, spans: bounded(kept, now) }
}

/** What is said to be later than now is from before the clock was set back. */
const untilNow = (spans: readonly Span[], now: number): readonly Span[] => spans.filter(({ at }) => at <= now)

/** The one in which the day begins, and those after it. */
const ofTheDay = (spans: readonly Span[], now: number): readonly Span[] =>
  spans.filter((_, i) => {
    const next = spans[i + 1]
    return next === undefined || next.at > now - dayMs
  })

/** Of too many, the two shortest neighbours become one, as bad as the worse of them. */
const bounded = (spans: readonly Span[], until: number): readonly Span[] => {
  if (spans.length <= mostSpans) return spans
  let [shortest, shortestMs] = [-1, Number.POSITIVE_INFINITY]
  // The present one stays as it is.
  for (let i = 0; i + 2 < spans.length; i += 1) {
    const [a, b, after] = [spans[i], spans[i + 1], spans[i + 2]]
    if (a?.state == null || b?.state == null || after === undefined) continue
    const ms = after.at - a.at
    if (ms < shortestMs) [shortest, shortestMs] = [i, ms]
  }
  const [a, b] = [spans[shortest], spans[shortest + 1]]
  // Nothing but holes: then what is oldest is forgotten.
  if (a === undefined || b === undefined) return bounded(spans.slice(1), until)
  const end = spans[shortest + 2]?.at ?? until
  const worse = rankOf(b.state ?? '') > rankOf(a.state ?? '') ? b : a
  const both = { ...worse, at: a.at, liveMs: liveIn(a, b.at) + liveIn(b, end) }
  return bounded([...spans.slice(0, shortest), both, ...spans.slice(shortest + 2)], until)
}

/** How long it was live in a span that ends at `end`. */
const liveIn = ({ at, state, liveMs }: Span, end: number): number =>
  state === 'live' ? Math.max(0, end - at) : liveMs

/** A span with both its ends, cut to the last day, and how much of that it was live. */
export type Past = Omit<Span, 'at' | 'state'> & {
  readonly from: number
  readonly to: number
  readonly state: string
}

/** What somebody saw of the day before `now`, oldest first; the last span lasts until `until`. */
export const lastDay = ({ spans }: Pick<History, 'spans'>, until: number, now: number): readonly Past[] =>
  spans.flatMap((span, i) => {
    const end = Math.min(spans[i + 1]?.at ?? until, now)
    const from = Math.max(span.at, now - dayMs)
    if (span.state === null || from > end || end < now - dayMs) return []
    const share = end === span.at ? 1 : (end - from) / (end - span.at)
    const { state, reason } = span
    return [{ from, to: end, state, reason, liveMs: Math.round(liveIn(span, end) * share) }]
  })
