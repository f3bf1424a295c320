import type { Event } from './events.ts'
import type { Evidence } from './evidence.ts'
import { isWorthSaying } from './gap-words.ts'
import { kinds } from './kinds.ts'
import type { ReasonName } from './reasons.ts'
import type { ExitRecord, Gap, Health, Run } from './records.ts'
import type { Verdict } from './verdict.ts'

const keptGaps = 20

/**
 * Writes down when nobody listened, from when to when: how many messages waited at the platform, how many had reached a
 * client and were not worked on, whether any may be lost. An end of a client counts though no look saw it gone, and so
 * does a message that was answered with an error. Says so of each gap that ends. `former` is the session's state before
 * this look.
 */
export const trackGaps = (
  health: Health,
  evidence: Evidence,
  verdict: Verdict,
  now: number,
  events: Event[],
  former: Health['since'][string] | null,
): Health => {
  const begun =
    openGap(health.gaps) === null && !isHeard(verdict)
      ? [...health.gaps, newGap(verdict, evidence, now)]
      : health.gaps
  let gaps = counts(health, evidence, now).reduce(withLoss, begun)
  const open = openGap(gaps)
  if (open !== null && (verdict.state === 'live' || verdict.state === 'stopped'))
    gaps = closeLast(gaps, endOf(open, former, verdict, evidence, now), waitedIn(evidence, open.from))
  else if (open !== null && !open.maybeLost && (drops(verdict) || isUnkept(verdict, evidence)))
    gaps = [...gaps.slice(0, -1), { ...open, maybeLost: true }]
  for (const gap of gaps) if (isNews(gap, health.gaps)) events.push({ type: 'gap', ...gap })
  const next = nextCounted(health, evidence, now)
  if (gaps === health.gaps && next === health.counted) return health
  return { ...health, gaps: gaps.slice(-keptGaps), counted: next }
}

/** Messages that nobody works on any more, and since when nobody listened for that cause. */
type Loss = {
  readonly at: number
  readonly reason: string
  readonly messages: number
  /** A client that is gone listens to nobody; one that answered with an error listens on. */
  readonly gone: boolean
  readonly maybeLost: boolean
}

const counts = ({ counted }: Health, { run, client, channels }: Evidence, now: number): readonly Loss[] => {
  const ends = (run?.exits ?? [])
    .filter(({ at }) => at > counted.exits && at <= now)
    .map(
      (exit): Loss => ({
        ...{ at: exit.at, reason: exit.reason, messages: exit.unanswered ?? 0 },
        ...{ gone: isOutage(exit), maybeLost: outlives(exit) || channels.some(keepsNothing) },
      }),
    )
  const broken = brokenPromises(run).filter(({ at }) => at > counted.promises && at <= now)
  const failures = (client?.transcript?.failed ?? [])
    .filter(({ at }) => at > counted.failures && at <= now)
    .map(
      ({ at, messages }): Loss => ({
        ...{ at, reason: 'model-failing', messages },
        gone: false,
        maybeLost: false,
      }),
    )
  return [...ends, ...broken, ...failures]
    .filter(({ messages, gone }) => gone || messages > 0)
    .sort((a, b) => a.at - b.at)
}

/** What a client was at, and the next one did not go on with. */
const brokenPromises = (run: Run | null): readonly Loss[] =>
  (run?.exits ?? []).flatMap(({ reason, promised }) =>
    promised?.brokenAt == null
      ? []
      : [{ at: promised.brokenAt, reason, messages: promised.messages, gone: false, maybeLost: false }],
  )

/** What somebody asked for is no outage. */
const isOutage = ({ reason }: ExitRecord): boolean => reason !== 'asked' && reason !== 'stopped'

/**
 * The plugin of a client that died by itself goes on for a moment, and takes messages into nothing: until launch ends
 * it, some 0.1 s later, or until it notices, after 7 s at the most (field notes, section 2).
 */
const outlives = ({ reason }: ExitRecord): boolean => reason === 'client-exited' || reason === 'terminal-lost'

const nextCounted = (health: Health, { run, client }: Evidence, now: number): Health['counted'] => {
  const { counted } = health
  const exits = latest(run?.exits, counted.exits, now)
  const promises = latest(brokenPromises(run), counted.promises, now)
  const failures = latest(client?.transcript?.failed, counted.failures, now)
  const isSame = exits === counted.exits && promises === counted.promises && failures === counted.failures
  return isSame ? counted : { exits, promises, failures }
}

