import { readdirSync, readlinkSync } from 'node:fs'
import type { ProcessId, ProcessInfo } from '../core/process.ts'
import { createConnections } from './connections-linux.ts'
import { errorCode } from './file-errors.ts'
import { createListening } from './listening-linux.ts'
import type { ProcessSource } from './process-source.ts'
import { readUtf8 } from './read-utf8.ts'

/** Processes by `/proc` (proc(5)), nothing spawned. `dir` is where that is. */
export const linuxSource = (dir = '/proc'): ProcessSource => {
  const find = (pid: number): ProcessInfo | null => {
    const stat = read(() => readUtf8(`${dir}/${pid}/stat`), gone)
    const info = stat === null ? null : parseStat(stat)
    return info === null || info.state === 'Z' || info.state === 'X' ? null : info
  }
  const pids = () => read(() => readdirSync(dir), gone)?.filter((name) => /^\d+$/.test(name)) ?? []
  const all = () => present(pids())
  const commandText = (pid: number | string) => read(() => readUtf8(`${dir}/${pid}/cmdline`), unseen)
  const present = (pids: readonly string[]) =>
    pids.map((pid) => find(Number(pid))).filter((info) => info !== null)
  const children = (pid: number): readonly ProcessInfo[] => {
    const threads = read(() => readdirSync(`${dir}/${pid}/task`), gone)
    if (threads === null) return []
    const lists = threads.map((id) => read(() => readUtf8(`${dir}/${pid}/task/${id}/children`), gone))
    // The file hangs on CONFIG_PROC_CHILDREN; a thread that just ended has none either, and then scanning is right too.
    if (lists.includes(null)) return all().filter((info) => info.ppid === pid)
    return present(lists.flatMap((list) => list?.split(' ') ?? []).filter((word) => word !== ''))
  }
  const hasConnection = createConnections(dir)
  const environmentText = (pid: number) => read(() => readUtf8(`${dir}/${pid}/environ`), unseen)
  let machine: string | null | undefined
  return {
    machine: () => {
      machine ??= machineOf(dir)
      return machine
    },
    find,
    all,
    calledWith: (text) =>
      present(pids().filter((pid) => commandText(pid)?.replaceAll('\0', ' ').includes(text) === true)),
    children,
    environment: ({ pid }) => parseEnvironment(environmentText(pid)),
    variables: ({ pid }, names) => pick(environmentText(pid), names),
    command: ({ pid }) => words(commandText(pid)),
    folder: (id) => linked(dir, id, 'cwd')?.path ?? null,
    executable: (id) => linked(dir, id, 'exe'),
    connected: ({ pid }) => hasConnection(pid),
    listens: createListening(dir),
    catches: ({ pid }, signal) => {
      const status = read(() => readUtf8(`${dir}/${pid}/status`), unseen)
      const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status ?? '')?.[1]
      return caught === undefined
        ? null
        : ((BigInt(`0x${caught}`) >> BigInt(numbers[signal] - 1)) & 1n) === 1n
    },
  }
}

/** A start is counted from the boot, and in each container pids begin at 1 (random(4), pid_namespaces(7)). */
const machineOf = (dir: string): string | null => {
  const boot = read(() => readUtf8(`${dir}/sys/kernel/random/boot_id`), unseen)?.trim() ?? ''
  const space = read(() => readlinkSync(`${dir}/self/ns/pid`), unseen)
  return boot === '' || space === null ? null : `${boot} ${space}`
}

/**
 * One line of `/proc/<pid>/stat`. The name stands in parentheses and may hold spaces and parentheses of its own, so the
 * fields are counted from the last one: state, ppid, … and as field 22 the start, in clock ticks since boot.
 */
export const parseStat = (stat: string): ProcessInfo | null => {
  const open = stat.indexOf('(')
  const close = stat.lastIndexOf(')')
  if (open < 0 || close < open) return null
  // Walked to the 22nd of some fifty fields, not split: many sessions ask for it hundreds of times a look.
  const behindState = stat.indexOf(' ', close + 2)
  const behindParent = stat.indexOf(' ', behindState + 1)
  if (behindState < 0 || behindParent < 0) return null
  let before = behindParent
  for (let field = 5; field < 22; field += 1) {
    before = stat.indexOf(' ', before + 1)
    if (before < 0) return null
  }
  const end = stat.indexOf(' ', before + 1)
  const pid = Number(stat.slice(0, open))
  const ppid = Number(stat.slice(behindState + 1, behindParent))
  const start = stat.slice(before + 1, end < 0 ? undefined : end)
  if (!Number.isInteger(pid) || !Number.isInteger(ppid) || start === '') return null
  return { pid, ppid, state: stat.slice(close + 2, behindState), start, comm: stat.slice(open + 1, close) }
}

const parseEnvironment = (text: string | null): Readonly<Record<string, string>> | null => {
  if (text === null) return null
  const found = new Map<string, string>()
  for (const word of text.split('\0')) {
    const end = word.indexOf('=')
    const name = word.slice(0, Math.max(0, end))
    // Of two of one name the first counts, as for getenv(3).
    if (name !== '' && !found.has(name)) found.set(name, word.slice(end + 1))
  }
  return Object.fromEntries(found)
}

/** A few of them without taking all apart: the first of a name counts here, too. */
const pick = (
  text: string | null,
  names: readonly string[],
): Readonly<Record<string, string | undefined>> | null => {
  if (text === null) return null
  const lines = `\0${text}`
  const value = (name: string): string | undefined => {
    const at = lines.indexOf(`\0${name}=`)
    if (at < 0) return undefined
    const from = at + name.length + 2
    const end = lines.indexOf('\0', from)
    return lines.slice(from, end < 0 ? undefined : end)
  }
  return Object.fromEntries(names.map((name) => [name, value(name)]))
}

const words = (text: string | null): readonly string[] | null => {
  if (text === null) return null
  return text === '' ? [] : text.replace(/\0$/, '').split('\0')
}

const linked = (dir: string, { pid }: ProcessId, name: 'cwd' | 'exe') => {
  const path = read(() => readlinkSync(`${dir}/${pid}/${name}`), unseen)
  const deleted = path?.endsWith(' (deleted)') ?? false
  return path === null ? null : { path: deleted ? path.slice(0, -' (deleted)'.length) : path, deleted }
}

/** Ended before or while it was read. */
const gone: ReadonlySet<string> = new Set(['ENOENT', 'ESRCH', 'ENOTDIR'])
/** Or somebody else's. */
const unseen: ReadonlySet<string> = new Set([...gone, 'EACCES', 'EPERM'])

// Anything else, such as too many open files, is thrown: it must not look like a process that is gone.
const read = <T>(ask: () => T, nothing: ReadonlySet<string>): T | null => {
  try {
    return ask()
  } catch (error) {
    if (nothing.has(errorCode(error) ?? '')) return null
    throw error
  }
}

/** signal(7), on every processor Node is built for. */
const numbers = { SIGUSR1: 10 } as const
