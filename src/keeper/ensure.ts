import type { World } from '../deps.ts'
import type { TerminalPlace } from '../multiplexer/port.ts'
import { shipped, writeLauncher } from './act.ts'
import { readKeeper } from './session-records.ts'
import { terminalEnvironment } from './terminal.ts'

/**
 * Starts a keeper in a terminal of its own unless one lives. Of many callers at once the multiplexer's socket lets one
 * through, and the keeper's own record the first.
 */
export const ensureKeeper = async (world: World): Promise<'started' | 'runs'> => {
  if (readKeeper(world) !== null) return 'runs'
  const { keeper } = world.folders
  world.files.writeText(keeper.loop, shipped(world, world.program.keeperLoop))
  writeLauncher(world, keeper.launcher)
  const multiplexer = await world.multiplexer('tmux')
  return (await multiplexer.start(keeperPlace(world), ['/bin/sh', keeper.loop, keeper.folder], {
    cwd: keeper.folder,
    env: terminalEnvironment(world),
    server: null,
  })) === 'started'
    ? 'started'
    : 'runs'
}

export const keeperPlace = ({ folders }: Pick<World, 'folders'>): TerminalPlace => ({
  session: 'keeper',
  socket: folders.keeper.socket,
  attachedFile: `${folders.keeper.folder}/attached`,
  userConfig: folders.tmuxConf,
})
