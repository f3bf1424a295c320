import { becomes } from '../core/becomes.ts'
import type { KeeperRecord } from '../core/records.ts'
import type { World } from '../deps.ts'
import type { TerminalPlace } from '../multiplexer/port.ts'
import { shipped, writeLauncher } from './act.ts'
import { untilNotStopping } from './not-stopping.ts'
import { installedMultiplexers, ownMultiplexer } from './own-multiplexer.ts'
import { findKeeper } from './session-records.ts'
import { terminalEnvironment } from './terminal.ts'

/**
 * Starts a keeper in a terminal of its own unless one lives; one that was suspended goes on. Of many callers at once the
 * multiplexer's socket lets one through, and the keeper's own record the first.
 */
export const ensureKeeper = async (world: World): Promise<'started' | 'runs'> => {
  await untilNotStopping(world)
  const running = findKeeper(world)
  if (running?.suspended) world.processes.signal(running.keeper, 'SIGCONT')
  if (running !== null && !(await makesWay(world, running.keeper))) return 'runs'
  const { keeper } = world.folders
  world.files.writeText(keeper.loop, shipped(world, world.program.keeperLoop))
  writeLauncher(world, keeper.launcher)
  const multiplexer = await ownMultiplexer(world)
  return (await multiplexer.start(keeperPlace(world), ['/bin/sh', keeper.loop, keeper.folder], {
    cwd: keeper.folder,
    env: terminalEnvironment(world),
    server: null,
  })) === 'started'
    ? 'started'
    : 'runs'
}

/** A keeper of an older release in a terminal, or one whose program is gone, leaves for a newer one, touching no session. */
const makesWay = async (world: World, running: KeeperRecord): Promise<boolean> => {
  const older = world.claude.compareVersions(running.version, world.version) < 0
  if (running.where !== 'terminal' || !(older || isUprooted(world, running))) return false
  world.processes.signal(running, 'SIGTERM')
  await becomes(world.clock, leavesMs, () => findKeeper(world) === null, 50)
  // Its loop ends with it; the terminal's socket has to be free for the next one.
  await endKeeperTerminal(world)
  return findKeeper(world) === null
}

/** The keeper's own terminal is gone afterwards, with a loop that would start a keeper again. */
export const endKeeperTerminal = async (world: World): Promise<void> => {
  // Which one it is in depends on what was there when it was started.
  for (const multiplexer of await installedMultiplexers(world)) await multiplexer.end(keeperPlace(world))
}

/** Where it was started from there is nothing any more: it has no loop to put into a terminal, and none that goes on with its script. */
const isUprooted = ({ processes, files }: World, running: KeeperRecord): boolean => {
  const script = processes.command(running)?.find((word) => word.endsWith('/channels.js'))
  return script !== undefined && !files.exists(script)
}

const leavesMs = 8_000

export const keeperPlace = ({ folders }: Pick<World, 'folders'>): TerminalPlace => ({
  session: 'keeper',
  socket: folders.keeper.socket,
  attachedFile: `${folders.keeper.folder}/attached`,
  screens: folders.screens,
  userConfig: folders.userConfig,
})
