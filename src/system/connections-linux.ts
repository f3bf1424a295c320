import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** How many sockets a machine may have for its table to be read: each line costs, and nobody's bot is worth seconds. */
const mostBytes = 4 * 1024 * 1024

/**
 * Whether a process has an established TCP connection, by proc(5): its open files, and the tables of its network
 * namespace. Null: not for us to see, or the tables are too long to be read now and then. Throws for what the system
 * does otherwise not let us read.
 */
export const hasConnection = (dir: string, pid: number): boolean | null => {
  const own = readable(() => socketsOf(dir, pid))
  if (own === null) return null
  if (own.size === 0) return false
  for (const table of ['tcp', 'tcp6']) {
    const text = readable(() => readFileSync(`${dir}/${pid}/net/${table}`, 'latin1'))
    // A machine without IPv6 has no second table.
    if (text === null && table === 'tcp') return null
    if (text === null) continue
    if (text.length > mostBytes) return null
    if (text.split('\n').some((line) => isOwn(line, own))) return true
  }
  return false
}

const socketsOf = (dir: string, pid: number): ReadonlySet<string> =>
  new Set(
    readdirSync(`${dir}/${pid}/fd`).flatMap((name) => {
      const link = readable(() => readlinkSync(`${dir}/${pid}/fd/${name}`))
      const [, inode] = /^socket:\[(\d+)\]$/.exec(link ?? '') ?? []
      return inode === undefined ? [] : [inode]
    }),
  )

const established = '01'

/** `  0: 0100007F:1F90 0100007F:C350 01 … <inode> …`: state is the fourth word, the inode the tenth. */
const isOwn = (line: string, own: ReadonlySet<string>): boolean => {
  const words = line.trim().split(/\s+/, 10)
  return words[3] === established && own.has(words[9] ?? '')
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
