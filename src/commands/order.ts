import { isAnsweredFor } from '../core/agreed-answer.ts'
import { isRecent } from '../core/duration.ts'
import type { Evidence } from '../core/evidence.ts'
import type { Finding } from '../core/finding.ts'
import type { Wanted } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import { nextWanted, type Order } from '../core/wanted.ts'
import type { Deps } from '../deps.ts'
import { cancelled, ExpectedError, exitStatus } from '../errors.ts'

/** Writes what is wanted of a session, under its lock, and into the journal. Throws 73 or 77 where it cannot be written. */
export const order = async (session: Session, asked: Order, deps: Deps): Promise<Wanted> => {
  const { wanted: path, folder } = deps.folders.session(session.name)
  deps.files.makeFolder(folder)
  const wanted = await deps.withLock(path, async () => {
    const next = nextWanted(readWanted(session, deps), asked, deps.clock.now())
    deps.files.writeRecord(path, next)
    return next
  })
  if (asked.by !== 'person')
    deps.journal.append(session.name, { type: 'asked', what: asked.by, by: 'command' })
  return wanted
}

/** What is wanted of a session by now; null where nothing was ever ordered, or it can't be told. */
export const readWanted = (session: Session, { files, folders }: Deps): Wanted | null =>
  files.readRecord(folders.session(session.name).wanted, files.checks.wanted)

/** The evidence to act upon. What runs without a record is ended first: nothing could be said to it. */
export const observeRecorded = async (session: Session, deps: Deps): Promise<Evidence> => {
  const before = await deps.observe(session)
  if (before.stray === null) return before
  // Of several callers one ends it: the others find it gone, and must not end what was started in its place.
  await deps.withLock(deps.folders.session(session.name).up, async () => {
    const { stray } = await deps.observe(session)
    if (stray === null) return
    deps.output.say(`Ending client ${stray.pid} of ${session.name}, of which no record is left …`)
    await deps.clear(session, null)
  })
  return deps.observe(session)
}

/** Whether this command was run by Claude itself, inside that session: then the turn that asked has to end first. */
export const isInside = ({ client }: Evidence, { processes }: Deps): boolean =>
  client !== null && processes.ancestors(processes.self().pid).some(({ pid }) => pid === client.process.pid)

/**
 * Observes a session again and again until `settled` gives an answer; null when time is up. Throws an ExpectedError:
 * 1 when somebody else ordered something newer, 130 when cancelled.
 */
export const watch = async <T>(
  session: Session,
  wanted: Wanted,
  timeoutMs: number,
  settled: (evidence: Evidence) => T | null | Promise<T | null>,
  deps: Deps,
): Promise<T | null> => {
  const deadline = deps.clock.elapsed() + timeoutMs
  for (;;) {
    const began = deps.clock.elapsed()
    const evidence = await deps.observe(session)
    if (evidence.wanted !== null && isOvertaken(wanted, evidence.wanted))
      throw superseded(session, evidence.wanted)
    const answer = await settled(evidence)
    if (answer !== null) return answer
    if (deps.cancelled.aborted) throw cancelled('`channels status` shows where things stand.')
    if (deps.clock.elapsed() >= deadline) return null
    await deps.clock.sleep(pauseAfter(deps.clock.elapsed() - began), deps.cancelled)
  }
}

/** In ms. A look that takes long is one of many: whoever waits is not to take the time of what is waited for. */
const pauseAfter = (tookMs: number): number => Math.min(Math.max(100, 3 * tookMs), 1_000)

/** Whether it shows a client that is still to be ended for the one that was asked for; a busy machine takes its time. */
export const isOld = ({ client, run, wanted }: Evidence): boolean =>
  client !== null && run !== null && wanted !== null && run.generation < wanted.generation

/**
 * Whether what blocks a session is more than what was found before the order, for whose end a moment is left, and nothing
 * that is answered for the person.
 */
export const isLasting = (evidence: Evidence, askedAt: number, { reason }: Finding): boolean =>
  !isRecent(evidence.at - askedAt, settleMs) && !isAnsweredFor(reason, evidence, evidence.at)

const settleMs = 1_500

/** Whoever asks for the same, say a second `up`, takes nothing away; another `restart` does: it may name a conversation. */
const isOvertaken = (mine: Wanted, now: Wanted): boolean =>
  now.at > mine.at && (now.by !== mine.by || mine.by === 'restart') && !isBroughtBy(mine, now)

/** What is waited for until Claude is idle, a new token or channel, comes with whatever client is started next. */
const isBroughtBy = (mine: Wanted, now: Wanted): boolean =>
  mine.when === 'idle' &&
  now.want &&
  now.generation >= mine.generation &&
  (mine.conversation === null || mine.conversation === now.conversation)

const superseded = (session: Session, by: Wanted): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Something newer was asked of \`${session.name}\` meanwhile (${by.by === 'person' ? 'a person left its terminal' : `channels ${by.by}`}).`,
    `\`channels status ${session.name}\` shows where it stands.`,
  )
