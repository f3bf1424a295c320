import type { ReasonName, State } from '../reasons.ts'
import type { Gap } from '../records.ts'

export type NoticeEvent = 'blocked' | 'gave-up' | 'down' | 'back' | 'waiting'

/** What people are told of a session. No detail of what was seen: those may hold paths, and words of others. */
export type Notice = {
  readonly event: NoticeEvent
  readonly state: State
  readonly reason: ReasonName | null
  /** Id of the channel that is meant; null where none of several is. */
  readonly about: string | null
  /** When it is told, and since when it is so; in ms since 1970. */
  readonly at: number
  readonly since: number
  /** Of one that is back: when nobody listened, and what that cost; null where nothing is known of it. */
  readonly gap: GapReport | null
  /** True as long as the session's condition is called so. */
  readonly condition: string
}

export type GapReport = Omit<Gap, 'to'> & {
  readonly to: number
  /** In between somebody may have listened: how long nobody did, in all, and how many times. Moments of loss are none. */
  readonly lastedMs: number
  readonly times: number
}

/** All that happened while it was away, summed up; null where there was nothing. */
export const reportGaps = (gaps: readonly Gap[], since: number, reason: string): GapReport | null => {
  const ended = gaps.flatMap((gap) => (gap.to !== null && gap.to >= since ? [{ ...gap, to: gap.to }] : []))
  return ended.reduce<GapReport | null>(
    (sum, gap) => ({
      reason,
      from: Math.min(sum?.from ?? gap.from, gap.from),
      to: Math.max(sum?.to ?? gap.to, gap.to),
      lastedMs: (sum?.lastedMs ?? 0) + Math.max(0, gap.to - gap.from),
      times: (sum?.times ?? 0) + (gap.to > gap.from ? 1 : 0),
      waited: add(sum?.waited ?? null, gap.waited),
      unanswered: add(sum?.unanswered ?? null, gap.unanswered),
      maybeLost: (sum?.maybeLost ?? false) || gap.maybeLost,
    }),
    null,
  )
}

const add = (a: number | null, b: number | null): number | null => (a === null ? b : a + (b ?? 0))
