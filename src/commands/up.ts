import type { Evidence } from '../core/evidence.ts'
import { type ReasonName, reasons } from '../core/reasons.ts'
import type { Session } from '../core/session.ts'
import { judge, type Verdict } from '../core/verdict.ts'
import type { Order } from '../core/wanted.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, exitStatus } from '../errors.ts'
import { attach } from './attach.ts'
import { describeFinding } from './describe.ts'
import { eachSession } from './each.ts'
import { findAgain } from './find-again.ts'
import { findUse } from './in-use.ts'
import { isLasting, isOld, observeRecorded, order, readWanted, watch } from './order.ts'
import { withProbe } from './probe.ts'
import { selectSessions } from './select.ts'

export type UpOptions = {
  readonly wait: boolean
  readonly timeoutMs: number
  readonly attach: boolean
  /** Whether to listen for another program that has the bot, where the session's client has been gone for a while. */
  readonly listen: boolean
}

/** Starting costs a second of one core: more at once only makes each slower. */
const atOnce = 2

/** channels up: wanted from now on; starts what does not run, waits until it is live, says what is missing otherwise. */
export const up = async (names: readonly string[], options: UpOptions, deps: Deps): Promise<ExitStatus> => {
  const sessions = selectSessions(names, deps)
  // What lives still is just being ended.
  await deps.untilNotStopping()
  // Listening is waiting: for all of them at once.
  const used = await Promise.all(sessions.map((session) => (options.listen ? findUse(session, deps) : null)))
  const upUnlessUsed = async (session: Session): Promise<ExitStatus> => {
    const use = used[sessions.indexOf(session)] ?? null
    if (use === null) return upOne(session, options, deps)
    for (const line of describeFinding(session, use)) deps.output.print(line, 'prose')
    return use.reason === null ? exitStatus.wrong : reasons[use.reason].status
  }
  const status = await eachSession(sessions, upUnlessUsed, { ...deps, atOnce })
  const [only] = sessions
  return options.attach && sessions.length === 1 && only !== undefined ? attach(only.name, deps) : status
}

const upOne = async (given: Session, options: UpOptions, deps: Deps): Promise<ExitStatus> => {
  const session = await findAgain(given, deps)
  const probe = withProbe(deps, deps.clock.now())
  const before = await probe(await observeRecorded(session, deps))
  if (before.client !== null && before.wanted?.want && judge(before, before.at).state === 'live') {
    await deps.ensureKeeper()
    deps.output.print(`${session.name} is live already.`, 'prose')
    return exitStatus.done
  }
  // One of fifty callers looks and asks; the others find it asked for, and don't wait for each other to find that.
  const wanted =
    askedFor(await deps.observe(session)) ??
    (await deps.withLock(
      deps.folders.session(session.name).up,
      async () => askedSince(before.wanted, session, deps) ?? (await ask(session, deps)),
      60_000,
    ))
  await deps.ensureKeeper()
  await deps.carryOut(session)
  if (!options.wait) {
    deps.output.print(
      `${session.name} is being started; \`channels status ${session.name}\` shows how far it is.`,
      'prose',
    )
    return exitStatus.done
  }
  deps.output.say(`Starting ${session.name} …`)
  const askedAt = Math.min(wanted.at, deps.clock.now())
  const verdict = await watch(
    session,
    wanted,
    options.timeoutMs,
    async (seen) => settle(await probe(seen), askedAt),
    deps,
  )
  return tell(session, verdict ?? judge(await probe(await deps.observe(session)), deps.clock.now()), deps)
}

/** Asks for a client unless one is there or on its way. */
const ask = async (session: Session, deps: Deps) => {
  const evidence = await deps.observe(session)
  const asked = askedFor(evidence)
  if (asked !== null) return asked
  await deps.preflight(session)
  return order(
    session,
    { want: true, by: 'up', ...pendingChoice(evidence), newClient: asksForNewClient(evidence) },
    deps,
  )
}

/**
 * What another `up` asked for since this one looked first, which does for this one. A record is read in no time, where a
 * look and what a client is asked before its start take seconds of a busy machine: fifty of those, one after the other.
 */
const askedSince = (before: Evidence['wanted'], session: Session, deps: Deps): Evidence['wanted'] => {
  const now = readWanted(session, deps)
  return now?.want && now.by === 'up' && now.at !== before?.at ? now : null
}

/** What asked for the client that is there or on its way; null where another is to be asked for. */
const askedFor = (evidence: Evidence): Evidence['wanted'] =>
  evidence.wanted?.want && (evidence.client === null ? isOnItsWay(evidence) : !isStuck(evidence))
    ? evidence.wanted
    : null

/** The conversation that a restart chose and that no client has been started with yet is not forgotten. */
const pendingChoice = ({ wanted, run }: Evidence): Pick<Order, 'fresh' | 'conversation'> =>
  wanted?.want && wanted.generation > (run?.generation ?? -1)
    ? { fresh: wanted.fresh, conversation: wanted.conversation }
    : {}

const isOnItsWay = (evidence: Evidence): boolean => judge(evidence, evidence.at).state === 'starting'

/**
 * A session that is only brought back (after a reboot, a lost terminal) goes on as the same generation, and so does one
 * whose last order is still to be carried out: another generation would end the client that is just being started.
 */
const asksForNewClient = ({ wanted, run, terminal }: Evidence): boolean =>
  wanted === null ||
  !wanted.want ||
  (run !== null && terminal.loop !== null && run.generation >= wanted.generation)

/**
 * What a person mends outside of the session is only seen by a new client. One that is refused and still tries goes on
 * by itself: another would lose what it works on.
 */
const isStuck = (evidence: Evidence): boolean => {
  const { reason } = judge(evidence, evidence.at)
  return reason !== null && stuck.includes(reason) && evidence.client?.transcript?.retrying == null
}

const stuck: readonly ReasonName[] = [
  'login-missing',
  'login-expired',
  'usage-limit',
  'trust-dialog',
  'token-missing',
  'intent-missing',
  'port-taken',
  'token-rejected',
  'bun-missing',
  'plugin-failed',
  'plugin-not-started',
  'channels-unavailable',
  'not-a-channel',
  'channel-skipped',
  'org-policy',
  'not-allowlisted',
  'poller-contested',
  'not-healing',
  'token-in-use',
]

/** Live, or only a person can help; a moment is left for what was found before to be over. */
const settle = (evidence: Evidence, askedAt: number): Verdict | null => {
  const verdict = judge(evidence, evidence.at)
  if (verdict.state === 'live') return verdict
  return verdict.state === 'blocked' && !isOld(evidence) && isLasting(evidence, askedAt, verdict)
    ? verdict
    : null
}

const tell = (session: Session, verdict: Verdict, { output }: Deps): ExitStatus => {
  const accounts = session.channels.flatMap(({ account }) => account ?? []).join(', ')
  if (verdict.state === 'live') {
    output.print(`${session.name} is live${accounts === '' ? '' : ` as ${accounts}`}.`, 'prose')
    return exitStatus.done
  }
  for (const line of describeFinding(session, verdict)) output.print(line, 'prose')
  return verdict.reason === null ? exitStatus.wrong : reasons[verdict.reason].status
}
