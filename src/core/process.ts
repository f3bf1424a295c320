/** One process, told apart from a later one with the same pid by its start. */
export type ProcessId = {
  readonly pid: number
  /** Opaque, compared for equality only: on Linux field 22 of `/proc/<pid>/stat`, on macOS `ps`'s lstart. */
  readonly start: string
}

export type ProcessInfo = ProcessId & {
  readonly ppid: number
  /** R, S, D, T (stopped), Z (zombie) … as Linux and ps name them; Z counts as gone. */
  readonly state: string
  /** Short name of the executable. */
  readonly comm: string
}

/**
 * The words of a command joined, with a space at either end, to look for a path in: by `ps` one with a space in it comes
 * back in pieces. Spaces around what is looked for keep a longer path apart.
 */
export const commandLine = (words: readonly string[] | null): string => ` ${words?.join(' ') ?? ''} `

export const sameProcess = (a: ProcessId | null, b: ProcessId | null): boolean =>
  a !== null && b !== null && a.pid === b.pid && a.start === b.start

/** Whether process ids written down on one machine mean anything on another; unknown is believed. */
export const isHere = (machine: string | null, here: string | null): boolean =>
  machine === null || here === null || machine === here

/** Whether it is still there, as against gone or followed by another with its pid. */
export const lives = (processes: { find(pid: number): ProcessInfo | null }, process: ProcessId): boolean =>
  sameProcess(processes.find(process.pid), process)
