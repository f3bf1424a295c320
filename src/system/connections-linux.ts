import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { share } from '../core/share.ts'

/** How many sockets a machine may have for its table to be read: each line costs, and nobody's bot is worth seconds. */
const mostBytes = 4 * 1024 * 1024

/**
 * Tells whether a process has an established TCP connection, by proc(5): its open files, and the tables of its network
 * namespace, which all that are asked about in one go share. Null: not for us to see, or the tables are too long to be
 * read now and then. Throws for what the system does otherwise not let us read.
 */
export const createConnections = (dir: string): ((pid: number) => boolean | null) => {
  const tableOf = share(
    (pid: number, table: Table) => readTable(`${dir}/${pid}/net/${table}`),
    (pid, table) => `${table} ${readable(() => readlinkSync(`${dir}/${pid}/ns/net`)) ?? pid}`,
  )
  return (pid) => {
    const own = readable(() => socketsOf(dir, pid))
    if (own === null) return null
    if (own.length === 0) return false
    for (const table of ['tcp', 'tcp6'] as const) {
      // None may mean that whoever it was read for has ended meanwhile.
      const sockets = tableOf(pid, table) ?? readTable(`${dir}/${pid}/net/${table}`)
      // A machine without IPv6 has no second table.
      if (sockets === 'too long' || (sockets === null && table === 'tcp')) return null
      if (own.some((socket) => sockets?.has(socket))) return true
    }
    return false
  }
}

type Table = 'tcp' | 'tcp6'

const socketsOf = (dir: string, pid: number): readonly string[] =>
  readdirSync(`${dir}/${pid}/fd`).flatMap((name) => {
    const link = readable(() => readlinkSync(`${dir}/${pid}/fd/${name}`))
    const [, inode] = /^socket:\[(\d+)\]$/.exec(link ?? '') ?? []
    return inode === undefined ? [] : [inode]
  })

const established = '01'

/**
 * The sockets, by inode, with an established connection; null where there is no such table.
 * `  0: 0100007F:1F90 0100007F:C350 01 … <inode> …`: state is the fourth word, the inode the tenth.
 */
const readTable = (file: string): ReadonlySet<string> | 'too long' | null => {
  const text = readable(() => readFileSync(file, 'latin1'))
  if (text === null) return null
  if (text.length > mostBytes) return 'too long'
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/, 10))
  return new Set(
    rows.flatMap(([, , , state, , , , , , inode = '']) => (state === established ? [inode] : [])),
  )
}

const hidden: ReadonlySet<unknown> = new Set(['ENOENT', 'ESRCH', 'ENOTDIR', 'EACCES', 'EPERM', 'EINVAL'])

const readable = <T>(ask: () => T): T | null => {
  try {
    return ask()
  } catch (error) {
    if (error instanceof Error && 'code' in error && hidden.has(error.code)) return null
    throw error
  }
}
