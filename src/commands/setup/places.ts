import type { ChannelKind } from '../../core/channel.ts'
import type { ClientPaths } from '../../core/client.ts'
import { kinds } from '../../core/kinds.ts'
import { shellWord } from '../../core/shell-word.ts'
import type { Deps } from '../../deps.ts'
import { type ExitStatus, ExpectedError, exitStatus, homeNotTrusted } from '../../errors.ts'

export type Places = {
  readonly paths: ClientPaths
  readonly cwd: string
  readonly stateDir: string
  readonly kind: ChannelKind
  /** What the client says of the folder; null: its file can't be read. */
  readonly trusted: boolean | null
}

/**
 * Finds out whether everything that `setup` writes can be written, before it writes the first of it. Throws an
 * ExpectedError: 2 for the home folder, 73 or 77 for a folder that can't be written, 78 for a file that is broken.
 */
export const checkPlaces = (
  { paths, cwd, stateDir, kind, trusted }: Places,
  { files, folders, channels }: Pick<Deps, 'files' | 'folders' | 'channels'>,
): void => {
  const { hasAccess } = kinds[kind]
  const written = hasAccess ? [stateDir] : []
  const closed = [folders.config, folders.state, paths.config, ...written].find(
    (folder) => !files.isWritable(folder),
  )
  if (closed !== undefined)
    throw new ExpectedError(
      whyClosed(closed, files),
      `${closed} can't be written, or is no folder.`,
      `\`ls -ld ${shellWord(closed)}\` shows what it is and whose; mend that, then run the same command again.`,
    )
  const access = hasAccess ? channels.readAccess(stateDir) : null
  if (access?.is === 'unknown')
    throw new ExpectedError(
      exitStatus.badConfiguration,
      `It can't be told who may write to the bot: ${access.detail}.`,
      'Repair that file, or move it aside: then only those named with --allow may write.',
    )
  if (trusted === null)
    throw new ExpectedError(
      exitStatus.badConfiguration,
      `The client's file ${paths.json} can't be read or is not valid JSON; it was left as it is.`,
      'Start `claude` once: it offers to repair the file. Or put a backup of it in place.',
    )
  if (!trusted && cwd === files.realPath(paths.home)) throw homeNotTrusted(cwd, '--cwd <folder>')
}

/** The system says why when it is asked to write there: 77 for permission, 73 for the rest. */
const whyClosed = (folder: string, files: Deps['files']): ExitStatus => {
  try {
    files.writeText(`${folder}/.channels-setup`, '')
    files.remove(`${folder}/.channels-setup`)
  } catch (error) {
    if (error instanceof ExpectedError) return error.status
    throw error
  }
  return exitStatus.cannotWrite
}
