import { readFileSync } from 'node:fs'
import { asFields, type Fields, parseFields } from './fields.ts'

export type JsonFile = Fields | 'absent' | 'unreadable'

/** An object out of a file of somebody else's; a byte order mark is passed over, as the client does. Never throws. */
export const readJson = (path: string): JsonFile => {
  try {
    return parseFields(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')) ?? 'unreadable'
  } catch (error) {
    return isAbsence(error) ? 'absent' : 'unreadable'
  }
}

/** Whether a file system's error says that there is no such file or folder. */
export const isAbsence = (error: unknown): boolean => {
  const code = asFields(error)?.code
  return code === 'ENOENT' || code === 'ENOTDIR'
}
