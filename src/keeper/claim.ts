import type { KeeperRecord } from '../core/records.ts'
import type { World } from '../deps.ts'
import { ExpectedError, exitStatus } from '../errors.ts'
import { findKeeper } from './session-records.ts'

const makeWayMs = 10_000

/**
 * Makes this process the keeper. Where another one lives: a keeper in a terminal gives up (`another`), one in the
 * foreground asks that of the terminal's, and takes over. Throws an ExpectedError (1) when that one is in the
 * foreground too, or stays.
 */
export const claim = async (world: World, where: KeeperRecord['where']): Promise<'claimed' | 'another'> => {
  const deadline = world.clock.elapsed() + makeWayMs
  let asked = false
  for (;;) {
    const other = await claimOnce(world, where, asked)
    if (other === null) return 'claimed'
    if (where === 'terminal') return 'another'
    if (other.where === 'foreground' || world.clock.elapsed() >= deadline) throw anotherKeeper(other)
    if (!asked) for (const signal of ['SIGTERM', 'SIGCONT'] as const) world.processes.signal(other, signal)
    asked = true
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

const claimOnce = async (
  world: World,
  where: KeeperRecord['where'],
  takesOver: boolean,
): Promise<KeeperRecord | null> =>
  world.withLock(world.folders.keeper.record, async () => {
    const other = findKeeper(world)
    if (other !== null) return other.keeper
    const { pid, start } = world.processes.self()
    const record: KeeperRecord = {
      format: 1,
      pid,
      start,
      version: world.version,
      since: world.clock.now(),
      where,
    }
    world.files.writeRecord(world.folders.keeper.record, record)
    world.journal.append(null, {
      type: 'keeper',
      what: takesOver ? 'took-over' : 'started',
      pid,
      version: world.version,
    })
    return null
  })

const anotherKeeper = (other: KeeperRecord): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Another keeper runs (pid ${other.pid}, ${other.where === 'foreground' ? 'in the foreground' : 'in a terminal of its own'}).`,
    `End it with \`kill ${other.pid}\`: a keeper that leaves touches no session.`,
  )
