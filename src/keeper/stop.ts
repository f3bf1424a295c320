import { becomes } from '../core/becomes.ts'
import type { KeeperRecord } from '../core/records.ts'
import type { Stopped } from '../core/take-down.ts'
import type { World } from '../deps.ts'
import { ExpectedError, exitStatus } from '../errors.ts'
import { claimOnce, release, untilNobodyElsewhere } from './claim.ts'
import { endKeeperTerminal } from './ensure.ts'
import { findKeeper } from './session-records.ts'
import { takeDown } from './take-down.ts'

/** A keeper leaves once what it does to a session is done; that is of no use any more. */
const leavesMs = 3_000
/** A client takes some three seconds to start, on a busy machine more; a unit has 90 seconds to stop. */
const keptMs = 8_000
/** Whoever else takes all sessions down is done by then. */
const othersMs = 20_000

/**
 * What a unit's ExecStop does: the keeper leaves, whichever it is, and all sessions are taken down in its place, so that
 * nothing is healed meanwhile and no other keeper begins. Killed at any point, it leaves sessions that run on, or are
 * held until the next keeper comes. Throws an ExpectedError before anything is done: 78 for a broken
 * configuration, 1 where a keeper works in another container.
 */
export const stop = async (world: World): Promise<Stopped> => {
  const sessions = Object.values(world.settings.read().sessions)
  await untilNobodyElsewhere(world)
  const keeper = await takeOffice(world)
  try {
    // With a loop that waits to start another keeper.
    await endKeeperTerminal(world)
    return { keeper, sessions: await takeDown(world, sessions, keptMs) }
  } finally {
    await release(world)
  }
}

const takeOffice = async (world: World): Promise<Stopped['keeper']> => {
  const deadline = world.clock.elapsed() + othersMs
  let keeper: Stopped['keeper'] = 'none'
  for (;;) {
    const other = await claimOnce(world, 'stopping', 'stopping')
    if (other === null) return keeper
    if (world.clock.elapsed() >= deadline) throw staysOn(other)
    // A keeper of a container takes its sessions down itself.
    if (other.where !== 'stopping') keeper = await dismiss(world, other)
    else await world.clock.sleep(50)
  }
}

/** Asks the keeper to leave, and ends it where it does not: nobody may heal what is taken down. */
const dismiss = async (world: World, keeper: KeeperRecord): Promise<'left'> => {
  for (const signal of ['SIGTERM', 'SIGCONT'] as const) world.processes.signal(keeper, signal)
  const isOut = () => {
    const now = findKeeper(world)?.keeper
    return now === undefined || now.pid !== keeper.pid || now.where === 'stopping'
  }
  if (await becomes(world.clock, leavesMs, isOut, 20)) return 'left'
  // Its loop would bring a keeper back that is killed.
  if (keeper.where === 'terminal') await endKeeperTerminal(world)
  world.processes.signal(keeper, 'SIGKILL')
  await becomes(world.clock, 1_000, isOut, 20)
  return 'left'
}

const staysOn = ({ pid }: KeeperRecord): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `The keeper (pid ${pid}) does not leave.`,
    `End it with \`kill -9 ${pid}\`, then run \`channels run --stop\` again.`,
  )
