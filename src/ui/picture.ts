import { chop, cutPainted } from './painted.ts'
import { eraseBelow, eraseRight, mayBreak, noBreak, up } from './sequences.ts'
import type { Line } from './status.ts'
import { wrap } from './wrap.ts'

export type Size = { readonly columns: number; readonly rows: number }

/** What a picture has to fit into, and how many rows lines take there. */
export type Room = Size & { readonly heightOf: (lines: readonly Line[]) => number }

/**
 * Lines as they can stand in a terminal that is so wide: prose broken between words, anything else cut. The last column
 * stays free: what is erased right of a line that ends there takes its last letter along. Pure.
 */
export const breakLines = (lines: readonly Line[], columns: number): readonly string[] => {
  const width = widthIn(columns)
  return lines.flatMap(([line, as]) =>
    as === 'prose' ? wrap(line, width).flatMap((part) => chop(part, width)) : [cutPainted(line, width)],
  )
}

const widthIn = (columns: number): number => Math.max(1, columns - 1)

/** The same in no more rows than there are: the last line stays, and the one before it says how many more there are. */
export const layOut = (
  lines: readonly Line[],
  { columns, rows }: Size,
  ellipsis: '…' | '...' = '…',
): readonly string[] => {
  const all = breakLines(lines, columns)
  if (all.length <= rows) return all
  const foot = rows > 1 ? all.slice(-1) : []
  const shown = all.slice(0, Math.max(0, rows - 1 - foot.length))
  const left = all.length - shown.length - foot.length
  const more = `${ellipsis} ${left} more ${left === 1 ? 'line' : 'lines'}`
  return [...shown, cutPainted(more, widthIn(columns)), ...foot]
}

/**
 * What makes one picture of another: only lines that differ are written; without one before, all are, and what stands
 * below them is erased. Before and after it the cursor stands where the picture begins, since that is the place that
 * terminals keep when they are made narrower and break the picture's lines (tmux 3.3a moves as many lines out of sight as
 * it so gains: what of the picture was above them stays there). Moves down are line breaks, which make room at the lower
 * end of the screen. Pure.
 */
export const redraw = (before: readonly string[] | null, next: readonly string[]): string => {
  const old = before ?? []
  if (next.length === old.length && next.every((line, i) => line === old[i])) return ''
  const lines = next.map((line, i) => (line === old[i] ? '' : line + eraseRight)).join(lineBreak)
  const last = next.length - 1
  // Not from the screen's first place on, where nothing was drawn yet: tmux keeps what is erased there for its history.
  if (before === null) return `${noBreak}\r${lines}${eraseBelow}${up(last)}${mayBreak}`
  if (old.length <= next.length) return `${noBreak}\r${lines}${up(last)}${mayBreak}`
  return `${noBreak}\r${lines}${lineBreak}${eraseBelow}${up(last + 1)}${mayBreak}`
}

/** From a picture's begin to the line below it. */
export const below = (picture: readonly string[]): string => `\r${lineBreak.repeat(picture.length)}`

const lineBreak = '\r\n'
