import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import type { ProcessId, ProcessInfo } from '../core/process.ts'
import { listensInTable } from './listening-netstat.ts'
import type { ProcessSource } from './process-source.ts'

type Program = 'ps' | 'lsof' | 'netstat'

/**
 * Runs `ps`, `lsof` or `netstat` with nothing in the environment but `env` and a PATH, and hands back what it printed, '' when it
 * found nothing. Throws when it can't be run.
 */
export type Ps = (program: Program, args: readonly string[], env: Readonly<Record<string, string>>) => string

// Days and months in English and times in UTC, whatever the person's language and wherever they travel: a start is
// compared word for word, with one noted earlier and with the one the client noted, which asks like this.
const plainly = { LC_ALL: 'C', TZ: 'UTC' } as const

/** How long a table is good for: one look at a session asks for a dozen processes and costs one `ps`. */
const freshMs = 200

/** Processes by `ps`, `lsof` and `netstat`, as macOS prints them; works with the `ps` of Linux, too. */
export const psSource = (runs: Ps = runPs, now: () => number = Date.now): ProcessSource => {
  const ps = (program: Program, args: readonly string[]) => runs(program, args, plainly)
  const rows = keep(() => parseTable(ps('ps', ['-axo', 'pid=,ppid=,state=,lstart=,comm='])), now)
  const commands = keep(() => parseCommands(ps('ps', ['-axwwo', 'pid=,command='])), now)
  // Without a dash `e` is the environment on both systems; with one it is every process.
  const environments = keep(() => parseCommands(ps('ps', ['axeww', '-o', 'pid=,command='])), now)
  const all = () => [...rows().values()].map(infoOf)
  const environment = ({ pid }: ProcessId) =>
    parseEnvironment(commandOf(commands, pid) ?? '', commandOf(environments, pid) ?? '')
  return {
    find: (pid, fresh) => {
      // What is not in a table of a moment ago may have been started since.
      const row = rows(fresh).get(pid) ?? rows(true).get(pid)
      return row === undefined ? null : infoOf(row)
    },
    all,
    // Not asked of each process: that would be a `ps` for every one of them.
    calledWith: (text) => {
      const lines = commands()
      return all().filter(({ pid }) => lines.get(pid)?.includes(text) === true)
    },
    children: (pid) => all().filter((info) => info.ppid === pid),
    command: ({ pid }) => split(ps('ps', ['-p', String(pid), '-wwo', 'command=']).trim()),
    environment,
    variables: environment,
    folder: ({ pid }) => field(ps('lsof', ['-a', '-p', String(pid), '-d', 'cwd', '-Fn']), 'n'),
    // `lsof -i` takes a second, and would be asked every half minute.
    connected: () => null,
    machine: () => null,
    // `lsof` shows the sockets of others to root alone.
    listens: (port) =>
      listensInTable(
        printedOf(() => ps('netstat', ['-an', '-p', 'tcp'])),
        port,
      ),
    // `ps -o caught=` is a mask macOS keeps empty.
    catches: () => null,
    executable: ({ pid }) => {
      const path = rows().get(pid)?.path
      return path?.startsWith('/') === true ? { path, deleted: !existsSync(path) } : null
    },
  }
}

type Kept<T> = (fresh?: boolean) => ReadonlyMap<number, T>

/** A table by pid, taken anew when it is too old. */
const keep = <T>(take: () => ReadonlyMap<number, T>, now: () => number): Kept<T> => {
  let table: ReadonlyMap<number, T> = new Map()
  let takenAt = Number.NEGATIVE_INFINITY
  return (fresh = false) => {
    if (!fresh && now() - takenAt >= 0 && now() - takenAt < freshMs) return table
    table = take()
    // `ps` lists itself at least: an empty table is a `ps` that failed, and must not look like an empty machine.
    if (table.size === 0) throw new Error('ps lists no processes')
    takenAt = now()
    return table
  }
}

