import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  lstatSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  type Stats,
  statfsSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { cannotWrite } from './file-errors.ts'
import { makeFolder } from './make-folder.ts'
import { checkHealth, checkKeeper, checkOrders, checkRun, checkWanted } from './record-formats.ts'
import {
  readRecord,
  readRecordOnce,
  readText,
  remove,
  removeFolder,
  writeRecord,
  writeText,
} from './records.ts'

/** The file system as the keeper and the commands use it. Every throw is an ExpectedError (73 or 77). */
export type Files = {
  readonly readText: typeof readText
  readonly writeText: typeof writeText
  readonly readRecord: typeof readRecord
  readonly readRecordOnce: typeof readRecordOnce
  readonly writeRecord: typeof writeRecord
  readonly remove: typeof remove
  readonly removeFolder: typeof removeFolder
  readonly checks: {
    readonly wanted: typeof checkWanted
    readonly orders: typeof checkOrders
    readonly run: typeof checkRun
    readonly health: typeof checkHealth
    readonly keeper: typeof checkKeeper
  }
  readonly exists: (path: string) => boolean
  readonly isFolder: (path: string) => boolean
  /** Whether this process may write below a folder; a folder not there yet counts by the nearest one above it, a file in its place as no. */
  readonly isWritable: (path: string) => boolean
  /** Whether a rename can go from one path to the other: not from disk to disk. One not there yet counts as for `isWritable`. */
  readonly isOneDisk: (one: string, other: string) => boolean
  /** Real, absolute path; null when there is none, or none that may be seen. */
  readonly realPath: (path: string) => string | null
  /** Milliseconds since 1970; null when it is not there, or may not be seen. */
  readonly changedAt: (path: string) => number | null
  readonly makeFolder: (path: string) => void
  readonly rename: (from: string, to: string) => void
  /** Sets when a file was changed, which takes no room on the disk; read-only ones stay as they are. */
  readonly touch: (path: string, at: number) => void
  readonly list: (folder: string) => readonly string[]
  /** What a path is, not followed where it is a link; null when it is not there, or may not be seen. */
  readonly look: (path: string) => FileLook | null
  /** Sets the mode of a file or folder; of a link it throws. */
  readonly setMode: (path: string, mode: number) => void
  /** Room that this user may take on the disk a path is on, or will be, in bytes; null where the system does not say. */
  readonly freeBytes: (path: string) => number | null
}

export type FileLook = {
  readonly is: 'file' | 'folder' | 'link' | 'other'
  /** Its permission bits. */
  readonly mode: number
  /** Whether its mode is this user's to change: it is theirs, or they are root. */
  readonly own: boolean
}

export const files: Files = {
  readText,
  writeText,
  readRecord,
  readRecordOnce,
  writeRecord,
  remove,
  removeFolder,
  checks: {
    wanted: checkWanted,
    orders: checkOrders,
    run: checkRun,
    health: checkHealth,
    keeper: checkKeeper,
  },
  exists: existsSync,
  isFolder: (path) => attempt(() => statSync(path).isDirectory()) ?? false,
  isWritable: (path) => isWritable(path),
  isOneDisk: (one, other) => diskOf(one) === diskOf(other),
  realPath: (path) => attempt(() => realpathSync(path)),
  changedAt: (path) => attempt(() => statSync(path).mtimeMs),
  makeFolder,
  rename: (from, to) => {
    makeFolder(dirname(to))
    try {
      renameSync(from, to)
    } catch (error) {
      throw cannotWrite(to, error)
    }
  },
  touch: (path, at) => void attempt(() => utimesSync(path, at / 1_000, at / 1_000)),
  list: (folder) => attempt(() => readdirSync(folder)) ?? [],
  look: (path) => attempt(() => lookOf(lstatSync(path))),
  setMode: (path, mode) => {
    try {
      changeMode(path, mode)
    } catch (error) {
      throw cannotWrite(path, error)
    }
  },
  freeBytes: (path) => freeBytes(path),
}

const freeBytes = (path: string): number | null => {
  if (!existsSync(path) && path !== dirname(path)) return freeBytes(dirname(path))
  return attempt(() => {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  })
}

const lookOf = (stat: Stats): FileLook => ({
  is: isOf(stat),
  mode: stat.mode & 0o777,
  own: [stat.uid, 0].includes(process.getuid?.() ?? -1),
})

const isOf = (stat: Stats): FileLook['is'] => {
  if (stat.isSymbolicLink()) return 'link'
  if (stat.isFile()) return 'file'
  return stat.isDirectory() ? 'folder' : 'other'
}

/** Of what was opened: by its path a link could be put in between. */
const changeMode = (path: string, mode: number): void => {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    fchmodSync(file, mode)
  } finally {
    closeSync(file)
  }
}

const isWritable = (path: string): boolean => {
  if (!existsSync(path)) return path !== '/' && isWritable(path.replace(/\/[^/]*\/?$/, '') || '/')
  return (
    attempt(() => {
      accessSync(path, constants.W_OK)
      return statSync(path).isDirectory()
    }) ?? false
  )
}

/** A link's own: a rename moves it as it is. */
const diskOf = (path: string): number | null => attempt(() => lstatSync(path).dev) ?? diskAbove(dirname(path))

const diskAbove = (folder: string): number | null =>
  attempt(() => statSync(folder).dev) ?? (folder === dirname(folder) ? null : diskAbove(dirname(folder)))

/** Null where there is nothing, or nothing that may be seen. */
const attempt = <T>(read: () => T): T | null => {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null
    throw error
  }
}
