import type { Readable, Writable } from 'node:stream'
import { wrap } from './wrap.ts'

/** The terminal somebody sits at, and what is known of it. process.stdin and process.stdout fit. */
export type Terminal = {
  readonly input: Readable & {
    readonly isTTY?: boolean
    readonly isRaw?: boolean
    readonly setRawMode?: (raw: boolean) => unknown
  }
  readonly output: Writable & {
    readonly isTTY?: boolean
    readonly columns?: number
    readonly rows?: number
  }
  /** Fires when the command has to end. */
  readonly signal: AbortSignal
  readonly colour: boolean
  /** Whether more than ASCII can be shown. */
  readonly unicode: boolean
  /** Whether it can show block signs, each in one column. */
  readonly narrowBlocks: boolean
  /** For a screen reader: nothing is drawn anew in place, nothing is drawn with characters. */
  readonly accessible: boolean
  /** Ends the process at once: somebody pressed Ctrl-C twice. */
  readonly interrupt: () => void
  /** One line without what a terminal would take for a command (src/system/printable.ts). */
  readonly printable: (line: string) => string
}

/** Columns of a terminal; 80 where it doesn't know, as some report 0. */
export const columnsOf = ({ output }: Terminal): number =>
  output.columns !== undefined && output.columns > 0 ? output.columns : 80

/** `text` without control characters but line breaks. */
export const clean = (terminal: Terminal, text: string): string =>
  text.split('\n').map(terminal.printable).join('\n')

/** Foreign text in lines as wide as the terminal, beside the columns that are `taken`. */
export const linesOf = (terminal: Terminal, text: string, taken = 0): readonly string[] =>
  wrap(clean(terminal, text), columnsOf(terminal) - taken)
