import type { Source } from '../core/log-line.ts'
import type { State } from '../core/reasons.ts'

export type Theme = {
  readonly state: (state: State, text: string) => string
  readonly source: (source: Source, text: string) => string
  readonly faint: (text: string) => string
  readonly strong: (text: string) => string
  readonly good: (text: string) => string
  readonly poor: (text: string) => string
  /** What has just changed. */
  readonly fresh: (text: string) => string
}

const same = (text: string): string => text
const plain: Theme = {
  state: (_, text) => text,
  source: (_, text) => text,
  faint: same,
  strong: same,
  good: same,
  poor: same,
  fresh: same,
}

/**
 * Colours, decided in one place: chalk 5 does not look at NO_COLOR by itself. Without colour it is not even loaded,
 * since it brings node:tty with it, 7 ms.
 */
export const createTheme = async (colour: boolean): Promise<Theme> => {
  if (!colour) return plain
  const { Chalk } = await import('chalk')
  const chalk = new Chalk({ level: 1 })
  const paints = {
    live: chalk.green,
    starting: chalk.cyan,
    recovering: chalk.yellow,
    blocked: chalk.red,
    down: chalk.red,
    stopped: chalk.dim,
    unknown: chalk.magenta,
  } as const satisfies Readonly<Record<State, unknown>>
  const sources = { keeper: chalk.cyan, channel: chalk.magenta, terminal: same } as const
  return {
    source: (source, text) => sources[source](text),
    state: (state, text) => paints[state](text),
    faint: chalk.dim,
    strong: chalk.bold,
    good: chalk.green,
    poor: chalk.yellow,
    fresh: chalk.inverse,
  }
}
