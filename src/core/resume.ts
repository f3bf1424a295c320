import { isBrought } from './brought.ts'
import type { Healed } from './budget.ts'
import { isWithin, lately } from './duration.ts'
import type { Effect } from './effect.ts'
import type { ClientEvidence, Evidence } from './evidence.ts'
import { isSick, type Judged } from './neighbours.ts'
import { type ReasonName, reasons } from './reasons.ts'
import type { Health } from './records.ts'
import { isQuiet, isSwap } from './update.ts'

/** A client with something wrong. */
export type Case = {
  readonly health: Health
  readonly evidence: Evidence
  readonly client: ClientEvidence
  readonly run: string
  /** What is wrong in all. */
  readonly all: readonly Judged[]
  readonly now: number
}
/** In milliseconds. */
export type Held = {
  /** For how long the fault has held. */
  readonly heldMs: number
  /** For how long the session has waited for a person, and nobody was attached. */
  readonly aloneMs: number
}

/** Work in progress is not thrown away for a deaf channel before this: messages wait at Telegram for 24 h. */
const busyMs = 60 * 60_000
/** A session that waits for a person and is deaf cannot be answered from the phone either. */
const waitingMs = 30 * 60_000
/** A client that comes up without its plugin again within this has done so twice. */
const againMs = 10 * 60_000

/** Ends the client, so that the loop resumes its conversation; or starts a fresh one where it is that which keeps it deaf. */
export const resume = (reason: ReasonName, given: Case): readonly Effect[] => {
  const { health, evidence, client, run, now } = given
  const again = lately(health.healed, againMs, now).some((each: Healed) => each.reason === reason)
  // A resumed session sometimes comes up without its poller (field notes, section 5): the second time, start fresh.
  const fresh =
    reason === 'plugin-not-started' && again && evidence.run?.resumed === true && isNobodysElse(given)
  const former = client.file?.conversation ?? evidence.run?.conversation
  const action = fresh
    ? `end the client, start a fresh conversation; \`channels restart --conversation ${former}\` goes back`
    : 'end the client, resume the conversation'
  return [
    { do: 'journal', event: { type: 'healing', reason, action } },
    {
      ...{ do: 'end-client', process: client.process, run, ended: reason, fresh },
      // Its plugin is well: what that has fetched is not to be lost.
      gently: isSwap(reason),
      hold: null,
    },
  ]
}

/**
 * Who writes by another channel is in the same conversation: it is given up only where none has come up in it, and not for
 * want of a try.
 */
const isNobodysElse = ({ all, evidence, health, now }: Case): boolean =>
  all.length === 1 ||
  all.every(({ id, ...found }) => {
    const log = evidence.channels.find(({ channel }) => channel.id === id)?.log
    const tried = isWithin(health.tries[id]?.at ?? Number.POSITIVE_INFINITY, againMs, now)
    return isSick(found) && log?.registeredAt == null && (found.state === 'blocked' || tried)
  })

/** What a person brought needs to be there; and a client that was replaced or updated is ended only once another can start. */
export const isHealedByResume = (reason: ReasonName, { obstacles }: Evidence): boolean => {
  if (isSwap(reason)) return obstacles.length === 0
  if (reasons[reason].healing === 'resume') return true
  return isBrought(reason) && obstacles.length === 0
}

/** Another start is a try for whatever it may mend, also for what would not have been its turn yet. */
export const triedBy = ({ all, evidence }: Case): readonly string[] =>
  all.flatMap(({ id, reason }) =>
    reason === 'not-healing' || (reason !== null && !isSwap(reason) && isHealedByResume(reason, evidence))
      ? [id]
      : [],
  )

/**
 * Only a client that says it is idle is ended at once. One whose activity can't be read may be at work, and one with a
 * shell in the background would take that with it.
 */
export const isInterruptible = (
  reason: ReasonName,
  { client: { file }, evidence, now }: Case,
  { heldMs, aloneMs }: Held,
): boolean => {
  if (reason === 'client-updated') return isQuiet(evidence, now)
  if (file?.activity === 'idle') return true
  // It hears and works.
  if (reason === 'client-replaced') return false
  // Deaf for an hour before it asked, it has asked nobody for half an hour yet.
  if (file?.activity === 'waiting') return Math.min(heldMs, aloneMs) >= waitingMs
  return heldMs >= busyMs
}
