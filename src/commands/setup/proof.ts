import { becomes } from '../../core/becomes.ts'
import type { Evidence } from '../../core/evidence.ts'
import type { Exchange } from '../../core/exchange.ts'
import { type ReasonName, reasons } from '../../core/reasons.ts'
import type { Session } from '../../core/session.ts'
import { findSession } from '../../core/settings.ts'
import { judge, type Verdict } from '../../core/verdict.ts'
import type { Deps } from '../../deps.ts'
import { cancelled, type ExitStatus, exitStatus } from '../../errors.ts'
import { describeFinding } from '../describe.ts'
import { isLasting } from '../order.ts'
import { withProbe } from '../probe.ts'
import { writingTo } from './guide.ts'
import type { Tell } from './questions.ts'
import { presentVerdict } from './sender.ts'

const everyMs = 250
/** Claude has ended its turn, and the transcript's last rows may still be on their way to the disk. */
const silentMs = 3_000
/** `remove` stops a session first, and then has the client put its plugin back. */
const removedMs = 3_000

/**
 * The proof that a session works: the next message is seen to arrive in the conversation, and its answer to go out, by
 * the client's own transcript. `timeoutMs` null waits until cancelled. Returns 1, or the finding's status, where one of
 * the two does not happen, the session being stopped meanwhile among it, and 3 where it was removed; throws an
 * ExpectedError (130) when cancelled.
 */
export const prove = async (
  session: Session,
  timeoutMs: number | null,
  tell: Tell,
  deps: Deps,
): Promise<ExitStatus> => {
  const before = await tell.wait('Looking whether it is live', () => presentVerdict(session, deps))
  if (before.state === 'stopped') return stopped(session, tell)
  const since = deps.clock.now()
  const deadline = timeoutMs === null ? null : deps.clock.elapsed() + timeoutMs
  tell.title('The proof')
  for (const { text, link } of session.channels.map((channel) => writingTo(channel, deps))) {
    tell.say(`${text}, such as "hello".`)
    if (link !== null) tell.say(`  ${link}`)
  }
  const arrived = await tell.wait('Waiting for your message to arrive', (signal, said) =>
    look({ session, since, deadline, signal, said, settle: arrival }, deps),
  )
  if (arrived === null) return failed(`No message arrived within the time given.`, session, tell)
  if ('state' in arrived) return hindered(session, arrived, tell, deps)
  const { text, user } = arrived
  tell.done(`It arrived in the conversation${user === null ? '' : `, from ${user}`}: ${quote(text)}`)
  const answered = await tell.wait('Waiting for the answer to go out', (signal, said) =>
    look({ session, since, deadline, signal, said, settle: answer }, deps),
  )
  if (answered === null) return failed('No answer went out within the time given.', session, tell)
  if ('state' in answered) return hindered(session, answered, tell, deps)
  if (answered.answer === null)
    return failed('Claude read the message and ended its turn without an answer.', session, tell)
  if (answered.answer.state !== 'sent')
    return failed(`The answer did not go out: ${answered.answer.detail ?? 'why is not told'}.`, session, tell)
  tell.done(`The answer went out: ${quote(answered.answer.text)}`)
  return exitStatus.done
}

type Seen = Exchange | Verdict
type Looking = {
  readonly session: Session
  /** Milliseconds since 1970. */
  readonly since: number
  /** By the steady clock; null: none. */
  readonly deadline: number | null
  readonly signal: AbortSignal
  readonly said: (what: string) => void
  readonly settle: (exchanges: readonly Exchange[], evidence: Evidence) => Exchange | null
}

/** Looks until the exchange is as wanted, or the session is stopped or blocked by what no message waits out. Null: time is up. */
const look = async (looking: Looking, deps: Deps): Promise<Seen | null> => {
  const { session, since, deadline, signal, said, settle } = looking
  const probe = withProbe(deps)
  for (let last = ''; ; ) {
    const evidence = await probe(await deps.observe(session))
    const settled = settle(await deps.exchanges(session, evidence, since), evidence)
    if (settled !== null) return settled
    const verdict = judge(evidence, evidence.at)
    // As long as its client ends, an answer may still go out: Claude itself may have been told to stop.
    if (verdict.state === 'stopped' && evidence.client === null) return verdict
    if (verdict.state === 'blocked' && !isAnswerable(verdict.reason) && isLasting(evidence, since, verdict))
      return verdict
    const now =
      verdict.reason === null ? '' : `${session.name} is ${verdict.state}: ${hint(verdict.reason, session)}`
    if (now !== '' && now !== last) said(now)
    last = now
    if (signal.aborted) throw cancelled('')
    if (deadline !== null && deps.clock.elapsed() >= deadline) return null
    await deps.clock.sleep(everyMs, signal)
  }
}

const arrival: Looking['settle'] = ([first = null]) => first

/**
 * An answer that is out; or one that was refused, or none, when Claude has come to rest since: told of a refusal, it says
 * the same in other words. Who wrote twice is often answered once, to the later message.
 */
const answer: Looking['settle'] = (exchanges, { client, at }) => {
  const out = exchanges.find(({ answer }) => answer?.state === 'sent')
  const last = exchanges.at(-1)
  if (out !== undefined || last === undefined) return out ?? null
  const spokeAt = client?.transcript?.lastAssistantAt ?? null
  const isSilent =
    client?.file?.activity === 'idle' && spokeAt !== null && spokeAt >= last.at && at - spokeAt > silentMs
  if (!isSilent) return null
  return (
    exchanges.findLast(({ answer }) => answer?.state === 'failed') ?? (last.answer === null ? last : null)
  )
}

/** What the person at the phone can answer there. */
const isAnswerable = (reason: ReasonName | null): boolean =>
  reason === 'permission-prompt' || reason === 'question'

const hint = (reason: ReasonName, { name }: Session): string =>
  isAnswerable(reason)
    ? `Claude asks for permission: answer in the chat, or \`channels attach ${name}\``
    : reasons[reason].sentence

const failed = (what: string, { name }: Session, tell: Tell): ExitStatus => {
  tell.warn(what)
  tell.say(
    `  \`channels attach ${name}\` shows what Claude is doing, \`channels status ${name}\` what is known.`,
  )
  tell.say(`  \`channels setup --check --session ${name}\` repeats the proof.`)
  return exitStatus.wrong
}

const hindered = async (session: Session, verdict: Verdict, tell: Tell, deps: Deps): Promise<ExitStatus> => {
  if (verdict.state === 'stopped')
    return (await tell.wait('Looking whether it is set up still', () => isRemoved(session, deps)))
      ? removed(session, tell)
      : stopped(session, tell)
  for (const line of describeFinding(session, verdict)) tell.say(line)
  return verdict.reason === null ? exitStatus.wrong : reasons[verdict.reason].status
}

const isRemoved = ({ name }: Session, { settings, clock }: Deps): Promise<boolean> =>
  becomes(clock, removedMs, () => findSession(settings.read(), name) === null, everyMs)

const removed = ({ name, channels }: Session, tell: Tell): ExitStatus => {
  tell.warn(`${name} was removed.`)
  tell.say(`  \`channels setup ${channels[0]?.id ?? 'telegram'} --session ${name}\` sets it up again.`)
  return exitStatus.unknownSession
}

const stopped = ({ name }: Session, tell: Tell): ExitStatus => {
  tell.warn(`${name} is stopped; \`channels up ${name}\` starts it.`)
  return exitStatus.wrong
}

const shownCharacters = 200

/** Whoever writes may write a book. */
const quote = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  return `"${line.length > shownCharacters ? `${line.slice(0, shownCharacters)} …` : line}"`
}
