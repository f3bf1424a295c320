import { isHere } from '../core/process.ts'
import type { KeeperRecord } from '../core/records.ts'
import type { World } from '../deps.ts'
import { ExpectedError, exitStatus } from '../errors.ts'
import { allGoDown } from './not-stopping.ts'
import { findKeeper, keeperBeatAt } from './session-records.ts'

const makeWayMs = 10_000
/** A keeper beats at each look. One of another container can't be seen; one that was silent for so long is gone. */
const silentMs = 10_000
/** A beat older than this is no sign of life. */
const recentMs = 60_000

/**
 * Makes this process the keeper. Where another one lives: a keeper in a terminal gives up (`another`), one in the
 * foreground asks that of the terminal's, and takes over. Throws an ExpectedError (1) when that one is in the
 * foreground too, works in another container on the same folder, or stays.
 */
export const claim = async (
  world: World,
  where: 'terminal' | 'foreground',
  signal: AbortSignal,
): Promise<'claimed' | 'another'> => {
  const deadline = world.clock.elapsed() + makeWayMs
  let asked = false
  for (;;) {
    await untilNobodyElsewhere(world, signal)
    // Told to leave before it was one.
    if (signal.aborted) return 'another'
    const other = await claimOnce(world, where, asked ? 'took-over' : 'started')
    if (other === null) return 'claimed'
    if (where === 'terminal') return 'another'
    if (other.where === 'foreground' || world.clock.elapsed() >= deadline) throw anotherKeeper(other)
    if (!asked && other.where === 'terminal') {
      for (const signal of ['SIGTERM', 'SIGCONT'] as const) world.processes.signal(other, signal)
      asked = true
    }
    await world.clock.sleep(50)
  }
}

/** The record goes with the keeper, unless another one has it by now. */
export const release = async (world: World): Promise<void> => {
  const self = world.processes.self()
  await world.withLock(world.folders.keeper.record, async () => {
    if (findKeeper(world)?.keeper.pid === self.pid) world.files.remove(world.folders.keeper.record)
  })
  world.journal.append(null, { type: 'keeper', what: 'left', pid: self.pid, version: world.version })
}

/** Writes this process down as the keeper unless another one lives here, which is answered. */
export const claimOnce = async (
  world: World,
  where: KeeperRecord['where'],
  what: 'started' | 'took-over' | 'stopping',
): Promise<KeeperRecord | null> =>
  world.withLock(world.folders.keeper.record, async () => {
    const { pid, start } = world.processes.self()
    const other = findKeeper(world)?.keeper ?? null
    // One that names this very process is left over, from before a machine that counts pids and time anew was started.
    if (other !== null && (other.pid !== pid || other.start !== start)) return other
    const record: KeeperRecord = {
      format: 1,
      pid,
      start,
      version: world.version,
      since: world.clock.now(),
      where,
      machine: world.processes.machine(),
    }
    world.files.writeRecord(world.folders.keeper.record, record)
    world.journal.append(null, { type: 'keeper', what, pid, version: world.version })
    return null
  })

/**
 * Two keepers on one folder would end each other's clients: one that works in another container is waited for until it
 * is silent, or this one is told to leave. Throws an ExpectedError (1) as soon as it is seen to be at work.
 */
export const untilNobodyElsewhere = async (world: World, signal?: AbortSignal): Promise<void> => {
  const first = beatElsewhere(world)
  if (first === null || Math.abs(world.clock.now() - first) > recentMs) return
  const deadline = world.clock.elapsed() + silentMs
  while (!signal?.aborted) {
    const beat = beatElsewhere(world)
    if (beat === null || world.clock.elapsed() >= deadline) return
    if (beat !== first) throw keeperElsewhere(world)
    await world.clock.sleep(200)
  }
}

/** When the keeper on record last looked; null where there is none, or its process could be seen from here. */
const beatElsewhere = (world: World): number | null => {
  const keeper = world.files.readRecord(world.folders.keeper.record, world.files.checks.keeper)
  return keeper === null || isHere(keeper.machine, world.processes.machine()) ? null : keeperBeatAt(world)
}

const anotherKeeper = (other: KeeperRecord): ExpectedError =>
  other.where === 'stopping'
    ? allGoDown(other.pid)
    : new ExpectedError(
        exitStatus.wrong,
        `Another keeper runs (pid ${other.pid}, ${other.where === 'foreground' ? 'in the foreground' : 'in a terminal of its own'}).`,
        `End it with \`kill ${other.pid}\`: a keeper that leaves touches no session.`,
      )

const keeperElsewhere = ({ folders }: World): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Another keeper is at work on ${folders.state}, in another container or on another machine.`,
    'Stop that one first, or give this one a volume of its own (CHANNELS_HOME): a bot token allows one poller.',
  )
