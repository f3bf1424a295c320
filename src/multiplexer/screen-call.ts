import type { Clock } from '../system/clock.ts'
import type { Processes } from '../system/processes.ts'
import type { ReplaceFile } from '../system/replace-file.ts'
import type { Run, RunResult } from '../system/run.ts'
import type { TerminalPlace } from './port.ts'
import { locate, without } from './program.ts'
import { tmuxVariables } from './tmux-call.ts'

/** What GNU screen is driven with. */
export type ScreenParts = {
  readonly run: Run
  /** Name or absolute path. */
  readonly program: string
  /** Of the calls to screen, and where it is looked for; a server gets an environment of its own. */
  readonly env: Readonly<Record<string, string>>
  readonly processes: Pick<
    Processes,
    'all' | 'ask' | 'calledWith' | 'children' | 'command' | 'find' | 'signal'
  >
  readonly clock: Clock
  readonly replaceFile: ReplaceFile
  /** Of any number of callers one at a time: screen itself starts ten of the same name. */
  readonly withLock: <T>(
    path: string,
    action: () => Promise<T>,
    options: { readonly timeoutMs: number },
  ) => Promise<T>
}

/** What of a person's environment would lead screen to another server or configuration, or make it nest. */
export const screenVariables = ['STY', 'WINDOW', 'SCREENDIR', 'SCREENRC', 'SYSSCREENRC', 'TERMCAP'] as const

/** Runs screen with these arguments, its sockets in the folder of a place. */
export const callScreen = (
  { run, program, env }: ScreenParts,
  place: TerminalPlace,
  args: readonly string[],
  { timeoutMs = 3000, environment = env, cwd = '/' }: CallOptions = {},
): Promise<RunResult> =>
  run(locate(program, env.PATH), ['-U', ...args], {
    timeoutMs,
    // A program in screen is in no tmux.
    env: { ...without(environment, [...screenVariables, ...tmuxVariables]), SCREENDIR: place.screens },
    cwd,
  })

export type CallOptions = {
  readonly timeoutMs?: number
  /** Instead of the usual one: a server keeps what it was started with. */
  readonly environment?: Readonly<Record<string, string>>
  readonly cwd?: string
}
