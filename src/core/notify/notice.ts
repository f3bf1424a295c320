import type { ReasonName, State } from '../reasons.ts'

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

/** All that happened while it was away, as a gap has it. Times in ms since 1970. */
export type GapReport = {
  readonly from: number
  readonly to: number
  readonly reason: string
  readonly waited: number | null
  readonly unanswered: number | null
  readonly maybeLost: boolean
  /** In between somebody may have listened: how long nobody did, in all, and how many times. Moments of loss are none. */
  readonly lastedMs: number
  readonly times: number
}
