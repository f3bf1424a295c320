import type { BasicDeps, Deps, LookDeps } from '../deps.ts'
import type { Command } from './words.ts'

/** Makes of what a command does the action of its grammar: what it needs is made only when it is called. */
export type Act<Needs> = <Args extends readonly unknown[]>(
  action: (deps: Needs, ...args: Args) => Promise<number>,
) => (...args: Args) => Promise<void>

/** What a command is added with. */
export type Grammar = {
  readonly program: Command
  readonly act: Act<Deps>
  /** For what only looks at sessions. */
  readonly looking: Act<LookDeps>
  /** For what asks the configuration alone. */
  readonly basic: Act<BasicDeps>
  /** How many words of the command line stand behind `--`. */
  readonly behind: () => number
}

/** By its name what adds a command: of a command line only the one that is called is built, which takes 3 ms less. */
export type Commands = Readonly<Record<string, () => Command>>
