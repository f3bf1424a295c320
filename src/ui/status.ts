import { formatDuration } from '../core/duration.ts'
import type { Report, SessionReport } from '../core/report.ts'
import { clientCell } from './client-cell.ts'
import { type Note, notesOn } from './notes.ts'
import { table } from './table.ts'
import { createTheme, type Theme } from './theme.ts'

/** As it is printed: prose may be broken into lines, a table and what stands in a session's terminal may not. */
export type Line = readonly [text: string, as?: 'prose']

/** The report as lines for people: a table of sessions, then for each that is not well what, why, and what helps. */
export const showStatus = async (report: Report, now: number, colour: boolean): Promise<readonly Line[]> =>
  statusLines(report, now, await createTheme(colour))

/** The same; `paintState` is for who shows more of a state than what it is. */
export const statusLines = (
  report: Report,
  now: number,
  theme: Theme,
  paintState = (session: SessionReport, cell: string): string => theme.state(session.state, cell),
): readonly Line[] => {
  const rows = report.sessions.map((session) => row(session, now))
  const head = ['SESSION', 'STATE', 'SINCE', 'CHANNEL', 'BOT', 'CLIENT', 'RESTARTS']
  const lines = table([head, ...rows], (cell, y, x) => {
    if (y === 0) return theme.faint(cell)
    const session = report.sessions[y - 1]
    return x === 1 && session !== undefined ? paintState(session, cell) : cell
  })
  const notes = report.sessions.flatMap((session) =>
    notesOn(session, now).map((note) => noteLine(session, note)),
  )
  return [...[...lines, ...(notes.length === 0 ? [] : [''])].map((line): Line => [line]), ...notes]
}

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
