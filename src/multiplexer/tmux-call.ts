import type { Clock } from '../system/clock.ts'
import type { Processes } from '../system/processes.ts'
import type { ReplaceFile } from '../system/replace-file.ts'
import type { Run, RunResult } from '../system/run.ts'
import type { TerminalPlace } from './port.ts'
import { locate, without } from './program.ts'
import { tmuxArgument } from './tmux-protocol.ts'

/** What tmux is driven with. */
export type TmuxParts = {
  readonly run: Run
  /** Name or absolute path. */
  readonly program: string
  /** Of the calls to tmux, and where it is looked for; a server gets an environment of its own. */
  readonly env: Readonly<Record<string, string>>
  readonly processes: Pick<Processes, 'all' | 'catches' | 'children' | 'command' | 'find' | 'signal'>
  readonly clock: Clock
  readonly replaceFile: ReplaceFile
}

/** What of a person's environment would lead tmux to another server, or make it refuse to nest. */
export const tmuxVariables = ['TMUX', 'TMUX_PANE', 'TMUX_TMPDIR'] as const

/** Runs tmux commands, one after the other, at the server of a place; in `/`, so that no folder is kept busy. */
export const callTmux = (
  { run, program, env }: TmuxParts,
  place: TerminalPlace,
  commands: readonly (readonly string[])[],
  { timeoutMs = 3000, environment = env }: CallOptions = {},
): Promise<RunResult> =>
  run(locate(program, env.PATH), ['-u', '-S', place.socket, ...joined(commands)], {
    timeoutMs,
    env: without(environment, tmuxVariables),
    cwd: '/',
  })

export type CallOptions = {
  readonly timeoutMs?: number
  /** Instead of the usual one: a server keeps what it was started with. */
  readonly environment?: Readonly<Record<string, string>>
}

const joined = (commands: readonly (readonly string[])[]) =>
  commands.flatMap((words, at) => [...(at === 0 ? [] : [';']), ...words.map(tmuxArgument)])
