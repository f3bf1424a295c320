import { type ClientPaths, emptyTranscript } from '../core/client.ts'
import { runsOf } from '../core/exit.ts'
import { decideLaunch, isEndOpen, type LaunchDecision } from '../core/launch.ts'
import { type LeftOver, leftOver, takesUpFrom } from '../core/left-over.ts'
import { lives, sameProcess } from '../core/process.ts'
import type { Run, Wanted } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import { findSession } from '../core/settings.ts'
import { nextWanted } from '../core/wanted.ts'
import type { LaunchAsked, World } from '../deps.ts'
import { ExpectedError, exitStatus, unknownSession } from '../errors.ts'
import { begin, type Caller, journalEnd } from './begin.ts'
import { lastConversation } from './conversation.ts'
import { end } from './end.ts'
import { fallBack } from './fall-back.ts'
import { createClientFinder } from './find-client.ts'
import { findObstacles } from './obstacles.ts'
import { checkedVersion } from './preflight.ts'
import { reap } from './reap.ts'
import { readExit, readOrders, readRun, readWanted, writeRun } from './session-records.ts'
import { terminalPlace } from './terminal.ts'
import { createTranscriptTail } from './transcript-tail.ts'

export type LaunchAnswer = { readonly status: 0 | 10 | 11; readonly answer: string }

/** The contract between `loop.sh` and this (design, section 3). */
const start = 0
const stop = 10
const wait = 11

/**
 * What the loop asks before every round: writes `launch.sh` and answers 0 with the run's id, 11 with seconds and a
 * sentence, or 10 to end. Only file checks and process ends: nothing slow stands between a crash and the next client.
 * Throws an ExpectedError for an unknown session (3) or a state that cannot be written (73, 77).
 */
export const launch = async (world: World, name: string, asked: LaunchAsked): Promise<LaunchAnswer> => {
  const session = findSession(world.settings.read(), name)
  const own = world.folders.session(name)
  if (session === null) throw unknownSession(name)
  const loop = world.processes.find(asked.loop)
  if (loop === null)
    throw new ExpectedError(
      exitStatus.usage,
      `No process ${asked.loop} to launch for.`,
      '`channels up` starts a session.',
    )
  const decideAndBegin = async (): Promise<LaunchAnswer> => {
    // Ended while this waited for the lock, and perhaps the session with it: nobody would run what is written now.
    if (!lives(world.processes, loop)) return { status: stop, answer: '' }
    const run = readRun(world, name)
    const wanted = readWanted(world, name)
    const otherLoop = run !== null && !sameProcess(run.loop, loop) && lives(world.processes, run.loop)
    const paths = world.claude.sessionPaths(session)
    const decision = decideLaunch({
      session: name,
      now: world.clock.now(),
      loop: { pid: loop.pid, start: loop.start },
      otherLoop,
      wanted,
      orders: readOrders(world, name),
      run,
      exit: readExit(world, name),
      attached: world.attached(session.multiplexer, terminalPlace(world, name)),
      interrupted: asked.interrupted,
      obstacles: findObstacles(world, session, paths),
      clientAlive: !otherLoop && (await isClientLeft(world, name, run)),
      restart: session.restart,
      chance: world.chance(),
      left: run !== null && isEndOpen(run) ? readLeftOver(world, session, paths, run) : null,
    })
    return carryOut(world, session, decision, wanted, {
      loop: { pid: loop.pid, start: loop.start },
      protocol: asked.protocol,
    })
  }
  try {
    return await world.withLock(own.lock, decideAndBegin)
  } catch (error) {
    const written = isUnwritable(error) ? await fallBack(world, session) : null
    if (written === null) throw error
    return written
  }
}

/** A disk that is full or read-only keeps nobody from starting what was written before. */
const isUnwritable = (error: unknown): boolean =>
  error instanceof ExpectedError &&
  (error.status === exitStatus.cannotWrite || error.status === exitStatus.noPermission)

/** A client whose loop is gone has lost its terminal: it is ended before another is started. */
const isClientLeft = async (world: World, session: string, run: Run | null): Promise<boolean> => {
  const client = createClientFinder(world)(session, run)
  return client !== null && !(await end(world, client))
}

const carryOut = async (
  world: World,
  session: Session,
  decision: LaunchDecision,
  wanted: Wanted | null,
  caller: Caller,
): Promise<LaunchAnswer> => {
  const { name } = session
  if (decision.do === 'end' && decision.why === 'other-loop') return { status: stop, answer: '' }
  if (decision.do === 'start')
    return { status: start, answer: await begin(world, session, decision, wanted, caller) }
  const before = readRun(world, name)?.waiting ?? null
  if (decision.run !== null) writeRun(world, name, decision.run)
  // Journalled once it is recorded: a launch that fails takes note of the same end again.
  journalEnd(world, name, decision.exit)
  if (decision.do === 'wait') {
    const { reason, detail, until } = decision.waiting
    if (before?.reason !== reason || decision.exit !== null)
      world.journal.append(name, { type: 'waiting', reason, detail, untilMs: until })
    // Until it notices by itself, the plugin of a client that is gone takes messages and hands them to nobody.
    if (decision.exit !== null) await reap(world, name, runsOf(decision.run))
    return { status: wait, answer: `${decision.seconds} ${decision.sentence}` }
  }
  if (decision.why === 'person-left') await noteLeft(world, name, wanted)
  await reap(world, name, runsOf(decision.run))
  return { status: stop, answer: '' }
}

/** What the run's client left undone, by the end of its transcript; none was begun where there is no transcript. */
const readLeftOver = (world: World, session: Session, paths: ClientPaths, run: Run): LeftOver | null => {
  const id = lastConversation(world, session, paths, run)
  const read = createTranscriptTail(world, world.claude.foldTranscript, emptyTranscript)
  const version = checkedVersion(world, session)
  const takesUp = version !== null && world.claude.compareVersions(version, takesUpFrom) >= 0
  return leftOver(read(session, paths, id) ?? emptyTranscript, run, takesUp)
}

/** A person ended the client at its terminal: as good as `channels down`, unless something was asked meanwhile. */
const noteLeft = async (world: World, name: string, seen: Wanted | null): Promise<void> => {
  const { wanted: path } = world.folders.session(name)
  await world.withLock(path, async () => {
    const wanted = readWanted(world, name)
    if (wanted?.at !== seen?.at) return
    world.files.writeRecord(path, nextWanted(wanted, { want: false, by: 'person' }, world.clock.now()))
    world.journal.append(name, { type: 'left', by: 'person' })
  })
}
