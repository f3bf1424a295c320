import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseOnChange } from '../core/parse-on-change.ts'
import { cannotRead, cannotWrite, errorCode } from './file-errors.ts'
import { makeFolder } from './make-folder.ts'
import { readUtf8 } from './read-utf8.ts'
import { replaceFile } from './replace-file.ts'

/**
 * Reads a record. Missing, empty, torn or of another format is null: whoever reads one must do without it anyway.
 * Anything else, such as no permission, throws an ExpectedError (77), since it would hide a record that is there. As long
 * as the text stays the same, so does what is handed out.
 */
export const readRecord = <T>(path: string, check: Check<T>): T | null => {
  const text = readText(path)
  return text === null ? null : parserFor(check)(path, text)
}

/** The same of a record that its reader keeps: many are read once in months, and nothing of them is kept here. */
export const readRecordOnce = <T>(path: string, check: Check<T>): T | null => {
  const text = readText(path)
  return text === null ? null : check(parse(text))
}

/** The text of a file, null when there is none; throws an ExpectedError (77) when it is there and can't be read. */
export const readText = (path: string): string | null => {
  try {
    return readUtf8(path)
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
  try {
    makeFolder(dirname(path))
    replaceFile(path, text, mode)
  } catch (error) {
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

/** Removes a folder with all that is in it, following no symbolic link; fine when there is none. Throws as `remove`. */
export const removeFolder = (path: string, tries = 20): void => {
  try {
    rmSync(path, { force: true, recursive: true })
  } catch (error) {
    // A keeper wrote its last word into it meanwhile. Node's own `maxRetries` does not look what is new in there.
    if (errorCode(error) === 'ENOTEMPTY' && tries > 1) removeFolder(path, tries - 1)
    else if (errorCode(error) !== 'ENOTDIR') throw cannotWrite(path, error)
  }
}

type Check<T> = (value: unknown) => T | null
type Parser<T> = (path: string, text: string) => T | null

const parsers = new WeakMap<Check<unknown>, Parser<unknown>>()

/** One for each check, so that what one file is taken for is never handed out as something else. */
const parserFor = <T>(check: Check<T>): Parser<T> => {
  const known = parsers.get(check) as Parser<T> | undefined
  if (known !== undefined) return known
  const parser = parseOnChange((text) => check(parse(text)))
  parsers.set(check, parser)
  return parser
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
