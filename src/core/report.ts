import { unknown } from './answer.ts'
import { arrivedLately, trackArrivals } from './arrivals.ts'
import type { Keepers } from './at-work.ts'
import { type Channel, serverName } from './channel.ts'
import { iso } from './duration.ts'
import type { ChannelEvidence, Evidence } from './evidence.ts'
import { because, type Finding } from './finding.ts'
import { lastDay, notedMs } from './history.ts'
import { remedyFor } from './reasons.ts'
import type { KeeperRecord } from './records.ts'
import type { Session } from './session.ts'
import { judge, type Verdict } from './verdict.ts'

/** `channels status --json`, version 1 (design, section 4). Fields are added, never renamed. */
export type Report = {
  readonly version: 1
  readonly at: string
  readonly live: number
  readonly total: number
  readonly keeper: { readonly pid: number; readonly version: string; readonly since: string } | null
  readonly sessions: readonly SessionReport[]
}

/** A session whose evidence could not be gathered, and why. */
export type Unreadable = { readonly session: Session; readonly unreadable: string }

export type SessionReport = ReturnType<typeof reportSession>

/** The report on these sessions. Pure: the same evidence makes the same document. */
export const report = (
  evidence: readonly (Evidence | Unreadable)[],
  keeper: KeeperRecord | null,
  now: number,
): Report => {
  const sessions = evidence.map((each) =>
    'unreadable' in each
      ? reportSession(nothingOf(each.session, now), unknownVerdict(each.unreadable), now)
      : reportSession(each, judge(each, now), now),
  )
  return {
    version: 1,
    at: iso(now),
    live: sessions.filter(({ state }) => state === 'live').length,
    total: sessions.length,
    keeper: keeper === null ? null : { pid: keeper.pid, version: keeper.version, since: iso(keeper.since) },
    sessions,
  }
}

const nothingOf = (session: Session, at: number): Evidence => ({
  ...{ at, session, wanted: null, orders: null, run: null, health: null, obstacles: [] },
  ...{ keeper: null, silentKeeper: null },
  terminal: { loop: null, attached: 0, launchFailed: null },
  client: null,
  stray: null,
  login: null,
  channels: session.channels.map((channel) => ({
    ...{ channel, log: null, slotTakenAt: null, platform: null, connected: 'unknown', needsAuthAt: null },
    poller: unknown('not looked for'),
    access: unknown('not read'),
  })),
})

const unknownVerdict = (detail: string): Verdict => ({
  ...because('stale-evidence', detail),
  remarks: [],
  channels: [],
})

const reportSession = (evidence: Evidence, verdict: Verdict, now: number) => {
  const { session, wanted, terminal, client, run, health } = evidence
  return {
    name: session.name,
    cwd: session.cwd,
    wanted: wanted?.want ?? false,
    ...finding(verdict, evidence, '', evidence.channels[0]?.channel),
    remarks: verdict.remarks,
    dialog: verdict.reason === 'unknown-dialog' ? (client?.dialog?.text ?? null) : null,
    terminal: {
      kind: session.multiplexer,
      running: terminal.loop !== null,
      // Looked up when it is asked for, as is the history: a table that goes into a pipe has none of it.
      get attached() {
        return terminal.attached
      },
    },
    client:
      client === null
        ? null
        : {
            pid: client.process.pid,
            version: client.file?.version ?? null,
            installed: client.installed?.version ?? null,
            conversation: client.file?.conversation ?? run?.conversation ?? null,
            activity: client.file?.activity ?? 'unknown',
            waitingFor: client.file?.waitingFor ?? null,
            since: isoOrNull(run?.startedAt),
          },
    restarts: restarts(evidence, now),
    gaps: (health?.gaps ?? []).map((gap) => ({ ...gap, from: iso(gap.from), to: isoOrNull(gap.to) })),
    // Made when it is asked for: a table that goes into a pipe has none of it.
    get history() {
      return history(evidence, now)
    },
    channels: evidence.channels.map((channel, i) =>
      reportChannel(channel, verdict.channels[i] ?? verdict, evidence),
    ),
  }
}

