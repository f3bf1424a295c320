import { formatDuration } from '../core/duration.ts'
import type { Report, SessionReport } from '../core/report.ts'
import { clientCell } from './client-cell.ts'
import { type Day, type DayLook, drawDay } from './day.ts'
import { type Note, notesOn } from './notes.ts'
import { table } from './table.ts'
import { createTheme, type Theme } from './theme.ts'
import { widthOf } from './width.ts'

/** As it is printed: prose may be broken into lines, a table and what stands in a session's terminal may not. */
export type Line = readonly [text: string, as?: 'prose']

/**
 * The report as lines for people: a table of sessions, then for each that is not well what, why, and what helps; with a
 * look at a terminal how the last day went.
 */
export const showStatus = async (
  report: Report,
  now: number,
  colour: boolean,
  day: DayLook | null,
): Promise<readonly Line[]> => {
  const theme = await createTheme(colour)
  const { table, legend, past } = statusLines(report, now, theme, { day })
  const notes = report.sessions.flatMap((session) => noteLines(session, now))
  return [...table, ...legend, ...part(notes), ...part(past)]
}

/** An empty line before what is there. */
const part = (lines: readonly Line[]): readonly Line[] =>
  lines.length === 0 ? [] : [[''] as const, ...lines]

type Shown = {
  readonly day: DayLook | null
  /** For who shows more of a state than what it is. */
  readonly paintState?: (session: SessionReport, cell: string) => string
}

/** What is drawn of it: the last day stands beside the table where there is room, with a legend, else it is a table of its own. */
export const statusLines = (
  report: Report,
  now: number,
  theme: Theme,
  { day, paintState = (session, cell) => theme.state(session.state, cell) }: Shown,
): { readonly table: readonly Line[]; readonly legend: readonly Line[]; readonly past: readonly Line[] } => {
  const head = ['SESSION', 'STATE', 'SINCE', 'CHANNEL', 'BOT', 'CLIENT', 'RESTARTS']
  const rows = [head, ...report.sessions.map((session) => row(session, now))]
  const beside = day === null ? null : dayBeside(report, now, day, theme, rows)
  const below = day === null || beside !== null ? null : dayBelow(report, now, day, theme)
  const withDay = beside === null ? rows : joinRows(rows, [beside.head, ...beside.rows])
  const lines = table(withDay, (cell, y, x) => {
    if (y === 0) return theme.faint(cell)
    if (x >= head.length) return beside?.paint(cell, x - head.length) ?? cell
    const session = report.sessions[y - 1]
    return x === 1 && session !== undefined ? paintState(session, cell) : cell
  })
  return {
    table: lines.map((line): Line => [line]),
    legend: legendLine(beside),
    past: below ?? [],
  }
}

/** What is to be said of a session below the table. */
export const noteLines = (session: SessionReport, now: number): readonly Line[] =>
  notesOn(session, now).map((note) => noteLine(session, note))

/** With fewer cells than these it is better drawn below. */
const leastBeside = 24

const dayBeside = (
  report: Report,
  now: number,
  look: DayLook,
  theme: Theme,
  rows: readonly (readonly string[])[],
): Day | null => {
  const width = Math.max(...table(rows).map(widthOf))
  const day = drawDay(report, now, look, width + 2, theme)
  return day !== null && (day.head[0] ?? '').length >= leastBeside ? day : null
}

const dayBelow = (report: Report, now: number, look: DayLook, theme: Theme): readonly Line[] => {
  const names = ['', ...report.sessions.map(({ name }) => name)]
  const day = drawDay(report, now, look, Math.max(...names.map(widthOf)) + 2, theme)
  if (day === null) return []
  const rows = joinRows(
    names.map((name) => [name]),
    [day.head, ...day.rows],
  )
  const lines = table(rows, (cell, y, x) =>
    y === 0 ? theme.faint(cell) : x === 0 ? cell : day.paint(cell, x - 1),
  )
  return [...lines.map((line): Line => [line]), ...legendLine(day)]
}

/** Without colour: a painted line can't be broken between words. */
const legendLine = (day: Day | null): readonly Line[] =>
  day === null || day.legend === null ? [] : [[day.legend, 'prose']]

const joinRows = (
  a: readonly (readonly string[])[],
  b: readonly (readonly string[])[],
): readonly (readonly string[])[] => a.map((cells, i) => [...cells, ...(b[i] ?? [])])

const row = (session: SessionReport, now: number): readonly string[] => {
  return [
    session.name,
    session.state,
    session.since === null ? '-' : formatDuration(now - Date.parse(session.since)),
    session.channels.map(({ kind }) => kind).join(','),
    session.channels.map(({ account }) => account ?? '-').join(','),
    session.client === null ? '-' : clientCell(session.client),
    String(session.restarts.total),
  ]
}

const noteLine = ({ name }: SessionReport, { as, text, tag }: Note): Line => {
  if (as === 'screen') return [`  | ${text}`]
  const before = { headline: `${name}: `, sentence: '', more: '  ' }[as]
  return [`${before}${text}${tag === null ? '' : ` [${tag}]`}`, 'prose']
}
