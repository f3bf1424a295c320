import { chmodSync, lstatSync, mkdirSync, readFileSync, realpathSync, renameSync, statSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { ExpectedError, exitStatus, statusOfWrite } from '../errors.ts'
import type { ReplaceFile } from '../system/replace-file.ts'
import { removeLeftBehind } from './left-behind.ts'

/** What a file of a plugin's state folder holds, or why that is not known. */
export type StateText =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'absent' }
  | { readonly is: 'unreadable'; readonly detail: string }

/** Reads a file of a plugin's state folder; `latin1` gives a character for each byte. Throws nothing. */
export const readStateFile = (
  stateDir: string,
  name: string,
  encoding: keyof typeof options = 'utf8',
): StateText => {
  const path = `${stateDir}/${name}`
  try {
    return { is: 'text', text: readFileSync(path, options[encoding]) }
  } catch (error) {
    const code = errorCode(error)
    return code === 'ENOENT'
      ? { is: 'absent' }
      : { is: 'unreadable', detail: `${path} can't be read (${code})` }
  }
}

/** For a plain string, or an object of its own, Node does more each time: every session has files that are read in every look. */
const options = { utf8: { encoding: 'utf8' }, latin1: { encoding: 'latin1' } } as const

/**
 * Which file it is that stands there, as it is now: told by one system call, so that hardly any time lies between a look
 * and what is done upon it. Throws nothing.
 */
export const stateFileMark = (stateDir: string, name: string): string => {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(join(stateDir, name), { bigint: true })
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`
  } catch (error) {
    return errorCode(error)
  }
}

/**
 * Replaces a file of a plugin's state folder at once, 0600; makes the folder, 0700, when it is missing. A link that stays
 * within the folder is followed; one that leads out of it is an ExpectedError (77), since what we wrote there could be
 * read by anybody. `unchanged` and what is handed back are `replaceFile`'s. Throws ExpectedError, 73 or 77, when it can't
 * be written.
 */
export const replaceStateFile = (
  stateDir: string,
  name: string,
  text: string | Uint8Array,
  replaceFile: ReplaceFile,
  unchanged?: () => boolean,
): boolean =>
  writing(join(stateDir, name), () => {
    closeFolder(stateDir)
    const target = targetIn(realpathSync(stateDir), name)
    removeLeftBehind(dirname(target), basename(target))
    return replaceFile(target, text, 0o600, unchanged)
  })

/**
 * Puts a file into a folder below a plugin's state folder, which the plugin lists: a temporary file of ours must not be
 * seen there, so the file is written beside it and moved in. Modes, links and what it throws as `replaceStateFile`.
 */
export const putStateFile = (
  stateDir: string,
  below: string,
  name: string,
  text: string,
  replaceFile: ReplaceFile,
): void => {
  writing(join(stateDir, below, name), () => {
    closeFolder(stateDir)
    const folder = targetIn(realpathSync(stateDir), below)
    closeFolder(folder)
    const beside = join(realpathSync(stateDir), `.${below}-${name}`)
    replaceFile(beside, text, 0o600)
    renameSync(beside, join(folder, name))
  })
}

const closeFolder = (path: string): void => {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  chmodSync(path, 0o700)
}

const writing = <T>(path: string, write: () => T): T => {
  try {
    return write()
  } catch (error) {
    throw error instanceof ExpectedError ? error : cannotWrite(path, error)
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