/** One of the future is from before the clock was set back: its time comes. */
const latest = (list: readonly { readonly at: number }[] | undefined, known: number, now: number): number =>
  Math.max(known, ...(list ?? []).map(({ at }) => at).filter((at) => at <= now))

const withLoss = (gaps: readonly Gap[], { at, reason, messages, gone, maybeLost }: Loss): readonly Gap[] => {
  const last = gaps.at(-1)
  // A look may come before launch has written down the end that it saw: the same gap, begun a moment earlier.
  if (last !== undefined && (last.to === null || last.to >= at))
    return [
      ...gaps.slice(0, -1),
      {
        ...last,
        from: Math.min(last.from, at),
        unanswered: (last.unanswered ?? 0) + messages,
        maybeLost: last.maybeLost || maybeLost,
      },
    ]
  return [...gaps, { from: at, to: gone ? null : at, reason, waited: null, unanswered: messages, maybeLost }]
}

/** The gap that has not ended yet; null while somebody listens. */
export const openGap = (gaps: readonly Gap[]): Gap | null => {
  const last = gaps.at(-1)
  return last?.to === null ? last : null
}

const isHeard = ({ state, reason }: Verdict): boolean =>
  state === 'live' || state === 'stopped' || state === 'starting' || reason === 'stale-evidence'

const newGap = (verdict: Verdict, evidence: Evidence, now: number): Gap => ({
  from: now,
  to: null,
  reason: verdict.reason ?? verdict.state,
  waited: null,
  unanswered: 0,
  maybeLost: drops(verdict) || isUnkept(verdict, evidence),
})

const closeLast = (gaps: readonly Gap[], to: number, waited: number | null): readonly Gap[] =>
  gaps.map((gap, i) => (i === gaps.length - 1 ? { ...gap, to, waited } : gap))

/**
 * A client that was started anew listens from when its channels were registered, not from when somebody looked; unless
 * something else, such as its token, was seen to be wrong since.
 */
const endOf = (
  { from }: Gap,
  former: Health['since'][string] | null,
  { state }: Verdict,
  { channels }: Evidence,
  now: number,
): number => {
  const registered = Math.max(...channels.map(({ log }) => log?.registeredAt ?? 0))
  const wasDeaf =
    former !== null &&
    former.state !== 'starting' &&
    (former.at > registered || outlastsClient.has(former.reason ?? ''))
  return state === 'live' && registered > from && registered <= now && !wasDeaf ? registered : now
}

/** Of these nobody sees whether they began before the client did, where they hold on from one to the next. */
const outlastsClient: ReadonlySet<string> = new Set<ReasonName>(['network', 'token-rejected', 'webhook-set'])

/** A channel is deaf for which nobody keeps what is written meanwhile. */
const isUnkept = ({ channels }: Verdict, evidence: Evidence): boolean =>
  evidence.channels.some((each, i) => keepsNothing(each) && channels[i]?.state !== 'live')

const keepsNothing = ({ channel }: Evidence['channels'][number]): boolean => !kinds[channel.kind].keeps

/** A thief and a client that answers with an error take messages from the platform and answer none. */
const drops = ({ reason }: Verdict): boolean =>
  reason === 'poller-stolen' ||
  reason === 'poller-contested' ||
  reason === 'login-expired' ||
  reason === 'usage-limit' ||
  reason === 'model-failing' ||
  reason === 'token-in-use'

/** What the platform said before the gap says nothing of it, and what it said since the plugin polls neither. */
const waitedIn = ({ channels }: Evidence, from: number): number | null => {
  const counts = channels.flatMap(({ platform, log }) =>
    platform?.pending == null || platform.at < from || platform.at >= (log?.startedAt ?? platform.at + 1)
      ? []
      : [platform.pending],
  )
  return counts.length === 0 ? null : counts.reduce((a, b) => a + b, 0)
}

/** A gap that ended just now, or to which something was added since. */
const isNews = (gap: Gap, before: readonly Gap[]): boolean => {
  if (gap.to === null || before.includes(gap)) return false
  return isWorthSaying(gap.to - gap.from, gap)
}
