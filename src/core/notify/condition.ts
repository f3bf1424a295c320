import { askedAtTerminal } from '../asked-at-terminal.ts'
import type { Evidence } from '../evidence.ts'
import { type ReasonName, reasons } from '../reasons.ts'
import type { Verdict } from '../verdict.ts'
import type { NoticeEvent } from './notice.ts'

/** How a session is, as far as anybody is told of it. */
export type Condition =
  /** Not wanted: what was asked for. */
  | { readonly is: 'off' }
  | { readonly is: 'well' }
  /** Nothing to tell: it answers on, it was asked for, somebody sees it, or nobody knows. */
  | { readonly is: 'neither' }
  | Trouble

export type Trouble = {
  readonly is: 'trouble'
  readonly event: Exclude<NoticeEvent, 'back'>
  /** Tells this trouble from others, and one prompt from the next. */
  readonly key: string
  /** Told once it has held for so long. */
  readonly afterMs: number
  /** That is counted from when the session was well last, whatever it went through since. */
  readonly counts: 'itself' | 'all of it'
}

/** The minute: what heals within it nobody needs to know of. */
const minuteMs = 60_000
/** What one look takes for a trouble may be over at the next: a dialog that is answered as agreed, a file that is replaced. */
const believeMs = 10_000

/** How a session is. Pure: all that is said of it is in the verdict, and who looks at its terminal in the evidence. */
export const conditionOf = (verdict: Verdict, evidence: Evidence): Condition => {
  const { state, reason } = verdict
  if (evidence.wanted?.want !== true || state === 'stopped') return { is: 'off' }
  if (state === 'live') return { is: 'well' }
  if (isAsked(evidence) || (reason !== null && untold.has(reason))) return { is: 'neither' }
  if (reason !== null && atTerminal.has(reason) && evidence.terminal.attached > 0) return { is: 'neither' }
  return troubleOf(reason, state, evidence)
}

const troubleOf = (reason: ReasonName | null, state: Verdict['state'], evidence: Evidence): Trouble => {
  if (reason === 'permission-prompt' || reason === 'question')
    // A plugin may have put it into the chat, which no log and no file tells (field notes, section 3): whoever is
    // asked there has a minute to answer.
    return trouble('waiting', `${reason} ${askedAt(evidence) ?? ''}`.trimEnd(), minuteMs)
  const told = reason !== null && reasons[reason].tell === 'person'
  if (told && state === 'blocked') return trouble('blocked', reason, believeMs)
  if (told && state === 'down') return trouble('gave-up', reason, 0)
  // The thief is ended within seconds, and what he took is lost.
  if (told) return trouble('down', reason, reason === 'poller-stolen' ? 0 : believeMs)
  return { is: 'trouble', event: 'down', key: 'down', afterMs: minuteMs, counts: 'all of it' }
}

/**
 * Clients before 2.1.139 say nowhere since when they ask. Nothing is written while they do, but the result of what ran
 * beside it; where there is no transcript, it is since the keeper has seen the session ask.
 */
const askedAt = ({ client, health }: Evidence): number | null =>
  client?.file?.statusUpdatedAt ?? client?.transcript?.lastRowAt ?? health?.since['']?.at ?? null

/** By which a condition is known again: `condition` of a notice. */
export const nameOf = ({ event, key }: { readonly event: string; readonly key: string }): string =>
  `${event} ${key}`

const trouble = (event: Trouble['event'], key: string, afterMs: number): Trouble => ({
  ...{ is: 'trouble', event, key, afterMs },
  counts: 'itself',
})

/** Its client answers on until it is at rest; then the new one comes that somebody asked for. */
const isAsked = ({ wanted, run, client }: Evidence): boolean =>
  client !== null && wanted !== null && run !== null && wanted.generation > run.generation

/** Answers on (an update), was asked for, or is no more than that nobody could tell. */
const untold: ReadonlySet<ReasonName> = new Set([
  'client-replaced',
  'client-updated',
  'taken-down',
  'stale-evidence',
])

/** Who looks at the terminal sees it there. */
const atTerminal: ReadonlySet<ReasonName> = new Set([...askedAtTerminal, 'trust-dialog', 'client-stopped'])