/** `own`: the channel it is about where it names none itself. */
const finding = (
  { state, reason, detail, about }: Finding,
  evidence: Evidence,
  id: string,
  own: Channel | undefined,
) => {
  const { name, channels } = evidence.session
  const meant = evidence.channels.find(({ channel }) => channel.id === about)?.channel ?? own ?? null
  const known = evidence.health?.since[id]
  return {
    state,
    reason,
    detail,
    remedy: reason === null ? null : remedyFor(reason, name, meant, channels),
    since: isoOrNull(known?.state === state && known.reason === reason ? known.at : null),
  }
}

const restarts = ({ run }: Evidence, now: number) => {
  const last = run?.exits.at(-1)
  const waiting = run?.waiting ?? null
  return {
    total: run?.restarts ?? 0,
    streak: run?.streak ?? 0,
    last:
      last === undefined
        ? null
        : {
            at: iso(last.at),
            reason: last.reason,
            code: last.code,
            signal: last.signal,
            downForMs: last.downForMs,
          },
    nextAt: waiting !== null && waiting.until > now ? iso(waiting.until) : null,
  }
}

/** How the last day went: what a keeper saw, and the messages, those of this moment among them. */
const history = ({ health, channels, ...keepers }: Evidence, now: number) => {
  const known = health?.history ?? null
  const spans = known === null ? [] : lastDay(known, seenUntil(known.until, keepers, now), now)
  const arrived = arrivedLately(trackArrivals(known?.arrivals ?? {}, channels, now), now)
  return {
    spans: spans.map(({ from, to, ...span }) => ({ from: iso(from), to: iso(to), ...span })),
    messages: arrived.map(({ at, count }) => ({ from: iso(at), count })),
  }
}

/**
 * A keeper writes it down when something changes, and else every ten minutes: one that is at work has looked until now,
 * and one that looks no more until its last look.
 */
const seenUntil = (until: number, { keeper, silentKeeper }: Keepers, now: number): number => {
  const lookedAt = keeper === null ? (silentKeeper?.lookedAt ?? null) : now
  return lookedAt !== null && lookedAt <= now && lookedAt - until < 1.5 * notedMs
    ? Math.max(lookedAt, until)
    : until
}

const reportChannel = (evidence: ChannelEvidence, found: Finding, session: Evidence) => {
  const { channel, log, poller, access, platform } = evidence
  return {
    id: channel.id,
    kind: channel.kind,
    ...finding(found, session, channel.id, channel),
    account: platform?.account ?? channel.account,
    policy: access.is === 'yes' ? access.value.policy : null,
    senders: access.is === 'yes' ? access.value.senders.length : null,
    lastMessageAt: isoOrNull(later(log?.lastInboundAt, deliveredAt(channel, session.client))),
    evidence: {
      registered: isoOrNull(log?.registeredAt),
      poller: poller.is === 'yes' ? { pid: poller.value.process.pid, ours: isOurs(poller.value.ours) } : null,
      tokenAccepted: platform?.token === 'accepted' ? iso(platform.at) : null,
      pending: platform?.pending ?? null,
    },
  }
}

/** By the conversation: where it is told of no message of this channel, nobody else's is taken for one. */
const deliveredAt = (channel: Channel, client: Evidence['client']): number | undefined =>
  client?.transcript?.lastDelivered.find(({ server }) => server === serverName(channel))?.at

/** Of a long log and a long transcript only the ends are read. */
const later = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a == null ? (b ?? null) : Math.max(a, b ?? a)

const isOurs = (ours: 'yes' | 'no' | 'unknown'): boolean | null =>
  ours === 'unknown' ? null : ours === 'yes'

const isoOrNull = (at: number | null | undefined): string | null =>
  at === null || at === undefined ? null : iso(at)
