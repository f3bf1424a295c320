import { chooseMultiplexer, multiplexerKinds } from '../core/multiplexers.ts'
import type { MultiplexerKind } from '../core/session.ts'
import type { World } from '../deps.ts'
import { ExpectedError } from '../errors.ts'
import type { Multiplexer } from '../multiplexer/port.ts'

/** Those that are installed; tmux where none is, which then says so. */
export const installedMultiplexers = (world: World): Promise<readonly Multiplexer[]> => {
  const found = multiplexerKinds.filter((kind) => isInstalled(world, kind))
  return Promise.all((found.length === 0 ? (['tmux'] as const) : found).map(world.multiplexer))
}

/** The one for a terminal that is no session's: as setup chose last, else whichever is there. */
export const ownMultiplexer = (world: World): Promise<Multiplexer> =>
  world.multiplexer(
    chooseMultiplexer(null, remembered(world), (program) => isInstalled(world, program)) ?? 'tmux',
  )

const isInstalled = ({ claude, env }: World, program: string): boolean =>
  claude.findProgram(program, env.PATH) !== null

/** A broken configuration must not keep a keeper from starting: whoever reads it says so. */
const remembered = ({ settings }: World): MultiplexerKind | null => {
  try {
    return settings.read().multiplexer
  } catch (error) {
    if (error instanceof ExpectedError) return null
    throw error
  }
}
