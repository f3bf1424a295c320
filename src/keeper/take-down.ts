import { becomes } from '../core/becomes.ts'
import { lives, type ProcessId } from '../core/process.ts'
import type { Run } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import { type TakenDown, takeDownOrders } from '../core/take-down.ts'
import type { World } from '../deps.ts'
import { ExpectedError } from '../errors.ts'
import { clear } from './carry-out.ts'
import { end } from './end.ts'
import { createClientFinder } from './find-client.ts'
import { endPollers, hush, keepsMessages } from './hush.ts'
import { journalFault } from './journal-fault.ts'
import { readOrders, readRun, readWanted } from './session-records.ts'

/** A client that is idle is given so long to be seen at rest: a container is given ten seconds for all. */
const restMs = 1_000
/** From SIGTERM to SIGKILL, less what was waited for its messages, but this long at the least. */
const politeMs = { most: 5_000, least: 1_500 } as const
/** A loop asks launch, which puts the end on record and reaps the plugins. Fifty of them at once take their time. */
const loopMs = 1_500
/** Most terminals are gone within a tenth of that. */
const terminalMs = 1_500
/** Launch holds its lock for a moment; longer only while it waits for a client, or when it was killed. */
const lockMs = 1_000

/**
 * Takes these sessions down, all at once, as a hold: what is wanted stays as it is, and the next keeper lets them go on.
 * Whoever calls it holds the keeper's office, so that nobody heals or starts anything meanwhile. Takes two seconds as a
 * rule, some eight where a client has to be killed.
 *
 * @param keptMs how long to wait for a client that is just starting to be handed what its plugin keeps for it
 */
export const takeDown = (
  world: World,
  sessions: readonly Session[],
  keptMs: number,
): Promise<readonly TakenDown[]> =>
  Promise.all(
    sessions.map((session) =>
      takeDownOne(world, session, keptMs).catch((error: unknown): TakenDown => {
        journalFault(world, session.name, 'take-down', error)
        const left = error instanceof Error ? error.message : String(error)
        return { session: session.name, is: 'left', wanted: isWanted(world, session), left }
      }),
    ),
  )

const takeDownOne = async (world: World, session: Session, keptMs: number): Promise<TakenDown> => {
  const { name } = session
  const wanted = isWanted(world, session)
  // Of a session that was never started there is nothing, and nothing is made.
  if (!world.files.isFolder(world.folders.session(name).folder))
    return { session: name, is: 'was-not-running', wanted, left: null }
  const held = await hold(world, session)
  const ran = isRunning(world, name, readRun(world, name))
  const terminal = terminalOf(world, readRun(world, name))
  // What could not be held would be started again: its loop goes first.
  if (!held) {
    await endLoop(world, readRun(world, name))
    if (wanted) rewriteHold(world, session)
  }
  await endClient(world, session, keptMs)
  // Launch finds the hold, puts down how the client ended, reaps its plugins, and ends the loop.
  if (ran) await loopEnds(world, name)
  await clearFirmly(world, session, terminal)
  // A launch that was under way may have put another run on record, which nobody started.
  if (wanted && !held) rewriteHold(world, session)
  const left = leftOf(world, name, readRun(world, name))
  return { session: name, is: left !== null ? 'left' : ran ? 'down' : 'was-not-running', wanted, left }
}

const isWanted = (world: World, { name }: Session): boolean => readWanted(world, name)?.want === true

/**
 * Under the lock of launch: one that is under way has written its run by then, and any later one finds the hold. Whether
 * it could be written.
 */
const hold = async (world: World, session: Session): Promise<boolean> => {
  const { name } = session
  const own = world.folders.session(name)
  if (!isWanted(world, session)) return true
  try {
    await world.withLock(own.lock, async () => writeHold(world, session), lockMs)
    return true
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error
    journalFault(world, name, 'take-down', error)
    return false
  }
}

/** Where that can't be written either, the journal has said so, and all has ended all the same. */
const rewriteHold = (world: World, session: Session): void => {
  try {
    writeHold(world, session)
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error
  }
}

const writeHold = (world: World, { name }: Session): void => {
  const own = world.folders.session(name)
  const run = readRun(world, name)
  const client = createClientFinder(world)(name, run)
  world.files.writeRecord(own.orders, takeDownOrders(run, readOrders(world, name), client !== null))
  // For a loop that waits.
  world.files.writeText(own.wake, '')
}

const endLoop = async (world: World, run: Run | null): Promise<void> => {
  if (run !== null && lives(world.processes, run.loop)) await end(world, run.loop, loopMs)
}

const endClient = async (world: World, session: Session, keptMs: number): Promise<void> => {
  const client = createClientFinder(world)(session.name, readRun(world, session.name))
  if (client === null) return
  const began = world.clock.elapsed()
  await comeToRest(world, session, client, keptMs)
  const waitedMs = world.clock.elapsed() - began
  await end(world, client, Math.max(politeMs.least, politeMs.most - waitedMs))
}

/**
 * At rest nothing is lost. One that is just starting is waited for until it has what its plugin keeps for it, and then
 * until it has worked on that; one that works is not, but is handed nothing more: what is not handed over comes again.
 */
const comeToRest = async (
  world: World,
  session: Session,
  client: ProcessId,
  keptMs: number,
): Promise<void> => {
  const began = world.clock.elapsed()
  const paths = world.claude.sessionPaths(session)
  const keeps = () => keepsMessages(world, session, client)
  let kept = keeps()
  do {
    if (keeps()) kept = true
    else if (world.claude.readSessionFile(paths, client)?.activity === 'idle') {
      if (await hush(world, session, client)) return
    } else if (!kept) break
    await world.clock.sleep(50)
  } while (world.clock.elapsed() - began < (kept ? keptMs : restMs))
  if (!keeps()) endPollers(world, session, client)
}

/** What the loop runs in: the multiplexer's server. */
const terminalOf = ({ processes }: World, run: Run | null): ProcessId | null =>
  run !== null && lives(processes, run.loop) ? (processes.ancestors(run.loop.pid)[0] ?? null) : null

/** A terminal that hangs would be waited for, and asked politely, for longer than a container is given. */
const clearFirmly = async (world: World, session: Session, terminal: ProcessId | null): Promise<void> => {
  const inTime = new AbortController()
  const clearing = clear(world, session, readRun(world, session.name)).finally(() => inTime.abort())
  const firmly = async () => {
    await world.clock.sleep(terminalMs, inTime.signal)
    if (!inTime.signal.aborted && terminal !== null) world.processes.signal(terminal, 'SIGKILL')
  }
  await Promise.all([clearing, firmly()])
}

const loopEnds = (world: World, name: string): Promise<boolean> =>
  becomes(world.clock, loopMs, () => {
    const run = readRun(world, name)
    return run === null || !lives(world.processes, run.loop)
  })

const isRunning = (world: World, name: string, run: Run | null): boolean => leftOf(world, name, run) !== null

const leftOf = (world: World, name: string, run: Run | null): string | null => {
  const client = createClientFinder(world)(name, run)
  if (client !== null) return `its client (process ${client.pid}) will not end`
  return run !== null && lives(world.processes, run.loop)
    ? `its loop (process ${run.loop.pid}) will not end`
    : null
}
