import type { Evidence } from '../core/evidence.ts'
import { reasons } from '../core/reasons.ts'
import type { Wanted } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import { judge, type Verdict } from '../core/verdict.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, exitStatus, usageError } from '../errors.ts'
import { describeFinding } from './describe.ts'
import { eachSession } from './each.ts'
import { findAgain } from './find-again.ts'
import { isInside, isLasting, observeRecorded, order, watch } from './order.ts'
import { withProbe } from './probe.ts'
import { selectSessions } from './select.ts'

export type RestartOptions = {
  readonly fresh: boolean
  readonly conversation: string | null
  readonly timeoutMs: number
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** channels restart: a new client in the same conversation, a fresh one, or an old one. */
export const restart = async (
  names: readonly string[],
  options: RestartOptions,
  deps: Deps,
): Promise<ExitStatus> => {
  const { fresh } = options
  // The client names its transcripts in small letters.
  const conversation = options.conversation?.toLowerCase() ?? null
  const chosen = { ...options, conversation }
  if (fresh && conversation !== null)
    throw usageError('--fresh and --conversation exclude each other.', 'Name one of them.')
  if (conversation !== null && !uuid.test(conversation))
    throw usageError(
      `\`${conversation}\` is no conversation id.`,
      'It is a UUID, as `channels status --json` shows it.',
    )
  const sessions = selectSessions(names, deps)
  if (conversation !== null && sessions.length !== 1)
    throw usageError(
      '--conversation is for one session.',
      'Name the session: `channels restart <session> --conversation <id>`.',
    )
  return eachSession(sessions, (session) => restartOne(session, chosen, deps), { ...deps, atOnce: 1 })
}

const restartOne = async (given: Session, options: RestartOptions, deps: Deps): Promise<ExitStatus> => {
  const before = await observeRecorded(given, deps)
  const inside = isInside(before, deps)
  // Inside, Claude would choose what it is itself started from.
  const session = inside ? given : await findAgain(given, deps)
  if (!inside) await deps.preflight(session)
  const { fresh, conversation } = options
  if (conversation !== null) checkConversation(conversation, session, before, deps)
  const wanted = await order(
    session,
    { want: true, by: 'restart', newClient: true, fresh, conversation, when: inside ? 'idle' : 'now' },
    deps,
  )
  await deps.ensureKeeper()
  await deps.carryOut(session)
  if (inside) {
    deps.output.print(
      `${session.name} restarts as soon as this turn is over, at the latest in a minute.`,
      'prose',
    )
    return exitStatus.done
  }
  deps.output.say(`Restarting ${session.name} …`)
  const probe = withProbe(deps, deps.clock.now())
  const settle = async (seen: Evidence): Promise<Verdict | null> =>
    newClientVerdict(await probe(seen), wanted)
  const verdict =
    (await watch(session, wanted, options.timeoutMs, settle, deps)) ??
    judge(await deps.observe(session), deps.clock.now())
  if (verdict.state === 'live') {
    deps.output.print(`${session.name} is live again.`, 'prose')
    return exitStatus.done
  }
  for (const line of describeFinding(session, verdict)) deps.output.print(line, 'prose')
  return verdict.reason === null ? exitStatus.wrong : reasons[verdict.reason].status
}

/** One that never was would begin, empty, under the id that was mistyped. */
const checkConversation = (id: string, session: Session, { client, run }: Evidence, deps: Deps): void => {
  if (id === (client?.file?.conversation ?? run?.conversation)) return
  const transcript = deps.claude.findTranscript(deps.claude.sessionPaths(session), id)
  if (transcript !== null && deps.claude.isResumable(transcript)) return
  throw usageError(
    `There is no conversation ${id} of \`${session.name}\` to go back to.`,
    `\`channels logs ${session.name} -n 1000\` names those it had; without --conversation the present one goes on.`,
  )
}

/** Only what the new client shows counts. */
export const newClientVerdict = (evidence: Evidence, wanted: Wanted): Verdict | null => {
  const { run, at } = evidence
  const verdict = judge(evidence, at)
  const isNew = run !== null && run.generation >= wanted.generation
  if (isNew && verdict.state === 'live') return verdict
  return verdict.state === 'blocked' && isLasting(evidence, wanted.at, verdict) && (isNew || run?.waiting)
    ? verdict
    : null
}
