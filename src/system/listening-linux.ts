import { readFileSync } from 'node:fs'
import { errorCode } from './file-errors.ts'

/**
 * Whether anything on this machine listens on a TCP port of its own addresses, by proc(5): state 0A is LISTEN, the port
 * stands in hexadecimal behind the local address. Null where the tables are not for us to see.
 */
export const createListening =
  (dir: string): ((port: number) => boolean | null) =>
  (port) => {
    const tables = ['tcp', 'tcp6'].map((table) => readTable(`${dir}/self/net/${table}`))
    if (tables.every((text) => text === null)) return null
    const hex = port.toString(16).toUpperCase().padStart(4, '0')
    return tables.some((text) => new RegExp(`^\\s*\\d+: [0-9A-F]+:${hex} \\S+ 0A `, 'm').test(text ?? ''))
  }

const readTable = (file: string): string | null => {
  try {
    return readFileSync(file, 'latin1')
  } catch (error) {
    // A machine without IPv6 has no second table.
    if (hidden.has(errorCode(error))) return null
    throw error
  }
}

const hidden: ReadonlySet<string | null> = new Set(['ENOENT', 'EACCES', 'EPERM', 'ENOTDIR'])
