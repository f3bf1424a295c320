import { dayFigures, isWholeDay } from '../core/day-figures.ts'
import { formatDuration } from '../core/duration.ts'
import type { Report, SessionReport } from '../core/report.ts'
import { type Cell, cellMs, cellsIn, cellsOf, drawCells, legendOf, paintCells } from './strip.ts'
import type { Theme } from './theme.ts'
import { widthOf } from './width.ts'

/** The terminal the last day is drawn for; a column of it stays free. Without `unicode` its signs are ASCII. */
export type DayLook = { readonly columns: number; readonly unicode: boolean }

/** The last day of each session as columns of a table: a strip of states, how much of it was live, messages. */
export type Day = {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Paints one of these columns. */
  readonly paint: (cell: string, column: number) => string
  readonly legend: string | null
}

/** Null where nothing is known of any, or there is no room for it beside the columns that are `taken`. */
export const drawDay = (
  { sessions }: Report,
  now: number,
  { columns, unicode }: DayLook,
  taken: number,
  theme: Theme,
): Day | null => {
  if (sessions.every(({ history }) => history.spans.length === 0)) return null
  const figures = sessions.map(({ history }) => figureCells(history))
  const widths = heads.map((head, i) => Math.max(head.length, ...figures.map((row) => widthOf(row[i] ?? ''))))
  const room = columns - 1 - taken - widths.reduce((sum, width) => sum + 2 + width, 0)
  const count = cellsIn(room)
  if (count === null) return null
  const cells = sessions.map((session) => cellsOf(session, now, count))
  return {
    head: [axis(count), ...heads],
    rows: cells.map((row, i) => [drawCells(row, unicode), ...(figures[i] ?? [])]),
    paint: (cell, column) => (column === 0 ? paintCells(cell, unicode, theme) : cell),
    legend: legend(cells.flat(), count, unicode),
  }
}

const heads = ['LIVE', 'MESSAGES'] as const

const axis = (count: number): string => `24h ago${'now'.padStart(count - '24h ago'.length)}`

/** `97 %` where it is known of the whole day, else `97 % of 6h`. */
const figureCells = (history: SessionReport['history']): readonly string[] => {
  const { live, wantedMs, messages } = dayFigures(history)
  const [hours] = formatDuration(wantedMs).split(' ')
  return [live === null ? '-' : isWholeDay(wantedMs) ? live : `${live} of ${hours}`, String(messages)]
}

const legend = (cells: readonly Cell[], count: number, unicode: boolean): string | null => {
  const signs = legendOf(cells, unicode)
  return signs === null ? null : `Each sign is the worst of ${formatDuration(cellMs(count))}: ${signs}.`
}
