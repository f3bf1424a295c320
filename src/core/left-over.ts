import type { Transcript } from './client.ts'
import type { Run } from './records.ts'

/** What a client that is gone left undone, in messages of its channels. */
export type LeftOver = {
  /** In its memory, which nobody has any more. */
  readonly waiting: number
  /** In the turn it was at. */
  readonly working: number
  /** Whether the next client takes those up where it is told to. */
  readonly takesUp: boolean
  /** Until when it does, in ms since 1970. */
  readonly takenUpUntil: number
}

/**
 * From this version on a client is known to go on with an interrupted turn (CLAUDE_CODE_RESUME_INTERRUPTED_TURN): seen on
 * 2.1.260, 2.1.300 and 2.1.330, killed while a tool ran; 2.1.139 to 2.1.229 do not. None goes on with one whose prompt, a
 * message of a channel, is the last row: it counts as nobody's (seen on all three, and read in 2.1.330).
 */
export const takesUpFrom = '2.1.260'

/**
 * How old a turn's last row may be, in ms, for the next client to go on with it: what a client that is told so
 * (CLAUDE_CODE_RESUME_INTERRUPTED_TURN_MAX_AGE_MS) measures by (read in 2.1.330).
 */
export const takenUpWithinMs = 15 * 60_000

/** What the client of a run left undone, by its transcript. Rows of the clients before it count no longer. */
export const leftOver = ({ waiting, turn, lastRowAt }: Transcript, run: Run, takesUp: boolean): LeftOver => {
  // Told to go on with what the client before it was at, it has those messages, too.
  const goesOn = run.interrupted && run.exits.at(-1)?.promised?.brokenAt === null
  const since = goesOn ? 0 : run.startedAt
  return {
    waiting: waiting.filter(({ at }) => at >= run.startedAt).length,
    working: turn === null ? 0 : turn.messages.filter((at) => at >= since).length,
    takesUp: takesUp && turn?.begun === true,
    takenUpUntil: Math.max(lastRowAt ?? 0, ...(turn?.messages ?? [])) + takenUpWithinMs,
  }
}
