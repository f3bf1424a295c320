import { Chalk } from 'chalk'
import type { State } from '../core/reasons.ts'

export type Theme = {
  readonly state: (state: State, text: string) => string
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
}

/** Colours, decided in one place: chalk 5 does not look at NO_COLOR by itself. */
export const createTheme = (colour: boolean): Theme => {
  const chalk = new Chalk({ level: colour ? 1 : 0 })
  const paints = {
    live: chalk.green,
    starting: chalk.cyan,
    recovering: chalk.yellow,
    blocked: chalk.red,
    down: chalk.red,
    stopped: chalk.dim,
    unknown: chalk.magenta,
  } as const satisfies Readonly<Record<State, unknown>>
  return { state: (state, text) => paints[state](text), strong: chalk.bold, faint: chalk.dim }
}
