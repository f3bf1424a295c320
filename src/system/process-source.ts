import type { ProcessId, ProcessInfo } from '../core/process.ts'

/** Deleted: replaced on disk under the running process (field notes, section 5). */
export type Executable = { readonly path: string; readonly deleted: boolean }

/**
 * What a system can say about its processes, each by pid alone; null is "gone, or not for us to see". What it says may
 * be 200 ms old on macOS, unless `fresh` is asked for.
 */
export type ProcessSource = {
  /** See `Processes.machine`. */
  machine(): string | null
  find(pid: number, fresh: boolean): ProcessInfo | null
  children(pid: number): readonly ProcessInfo[]
  all(): readonly ProcessInfo[]
  /** Those whose command, its words joined by spaces, holds that text. */
  calledWith(text: string): readonly ProcessInfo[]
  environment(process: ProcessId): Readonly<Record<string, string>> | null
  /** At least those of these variables that it was started with. */
  variables(process: ProcessId, names: readonly string[]): Readonly<Record<string, string | undefined>> | null
  command(process: ProcessId): readonly string[] | null
  folder(process: ProcessId): string | null
  executable(process: ProcessId): Executable | null
  /** Whether it has an established TCP connection. */
  connected(process: ProcessId): boolean | null
  /** Whether anything listens on a TCP port of this machine. */
  listens(port: number): boolean | null
  /** Whether it has a handler for a signal; one that has none is ended by most. */
  catches(process: ProcessId, signal: 'SIGUSR1'): boolean | null
}
