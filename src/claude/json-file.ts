import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { asFields, type Fields, parseFields } from './fields.ts'

export type JsonFile = Fields | 'absent' | 'unreadable'

/**
 * An object out of one of the client's lists (plugins, marketplaces). Never throws. With a byte order mark in front the
 * client can't read them either (seen on 2.1.139 and 2.1.330).
 */
export const readList = (path: string): JsonFile => read(path, (text) => text)

/** An object out of a settings file. Never throws. The client passes a byte order mark over (seen on 2.1.139 and 2.1.330). */
export const readSettings = (path: string): JsonFile => read(path, (text) => text.replace(/^\uFEFF/, ''))

const read = (path: string, json: (text: string) => string): JsonFile => {
  try {
    return parseFields(json(readRegular(path))) ?? 'unreadable'
  } catch (error) {
    return isAbsence(error) ? 'absent' : 'unreadable'
  }
}

/**
 * The text of a file. Claude can write most of these files: a FIFO in the place of one would be waited for forever, and
 * one without end would be read until memory is. Throws a file system's error, and an Error for what is no file.
 */
export const readRegular = (path: string): string => {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const found = fstatSync(file)
    if (!found.isFile() || found.size > mostBytes) throw new Error(`${path} is no file of a usual size`)
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

/** Bytes: a session is looked at every few seconds, and no longer file may hold that up. */
const mostBytes = 16 * 1024 * 1024

/** Whether a file system's error says that there is no such file or folder. */
export const isAbsence = (error: unknown): boolean => {
  const code = asFields(error)?.code
  return code === 'ENOENT' || code === 'ENOTDIR'
}
