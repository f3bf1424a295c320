import { readFileSync } from 'node:fs'
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
    return parseFields(json(readFileSync(path, 'utf8'))) ?? 'unreadable'
  } catch (error) {
    return isAbsence(error) ? 'absent' : 'unreadable'
  }
}

/** Whether a file system's error says that there is no such file or folder. */
export const isAbsence = (error: unknown): boolean => {
  const code = asFields(error)?.code
  return code === 'ENOENT' || code === 'ENOTDIR'
}
