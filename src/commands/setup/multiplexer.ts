import { chooseMultiplexer, installCommand } from '../../core/multiplexers.ts'
import type { MultiplexerKind, Session } from '../../core/session.ts'
import type { Deps } from '../../deps.ts'
import { ExpectedError, exitStatus, usageError } from '../../errors.ts'

const again = 'then run the same command again.'

/** What a session's terminal is kept by, and its version; null where that could not be told. */
export type Chosen = { readonly kind: MultiplexerKind; readonly version: string | null }

/**
 * The multiplexer of a session that is set up: as said, else as last time, else whichever is there. Throws an ExpectedError
 * (69) when that is not there, or too old.
 */
export const chooseTerminals = async (said: MultiplexerKind | null, deps: Deps): Promise<Chosen> => {
  const has = (program: string): boolean => deps.claude.findProgram(program, deps.env.PATH) !== null
  const kind = chooseMultiplexer(said, deps.settings.read().multiplexer, has)
  if (kind === null)
    throw new ExpectedError(
      exitStatus.missing,
      'A session needs a terminal that outlives yours, and neither tmux nor screen is installed.',
      `Install ${installCommand('tmux', has)}, ${again}`,
    )
  const version = await (await deps.multiplexer(kind)).version()
  if (version.is === 'no') {
    const other = kind === 'tmux' ? 'screen' : 'tmux'
    throw new ExpectedError(
      exitStatus.missing,
      `The terminal multiplexer can’t be used: ${version.detail}.`,
      `Install ${installCommand(kind, has)}${has(other) ? `, or take \`--multiplexer ${other}\`` : ''}, ${again}`,
    )
  }
  return { kind, version: version.is === 'yes' ? version.value : null }
}

/** A session that runs has its terminal; in another one a second client would run. Throws an ExpectedError (2). */
export const checkMayMove = async (
  kind: MultiplexerKind,
  before: Session | null,
  deps: Deps,
): Promise<void> => {
  if (before === null || before.multiplexer === kind) return
  const { terminal } = await deps.observe(before)
  if (terminal.loop === null) return
  throw usageError(
    `\`${before.name}\` runs in ${before.multiplexer}, and can’t be moved to ${kind} while it does.`,
    `\`channels down ${before.name}\` first, ${again}`,
  )
}
