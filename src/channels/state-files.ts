import { chmodSync, lstatSync, mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import { ExpectedError, exitStatus, statusOfWrite } from '../errors.ts'
import type { ReplaceFile } from '../system/replace-file.ts'

/** What a file of a plugin's state folder holds, or why that is not known. */
export type StateText =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'absent' }
  | { readonly is: 'unreadable'; readonly detail: string }

/** Reads a file of a plugin's state folder. Throws nothing. */
export const readStateFile = (stateDir: string, name: string): StateText => {
  const path = join(stateDir, name)
  try {
    return { is: 'text', text: readFileSync(path, 'utf8') }
  } catch (error) {
    const code = errorCode(error)
    return code === 'ENOENT'
      ? { is: 'absent' }
      : { is: 'unreadable', detail: `${path} can't be read (${code})` }
  }
}

/**
 * Replaces a file of a plugin's state folder at once, 0600; makes the folder, 0700, when it is missing. A link that stays
 * within the folder is followed; one that leads out of it is an ExpectedError (77), since what we wrote there could be
 * read by anybody. Throws ExpectedError, 73 or 77, when it can't be written.
 */
export const replaceStateFile = (
  stateDir: string,
  name: string,
  text: string,
  replaceFile: ReplaceFile,
): void => {
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 })
    chmodSync(stateDir, 0o700)
    replaceFile(targetIn(realpathSync(stateDir), name), text, 0o600)
  } catch (error) {
    throw error instanceof ExpectedError ? error : cannotWrite(join(stateDir, name), error)
  }
}

const targetIn = (folder: string, name: string): string => {
  const path = join(folder, name)
  if (!isLink(path)) return path
  const real = realpathOrNull(path)
  if (real === null || !real.startsWith(folder + sep)) throw leadsOut(path)
  return real
}

const isLink = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false

const realpathOrNull = (path: string): string | null => {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error'

const leadsOut = (path: string) =>
  new ExpectedError(
    exitStatus.noPermission,
    `${path} is a link that leads out of its folder; it was left alone.`,
    'Put a plain file in its place.',
  )

const cannotWrite = (path: string, cause: unknown) =>
  new ExpectedError(
    statusOfWrite(errorCode(cause)),
    `${path} can't be written (${errorCode(cause)}).`,
    'See who owns its folder, and whether the disk is full.',
    cause,
  )
