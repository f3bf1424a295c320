import { trackArrivals } from './arrivals.ts'
import { isLacking } from './brought.ts'
import { judgeChannel } from './channel-verdict.ts'
import type { Effect } from './effect.ts'
import type { Event } from './events.ts'
import type { ChannelEvidence, Evidence } from './evidence.ts'
import { trackGaps } from './gaps.ts'
import { trackHistory } from './history.ts'
import { needsConnection } from './kinds.ts'
import { sameProcess } from './process.ts'
import type { Health, PollerRecord } from './records.ts'
import { afterLook } from './tries.ts'
import type { Verdict } from './verdict.ts'

/**
 * Writes down what changed: states with the time they began, the conversation's id where it moved, the client and the
 * pollers that are ours, gaps in which nobody listened, how the day went. Returns the new health and what to journal; the very same health when nothing
 * changed, so that it is written only then.
 */
export const trackChanges = (
  health: Health,
  evidence: Evidence,
  verdict: Verdict,
  now: number,
  lookedAt: number | null = null,
): { readonly health: Health; readonly effects: readonly Effect[] } => {
  const events: Event[] = []
  let next = health
  const acknowledged = evidence.wanted?.at ?? null
  if (next.acknowledged !== acknowledged) next = { ...next, acknowledged }
  next = trackStates(next, verdict, now, events)
  next = trackConversation(next, evidence, events)
  next = trackClient(next, evidence)
  next = trackPollers(next, evidence, now)
  next = trackTries(next, evidence, now)
  next = trackParked(next, evidence)
  next = trackGaps(next, evidence, verdict, now, events, health.since[''] ?? null)
  next = trackDay(next, evidence, verdict, { lookedAt, now, isWritten: next !== health })
  return {
    health: next === health ? health : { ...next, at: now },
    effects: events.map((event) => ({ do: 'journal', event })),
  }
}

const trackDay = (
  health: Health,
  { channels }: Evidence,
  verdict: Verdict,
  when: Parameters<typeof trackHistory>[2],
): Health => {
  const known = health.history?.arrivals ?? {}
  const arrivals = trackArrivals(known, channels, when.now)
  const isWritten = when.isWritten || arrivals !== known
  const history = trackHistory(health.history, verdict, { ...when, isWritten })
  if (history === health.history) return health
  return { ...health, history: { ...history, arrivals } }
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

const trackClient = (health: Health, { run, client }: Evidence): Health => {
  if (run === null || client === null) return health
  const { pid, start } = client.process
  if (health.client?.run === run.run && sameProcess(health.client, client.process)) return health
  return { ...health, client: { pid, start, run: run.run } }
}

const trackPollers = (health: Health, { run, channels }: Evidence, now: number): Health => {
  let { pollers } = health
  for (const { channel, poller, connected } of channels) {
    if (run === null || poller.is !== 'yes' || poller.value.ours !== 'yes') continue
    const former = sameProcess(pollers[channel.id] ?? null, poller.value.process)
      ? pollers[channel.id]
      : undefined
    const { pid, start } = poller.value.process
    const next = pollerRecord(
      former ?? { pid, start, run: run.run, connected: false, silentSince: null },
      connected,
      needsConnection(channel.kind),
      now,
    )
    if (next !== former) pollers = { ...pollers, [channel.id]: next }
  }
  return pollers === health.pollers ? health : { ...health, pollers }
}

/**
 * One that was never seen to have a connection may have one that can't be seen, or need none; but one that hears by
 * nothing else (`isNeeded`) is silent from the first look on.
 */
const pollerRecord = (
  before: PollerRecord,
  connected: ChannelEvidence['connected'],
  isNeeded: boolean,
  now: number,
): PollerRecord => {
  if (connected === 'yes')
    return before.connected && before.silentSince === null
      ? before
      : { ...before, connected: true, silentSince: null }
  return connected === 'no' && (before.connected || isNeeded) && before.silentSince === null
    ? { ...before, silentSince: now }
    : before
}

/** By what each channel is itself: a session that asks for permission, or whose model fails, has plugins that are well. */
const trackTries = (health: Health, evidence: Evidence, now: number): Health => {
  const { client, wanted, channels } = evidence
  const runs = client !== null && !client.suspended && wanted?.want === true
  const known = Object.entries(health.tries)
  const kept = known.flatMap(([id, tried]) => {
    const channel = channels.find((each) => each.channel.id === id)
    if (channel === undefined) return []
    const { state, reason } = judgeChannel(channel, evidence, now)
    const look = { well: runs && state === 'live', lacks: runs && isLacking(id, reason, evidence) }
    const next = afterLook(tried, look, now)
    return next === null ? [] : [[id, next] as const]
  })
  const same = kept.length === known.length && kept.every(([id, tried]) => health.tries[id] === tried)
  return same ? health : { ...health, tries: Object.fromEntries(kept) }
}

/** An answer of the model ends what was waited for. */
const trackParked = (health: Health, { wanted, client }: Evidence): Health => {
  if (health.parked === null) return health
  const answeredAt = client?.transcript?.lastAssistantAt ?? null
  const isOver = wanted?.want === false || (answeredAt !== null && answeredAt > health.parked.at)
  return isOver ? { ...health, parked: null } : health
}
