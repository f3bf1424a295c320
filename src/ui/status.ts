import { formatDuration } from '../core/duration.ts'
import { isReason, type ReasonName, reasons } from '../core/reasons.ts'
import { remarkFor } from '../core/remarks.ts'
import type { Report, SessionReport } from '../core/report.ts'
import { table } from './table.ts'
import { createTheme } from './theme.ts'

/** As it is printed: prose may be broken into lines, a table and what stands in a session's terminal may not. */
type Line = readonly [text: string, as?: 'prose']

/** The report as lines for people: a table of sessions, then for each that is not well what, why, and what helps. */
export const showStatus = async (report: Report, now: number, colour: boolean): Promise<readonly Line[]> => {
  const theme = await createTheme(colour)
  const rows = report.sessions.map((session) => row(session, now))
  const head = ['SESSION', 'STATE', 'SINCE', 'CHANNEL', 'BOT', 'CLIENT', 'RESTARTS']
  const lines = table([head, ...rows], (cell, y, x) => {
    if (y === 0) return theme.faint(cell)
    const state = report.sessions[y - 1]?.state
    return x === 1 && state !== undefined ? theme.state(state, cell) : cell
  })
  const notes = report.sessions.flatMap((session) => notesOn(session, now))
  return [
    ...[...lines, ...(notes.length === 0 ? [] : [''])].map((line): Line => [line]),
    ...notes.map((note): Line => (note.startsWith(bar) ? [note] : [note, 'prose'])),
  ]
}

/** Before each line of a dialog as it stands in the session's terminal. */
const bar = '  | '

const row = (session: SessionReport, now: number): readonly string[] => {
  const [channel] = session.channels
  return [
    session.name,
    session.state,
    session.since === null ? '-' : formatDuration(now - Date.parse(session.since)),
    session.channels.map(({ kind }) => kind).join(','),
    channel?.account ?? '-',
    session.client === null ? '-' : `${session.client.version ?? 'claude'} ${session.client.activity}`,
    String(session.restarts.total),
  ]
}

const notesOn = (session: SessionReport, now: number): readonly string[] => [
  ...(session.reason === null ? [] : findingNotes(session, session.reason)),
  ...(session.reason === null && session.state !== 'live' && session.detail !== null
    ? [`${session.name}: ${session.detail}`]
    : []),
  ...(session.state === 'stopped' && session.client === null
    ? [`${session.name} is not wanted; \`channels up ${session.name}\` starts it.`]
    : []),
  ...(session.restarts.nextAt === null
    ? []
    : [`  Next try in ${formatDuration(Date.parse(session.restarts.nextAt) - now)}.`]),
  ...session.remarks.map((remark) => `${session.name}: ${remarkFor(remark, session.name)} [${remark}]`),
]

const findingNotes = (session: SessionReport, reason: ReasonName): readonly string[] => [
  `${session.name}: ${isReason(reason) ? reasons[reason].sentence : reason} [${reason}]`,
  ...(session.detail === null ? [] : [`  Seen: ${session.detail}`]),
  ...(session.dialog === null
    ? []
    : session.dialog
        .trimEnd()
        .split('\n')
        .map((line) => bar + line)),
  ...(session.remedy === null ? [] : [`  ${session.remedy}`]),
]