const commandOf = (table: Kept<string>, pid: number): string | null =>
  table().get(pid) ?? table(true).get(pid) ?? null

type Row = ProcessInfo & { readonly path: string }

const infoOf = ({ path: _, ...info }: Row): ProcessInfo => info

// 501 1 Ss Sun Nov  2 09:05:07 2026 /Applications/Some App.app/Contents/MacOS/Some App
const rowPattern = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(.+?)\s*$/

/**
 * The table `ps -axo pid=,ppid=,state=,lstart=,comm=` prints, zombies left out; lines it doesn't know are passed over. A
 * start stays as it is printed, two spaces before days 1 to 9 included.
 */
export const parseTable = (text: string): ReadonlyMap<number, Row> => {
  const rows = new Map<number, Row>()
  for (const line of text.split('\n')) {
    const [, pid, ppid, state, start, path] = rowPattern.exec(line) ?? []
    if (path === undefined || state === undefined || start === undefined || state.startsWith('Z')) continue
    rows.set(Number(pid), {
      pid: Number(pid),
      ppid: Number(ppid),
      state: state.slice(0, 1),
      start,
      comm: basename(path),
      path,
    })
  }
  return rows
}

/** `ps` has no form that keeps the arguments apart: one with a space in it comes back as two, joined they are right. */
const split = (line: string): readonly string[] | null => (line === '' ? null : line.split(' '))

/** The table `ps -axwwo pid=,command=` prints: a line for each process, as a line break in it is printed as something else. */
export const parseCommands = (text: string): ReadonlyMap<number, string> =>
  new Map(
    text.split('\n').flatMap((line) => {
      const [, pid, command] = /^\s*(\d+)\s(.*\S)/.exec(line) ?? []
      return pid === undefined || command === undefined ? [] : [[Number(pid), command.trim()] as const]
    }),
  )

/**
 * The environment `ps e` prints behind the command, separated by spaces: a word that starts no variable belongs to the
 * value before it. Null when nothing is there, as for other people's and for protected processes.
 */
export const parseEnvironment = (
  command: string,
  withEnvironment: string,
): Readonly<Record<string, string>> | null => {
  const text = withEnvironment.trim()
  if (command === '' || !text.startsWith(command) || text.length === command.length) return null
  const variables: [string, string][] = []
  for (const word of text.slice(command.length).trim().split(' ')) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word) ?? []
    const last = variables.at(-1)
    if (name !== undefined && value !== undefined) variables.push([name, value])
    else if (last !== undefined) last[1] += ` ${word}`
  }
  return variables.length === 0 ? null : Object.fromEntries(variables.reverse())
}

/** The first field of that letter in the output of `lsof -F`. */
const field = (text: string, letter: string): string | null =>
  text
    .split('\n')
    .find((line) => line.startsWith(letter))
    ?.slice(1) ?? null

/** '' where the program could not be run, or failed: of what it would have told nothing is known. */
const printedOf = (run: () => string): string => {
  try {
    return run()
  } catch (error) {
    if (error instanceof Error && 'status' in error) return ''
    throw error
  }
}

const paths = { ps: '/bin/ps', lsof: '/usr/sbin/lsof', netstat: '/usr/sbin/netstat' } as const

const runPs: Ps = (program, args, env) => {
  try {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore']
    // Loaded when it is needed: on Linux it never is, and it costs every command milliseconds.
    const { execFileSync }: typeof import('node:child_process') = createRequire(import.meta.url)(
      'node:child_process',
    )
    return execFileSync(paths[program], args, {
      env: { ...env, PATH: '/usr/bin:/bin:/usr/sbin:/sbin' },
      stdio,
      encoding: 'utf8',
      timeout: 5000,
      maxBuffer: 32e6,
    })
  } catch (error) {
    // Status 1 is "no such process", or a warning beside the answer; without a status it never ran.
    if (error instanceof Error && 'status' in error && error.status === 1 && 'stdout' in error)
      return String(error.stdout)
    throw error
  }
}
