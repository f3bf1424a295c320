import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { cannotRead, cannotWrite, errorCode } from './file-errors.ts'
import { makeFolder } from './make-folder.ts'

/**
 * Reads a record. Missing, empty, torn or of another format is null: whoever reads one must do without it anyway.
 * Anything else, such as no permission, throws an ExpectedError (77), since it would hide a record that is there.
 */
export const readRecord = <T>(path: string, check: (value: unknown) => T | null): T | null => {
  const text = readText(path)
  return text === null ? null : check(parse(text))
}

/** The text of a file, null when there is none; throws an ExpectedError (77) when it is there and can't be read. */
export const readText = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw cannotRead(path, error)
  }
}

/** Writes a record as one line of JSON; see `writeText`. */
export const writeRecord = (path: string, value: unknown): void =>
  writeText(path, `${JSON.stringify(value)}\n`)

/**
 * Replaces a file at once: readers see the old text or the new, also after a power cut. Makes the folder (0700).
 * Throws an ExpectedError, 73 or 77, and then leaves neither a change nor a temporary file behind.
 */
export const writeText = (path: string, text: string, mode = 0o600): void => {
  // A name nobody else can have: two writers at once must not write into one temporary file.
  const temporary = `${path}.${process.pid}.${process.hrtime.bigint().toString(36)}.tmp`
  try {
    makeFolder(dirname(path))
    writeDurably(temporary, text, mode)
    renameSync(temporary, path)
  } catch (error) {
    discard(temporary)
    throw cannotWrite(path, error)
  }
}

/** Removes a file; fine when there is none. Throws an ExpectedError, 73 or 77. */
export const remove = (path: string): void => {
  try {
    rmSync(path, { force: true })
  } catch (error) {
    if (errorCode(error) !== 'ENOTDIR') throw cannotWrite(path, error)
  }
}

/** Removes a folder with all that is in it, following no symbolic link; fine when there is none. */
export const removeFolder = (path: string): void => {
  try {
    rmSync(path, { force: true, recursive: true })
  } catch (error) {
    if (errorCode(error) !== 'ENOTDIR') throw cannotWrite(path, error)
  }
}

const writeDurably = (path: string, text: string, mode: number): void => {
  const file = openSync(path, 'wx', mode)
  try {
    // Not what the umask makes of the mode, but the mode: a 0700 script must be executable.
    fchmodSync(file, mode)
    // Goes on after a short write, which is how a disk that is nearly full answers first.
    writeFileSync(file, text)
    // Without it a power cut can leave the rename done and the file empty.
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

const discard = (path: string): void => {
  try {
    rmSync(path, { force: true })
  } catch (error) {
    // Where nothing could be written nothing may be removable either; what went wrong first is told.
    if (errorCode(error) === null) throw error
  }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
