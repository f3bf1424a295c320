import { type Healed, isAffordable } from './budget.ts'
import { handshakeGraceMs, judgeChannel } from './channel-verdict.ts'
import { lately } from './duration.ts'
import type { Effect } from './effect.ts'
import type { ChannelEvidence, ClientEvidence, Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import { type ReasonName, reasons } from './reasons.ts'
import type { Verdict } from './verdict.ts'

/** A fault that ending the client heals: the loop resumes the conversation, and the plugin starts with it. */
export type HealingPlan = {
  readonly reason: ReasonName
  /** The same fault of the same run: what has to hold over two samples. */
  readonly key: string
  /** How long it has to hold at least, in milliseconds. */
  readonly graceMs: number
  readonly effects: (forMs: number) => readonly Effect[]
}

/** Work in progress is not thrown away for a deaf channel before this: messages wait at Telegram for 24 h. */
const busyMs = 60 * 60_000
/** A session that waits for a person and is deaf cannot be answered from the phone either. */
const waitingMs = 30 * 60_000

/** What could be healed by ending the client; null when nothing is wrong, or nothing can be done about it. */
export const healingOf = (
  healed: readonly Healed[],
  evidence: Evidence,
  verdict: Verdict,
  now: number,
): HealingPlan | null => {
  const { client, run } = evidence
  if (client === null || run === null) return null
  const sick = findings(evidence, verdict, now).find(
    ({ reason }) => reason !== null && isHealedByResume(reason, evidence),
  )
  if (!sick?.reason) return null
  const reason = sick.reason
  const channel = evidence.channels.find((each) => each.channel.id === sick.id)
  return {
    reason,
    key: `${run.run} ${sick.id} ${reason}`,
    // Of a run from before the clock was set back nobody can tell whether its start has had its time: it gets it anew.
    graceMs: run.startedAt > now && reason !== 'poller-stolen' ? handshakeGraceMs : 0,
    effects: (forMs) =>
      isAffordable(reason, healed, now)
        ? [
            ...(reason === 'poller-stolen' && channel !== undefined ? endThief(channel) : []),
            ...(isInterruptible(client, evidence.terminal.attached, forMs)
              ? resume(evidence, client, run.run, reason, healed, now)
              : []),
          ]
        : [],
  }
}

/** A session that waits for a person says so of each channel; whether it is deaf as well has to be looked at below that. */
const findings = (evidence: Evidence, { reason, channels }: Verdict, now: number): Verdict['channels'] =>
  reason === 'permission-prompt' || reason === 'question'
    ? evidence.channels.map((each): Finding & { readonly id: string } => ({
        id: each.channel.id,
        ...judgeChannel(each, evidence, now),
      }))
    : channels

/**
 * Token and Bun are the person's to bring; once they are there, a plugin that failed for want of them needs a new
 * start.
 */
const isHealedByResume = (reason: ReasonName, { obstacles }: Evidence): boolean => {
  if (reasons[reason].healing === 'resume') return true
  return (reason === 'token-missing' || reason === 'bun-missing') && obstacles.length === 0
}

/** A thief drops what it takes: its poller goes at once, so that messages wait at the platform again. */
const endThief = ({ poller }: ChannelEvidence): readonly Effect[] =>
  poller.is === 'yes' && poller.value.ours === 'no'
    ? [{ do: 'end-poller', process: poller.value.process }]
    : []

/**
 * Only a client that says it is idle is ended at once. One whose activity can't be read may be at work, and one with a
 * shell in the background would take that with it.
 */
const isInterruptible = ({ file }: ClientEvidence, attached: number, forMs: number): boolean => {
  if (file?.activity === 'idle') return true
  if (file?.activity === 'waiting') return attached === 0 && forMs >= waitingMs
  return forMs >= busyMs
}

const resume = (
  evidence: Evidence,
  client: ClientEvidence,
  run: string,
  reason: ReasonName,
  healed: readonly Healed[],
  now: number,
): readonly Effect[] => {
  const again = lately(healed, 10 * 60_000, now).some((each) => each.reason === reason)
  // A resumed session sometimes comes up without its poller (field notes, section 5): the second time, start fresh.
  const fresh = reason === 'plugin-not-started' && again && evidence.run?.resumed === true
  const action = fresh
    ? 'end the client, start a fresh conversation'
    : 'end the client, resume the conversation'
  return [
    { do: 'journal', event: { type: 'healing', reason, action } },
    { do: 'end-client', process: client.process, run, ended: reason, fresh, gently: false },
  ]
}
