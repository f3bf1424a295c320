import type { Effect } from './effect.ts'
import type { Event } from './events.ts'
import type { Evidence } from './evidence.ts'
import type { Gap, Health } from './records.ts'
import type { Verdict } from './verdict.ts'

const keptGaps = 20

/**
 * Writes down what changed: states with the time they began, the conversation's id where it moved, the poller that is
 * ours, gaps in which nobody listened. Returns the new health and what to journal; the very same health when nothing
 * changed, so that it is written only then.
 */
export const trackChanges = (
  health: Health,
  evidence: Evidence,
  verdict: Verdict,
  now: number,
): { readonly health: Health; readonly effects: readonly Effect[] } => {
  const events: Event[] = []
  let next = health
  const acknowledged = evidence.wanted?.at ?? null
  if (next.acknowledged !== acknowledged) next = { ...next, acknowledged }
  next = trackStates(next, verdict, now, events)
  next = trackConversation(next, evidence, events)
  next = trackPollers(next, evidence)
  next = trackGaps(next, evidence, verdict, now)
  return {
    health: next === health ? health : { ...next, at: now },
    effects: events.map((event) => ({ do: 'journal', event })),
  }
}

const trackStates = (health: Health, verdict: Verdict, now: number, events: Event[]): Health => {
  let { since } = health
  for (const { id, state, reason, detail } of [{ id: '', ...verdict }, ...verdict.channels]) {
    const former = since[id]
    if (former?.state === state && former.reason === reason) continue
    since = { ...since, [id]: { state, reason, at: now } }
    // Channels that only follow their session would say everything twice.
    if (id === '' || verdict.channels.length > 1)
      events.push({
        type: 'state',
        channel: id === '' ? null : id,
        from: former?.state ?? null,
        to: state,
        reason,
        detail,
      })
  }
  return since === health.since ? health : { ...health, since }
}

/** `/clear` and `/resume` change the id under us; the session file is the authority (field notes, section 1). */
const trackConversation = (health: Health, { run, client }: Evidence, events: Event[]): Health => {
  const id = client?.file?.conversation ?? null
  if (run === null || id === null) return health
  if (health.conversation?.run === run.run && health.conversation.id === id) return health
  const from = health.conversation?.run === run.run ? health.conversation.id : run.conversation
  if (from !== id) events.push({ type: 'conversation', run: run.run, from, to: id })
  return { ...health, conversation: { run: run.run, id } }
}

const trackPollers = (health: Health, { run, channels }: Evidence): Health => {
  let { pollers } = health
  for (const { channel, poller } of channels) {
    if (run === null || poller.is !== 'yes' || poller.value.ours !== 'yes') continue
    const { pid, start } = poller.value.process
    const former = pollers[channel.id]
    if (former?.pid === pid && former.start === start) continue
    pollers = { ...pollers, [channel.id]: { pid, start, run: run.run } }
  }
  return pollers === health.pollers ? health : { ...health, pollers }
}

const trackGaps = (health: Health, evidence: Evidence, verdict: Verdict, now: number): Health => {
  const open = health.gaps.at(-1)?.to === null ? health.gaps.at(-1) : undefined
  const closed = open === undefined ? health.gaps : health.gaps.slice(0, -1)
  if (open === undefined) {
    const heard =
      ['live', 'stopped', 'starting'].includes(verdict.state) || verdict.reason === 'stale-evidence'
    if (heard) return health
    return { ...health, gaps: [...health.gaps, newGap(verdict, evidence, now)].slice(-keptGaps) }
  }
  if (verdict.state !== 'live' && verdict.state !== 'stopped') {
    const maybeLost = open.maybeLost || drops(verdict)
    return maybeLost === open.maybeLost ? health : { ...health, gaps: [...closed, { ...open, maybeLost }] }
  }
  return { ...health, gaps: [...closed, { ...open, to: now, waited: waitedIn(evidence, open.from) }] }
}

const newGap = (verdict: Verdict, evidence: Evidence, now: number): Gap => ({
  from: now,
  to: null,
  reason: verdict.reason ?? verdict.state,
  waited: null,
  unanswered: evidence.client?.transcript?.queued ?? null,
  maybeLost: drops(verdict),
})

/** A thief and a client that answers 401 take messages from the platform and answer none. */
const drops = ({ reason }: Verdict): boolean =>
  reason === 'poller-stolen' ||
  reason === 'poller-contested' ||
  reason === 'login-expired' ||
  reason === 'usage-limit'

/** What the platform said before the gap says nothing of it, and what it said since the plugin polls neither. */
const waitedIn = ({ channels }: Evidence, from: number): number | null => {
  const counts = channels.flatMap(({ platform, log }) =>
    platform?.pending == null || platform.at < from || platform.at >= (log?.startedAt ?? platform.at + 1)
      ? []
      : [platform.pending],
  )
  return counts.length === 0 ? null : counts.reduce((a, b) => a + b, 0)
}
