import type { ProcessId, ProcessInfo } from '../core/process.ts'
import { sameProcess } from '../core/process.ts'
import { errorCode } from './file-errors.ts'
import type { Executable, ProcessSource } from './process-source.ts'
import { linuxSource } from './processes-linux.ts'
import { type Ps, psSource } from './processes-macos.ts'

/**
 * The processes of this machine. A zombie counts as gone. What was asked of a ProcessId is answered for that very
 * process, never for a later one with its pid; null is "gone, or not for us to see".
 */
export type Processes = {
  /**
   * Names this boot and this pid namespace: process ids that were written down elsewhere, say in a container that is
   * gone, mean nothing here. Null where the system does not say (macOS, whose starts are times of day).
   */
  machine(): string | null
  self(): ProcessId
  find(pid: number): ProcessInfo | null
  /** Whether it is there at this moment: asked of the system anew, where `find` may answer by what it saw a moment ago. */
  livesNow(process: ProcessId): boolean
  /** Several questions about one process, answered together for less than one by one. */
  ask<Answer>(process: ProcessId, questions: (about: About) => Answer): Answer | null
  environment(process: ProcessId): Readonly<Record<string, string>> | null
  command(process: ProcessId): readonly string[] | null
  /** Working folder. */
  folder(process: ProcessId): string | null
  /** Whether the file it runs was deleted or replaced since; false also where that is not for us to see. */
  replaced(process: ProcessId): boolean
  /** Whether it has an established TCP connection; null also where the system does not say. */
  connected(process: ProcessId): boolean | null
  /** Whether anything listens on a TCP port of this machine; null also where the system does not say. */
  listens(port: number): boolean | null
  /** Whether it has a handler for a signal: one that is only starting may have none yet, and would be ended by it. */
  catches(process: ProcessId, signal: 'SIGUSR1'): boolean | null
  /** Nearest first; empty when the process is gone. */
  ancestors(pid: number): readonly ProcessInfo[]
  children(pid: number): readonly ProcessInfo[]
  all(): readonly ProcessInfo[]
  /** Those whose command, its words joined by spaces, held that text a moment ago. */
  calledWith(text: string): readonly ProcessInfo[]
  /** Looks once more right before that it is still this process. Refused: not ours to signal. */
  signal(process: ProcessId, signal: NodeJS.Signals): 'sent' | 'gone' | 'refused'
}

/** What can be asked about a process; null is "not for us to see". */
export type About = {
  command(): readonly string[] | null
  executable(): Executable | null
  /** At least those of these variables that it was started with. */
  variables(...names: readonly string[]): Readonly<Record<string, string | undefined>> | null
}

export type ProcessesOptions = {
  /** Where Linux keeps its processes. */
  readonly dir?: string
  /** What runs `ps` and `lsof` elsewhere. */
  readonly ps?: Ps
  readonly now?: () => number
}

/** Linux by /proc, spawning nothing; macOS by `ps`. Throws when the system does not answer: unknown is not gone. */
export const createProcesses = (platform: NodeJS.Platform, options: ProcessesOptions = {}): Processes => {
  const source = platform === 'linux' ? linuxSource(options.dir) : psSource(options.ps, options.now)
  const current = <T>(id: ProcessId, ask: (id: ProcessId) => T): T | null => {
    const answer = ask(id)
    // Asked first, then compared: had the pid passed on before, the start would differ now.
    return sameProcess(source.find(id.pid, false), id) ? answer : null
  }
  return {
    machine: source.machine,
    self: () => self(source),
    find: (pid) => source.find(pid, false),
    livesNow: (id) => livesNow(source, id),
    ask: (id, questions) => current(id, () => questions(about(source, id))),
    environment: (id) => current(id, source.environment),
    command: (id) => current(id, source.command),
    folder: (id) => current(id, source.folder),
    // Most are not: then nothing has to be compared.
    replaced: (id) => source.executable(id)?.deleted === true && sameProcess(source.find(id.pid, false), id),
    connected: (id) => current(id, source.connected),
    listens: source.listens,
    catches: (id, signal) => current(id, (asked) => source.catches(asked, signal)),
    ancestors: (pid) => ancestors(source, pid),
    children: source.children,
    all: source.all,
    calledWith: source.calledWith,
    signal: (id, signal) => send(source, id, signal),
  }
}

const about = (source: ProcessSource, id: ProcessId): About => ({
  command: () => source.command(id),
  executable: () => source.executable(id),
  variables: (...names) => source.variables(id, names),
})

const self = (source: ProcessSource): ProcessId => {
  const found = source.find(process.pid, false)
  if (found === null) throw new Error('the system does not list this very process: is /proc mounted?')
  return { pid: found.pid, start: found.start }
}

const ancestors = (source: ProcessSource, pid: number): readonly ProcessInfo[] => {
  const found = new Map<number, ProcessInfo>()
  let parent = source.find(pid, false)?.ppid ?? 0
  // A pid can pass on while we climb: the map ends what would be a circle.
  while (parent > 0 && parent !== pid && !found.has(parent)) {
    const info = source.find(parent, false)
    if (info === null) break
    found.set(parent, info)
    parent = info.ppid
  }
  return [...found.values()]
}

const livesNow = (source: ProcessSource, id: ProcessId): boolean => sameProcess(source.find(id.pid, true), id)

const send = (source: ProcessSource, id: ProcessId, signal: NodeJS.Signals): 'sent' | 'gone' | 'refused' => {
  // 0 and below name whole groups, 1 the whole machine.
  if (!Number.isInteger(id.pid) || id.pid <= 1) return 'refused'
  if (!livesNow(source, id)) return 'gone'
  try {
    process.kill(id.pid, signal)
    return 'sent'
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return 'gone'
    if (errorCode(error) === 'EPERM') return 'refused'
    throw error
  }
}
