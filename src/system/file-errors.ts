import { shellWord } from '../core/shell-word.ts'
import { ExpectedError, exitStatus } from '../errors.ts'

/** The `ENOENT` of a failed system call; null for anything else that was thrown. */
export const errorCode = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null

/** Why a path could not be written, as 77 for permission and 73 for the rest; what is no system error is thrown on. */
export const cannotWrite = (path: string, error: unknown): ExpectedError => {
  const code = systemCode(error)
  if (denied.has(code))
    return new ExpectedError(
      exitStatus.noPermission,
      `No permission to write ${path} (${code}).`,
      `\`ls -ld ${shellWord(path)}\` and the folders above it show whose it is; it has to be yours.`,
      error,
    )
  return new ExpectedError(
    exitStatus.cannotWrite,
    `Cannot write ${path}: ${causes[code] ?? 'the system refused'} (${code}).`,
    remedies[code] ?? `Look at ${path} and at the disk it is on, then run the command again.`,
    error,
  )
}

/** Why a path that is there could not be read, as 77; what is no system error is thrown on. */
export const cannotRead = (path: string, error: unknown): ExpectedError => {
  const code = systemCode(error)
  return new ExpectedError(
    exitStatus.noPermission,
    `Cannot read ${path}: ${denied.has(code) ? 'no permission' : (causes[code] ?? 'the system refused')} (${code}).`,
    `\`ls -ld ${shellWord(path)}\` and the folders above it show whose it is; it has to be yours.`,
    error,
  )
}

const systemCode = (error: unknown): string => {
  const code = errorCode(error)
  if (code === null || !/^E[A-Z0-9]+$/.test(code)) throw error
  return code
}

const denied: ReadonlySet<string> = new Set(['EACCES', 'EPERM'])

const causes: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a folder of its path is a file',
  EEXIST: 'a folder of its path is a file',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links go in a circle',
  ENAMETOOLONG: 'the path is too long',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'the disk reports an error',
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'Make room (`df -h` shows the disks), then run the command again.',
  EDQUOT: 'Make room (`quota` shows the limits), then run the command again.',
  EROFS: 'Mount it writable, or put our files elsewhere with CHANNELS_HOME.',
  ENOTDIR: 'Move that file away, or put our files elsewhere with CHANNELS_HOME.',
  EEXIST: 'Move that file away, or put our files elsewhere with CHANNELS_HOME.',
}
