import { type ReasonName, reasons, type State } from './reasons.ts'

/** What evidence amounts to: a state and, unless live, starting or stopped, a reason of the catalogue. */
export type Finding = {
  readonly state: State
  readonly reason: ReasonName | null
  /** What exactly was seen: a pid, a folder, a line. Never screen text, never a token. */
  readonly detail: string | null
  /** Id of the channel that is meant; absent where none of several is, and in what a channel says of itself. */
  readonly about?: string
}

export const live: Finding = { state: 'live', reason: null, detail: null }
export const starting = (detail: string): Finding => ({ state: 'starting', reason: null, detail })
export const because = (reason: ReasonName, detail: string | null = null): Finding => ({
  state: reasons[reason].state,
  reason,
  detail,
})
