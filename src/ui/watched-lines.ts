import type { Change } from '../core/changes.ts'
import type { Report, SessionReport } from '../core/report.ts'
import { rankOf } from '../core/state-rank.ts'
import type { DayLook } from './day.ts'
import type { Room } from './picture.ts'
import { changeHead } from './plain-status.ts'
import { type Line, noteLines, statusLines } from './status.ts'
import type { Theme } from './theme.ts'

/** What was seen at a look, and what changed until then. */
export type Watched = {
  readonly report: Report
  /** Why something could not be looked at: a sentence, and what helps. */
  readonly problems: readonly { readonly message: string; readonly hint: string }[]
  /** Oldest first. */
  readonly changes: readonly Change[]
}

/** How it is drawn: a state that changed within the last ten seconds is in inverse, or has a star before its session. */
export type WatchedLook = {
  readonly mark: 'inverse' | 'star'
  readonly theme: Theme
  readonly day: DayLook
}

/** How long a state that has changed stands out. */
export const freshMs = 10_000
/** So many changes are listed. */
export const listedChanges = 5

/**
 * What is watched as lines: what could not be looked at, the table and its notes, the last day, the last changes. Where
 * there is no room for all that, a last day below the table goes first, and then sessions: those that are unwell stand
 * at the top and keep their notes, and the last line of the table counts those that are left out. Pure.
 */
export const watchedLines = (watched: Watched, look: WatchedLook, room: Room): readonly Line[] => {
  const { sessions } = watched.report
  const whole = { shown: sessions, notes: notesOf(watched, sessions), changes: true, past: true }
  for (const choice of [whole, { ...whole, past: false }]) {
    const lines = draw(watched, look, choice)
    if (room.heightOf(lines) <= room.rows) return lines
  }
  return draw(watched, look, choose(watched, look, room))
}

/** What is drawn of it all. */
type Choice = {
  readonly shown: readonly SessionReport[]
  readonly notes: readonly Line[]
  readonly changes: boolean
  readonly past: boolean
}

/** What stands in too little room: what is unwell before what has changed, and that before what is well. */
const choose = (watched: Watched, look: WatchedLook, room: Room): Choice => {
  const sessions = watched.report.sessions.toSorted((a, b) => urgency(b) - urgency(a))
  const unwell = sessions.filter(isUnwell)
  const told = notesOf(watched, unwell)
  const left = (choice: Choice): number => room.rows - room.heightOf(draw(watched, look, choice))
  const least = { shown: unwell, notes: told, changes: true, past: false }
  for (const choice of [least, { ...least, changes: false }]) {
    const spare = left(choice)
    if (spare < 0) continue
    // That one may be started again is no news.
    const others = notesOf(
      watched,
      sessions.slice(unwell.length).filter(({ state }) => state !== 'stopped'),
    )
    const notes = [...told, ...clip(others, Math.floor(spare / 2), room)]
    return fill({ ...choice, notes }, sessions, left)
  }
  const notes = clip(told, Math.floor(room.rows / 3), room)
  return fill({ ...least, shown: [], notes, changes: false }, sessions, left)
}

/** With as many sessions more as there is room for. */
const fill = (
  choice: Choice,
  sessions: readonly SessionReport[],
  left: (choice: Choice) => number,
): Choice => {
  const withFirst = (count: number): Choice => ({ ...choice, shown: sessions.slice(0, count) })
  let count = Math.min(sessions.length, choice.shown.length + Math.max(0, left(choice)))
  // One line counts those that are left out, and needs no room where that is one.
  if (count + 1 >= sessions.length && left(withFirst(sessions.length)) >= 0) return withFirst(sessions.length)
  // What a sign means takes a line as soon as one is there.
  while (count > 0 && left(withFirst(count)) < 0) count -= 1
  return withFirst(count)
}

const isUnwell = ({ state }: SessionReport): boolean => rankOf(state) > rankOf('stopped')

/** From well to unwell; what has a remark is to be seen before what has none. */
const urgency = (session: SessionReport): number =>
  isUnwell(session) ? 1 + rankOf(session.state) : session.remarks.length > 0 ? 1 : 0

const notesOf = ({ report }: Watched, sessions: readonly SessionReport[]): readonly Line[] =>
  sessions.flatMap((session) => noteLines(session, Date.parse(report.at)))

/** As many of these lines as there is room for; the last one says how many more there are. */
const clip = (lines: readonly Line[], rows: number, { heightOf }: Room): readonly Line[] => {
  if (heightOf(lines) <= rows) return lines
  let count = lines.length
  while (count > 0 && heightOf(lines.slice(0, count)) > rows - 1) count -= 1
  return count === 0 ? [] : [...lines.slice(0, count), [`… ${lines.length - count} more lines`]]
}

const draw = (
  { report, problems, changes }: Watched,
  { mark, theme, day: { columns, unicode } }: WatchedLook,
  choice: Choice,
): readonly Line[] => {
  const now = Date.parse(report.at)
  const fresh = new Set(changes.filter(({ at }) => now - at < freshMs).map(({ session }) => session))
  // A star and a space stand before the table.
  const day = { columns: mark === 'star' ? columns - 2 : columns, unicode }
  const paintState = ({ name, state }: SessionReport, cell: string): string => {
    const painted = theme.state(state, cell)
    return mark === 'inverse' && fresh.has(name) ? theme.fresh(painted) : painted
  }
  const sessions = choice.shown
  const { table, legend, past } = statusLines({ ...report, sessions }, now, theme, { day, paintState })
  const starred = table.map(([line], y): Line => {
    const name = sessions[y - 1]?.name
    return [(name !== undefined && fresh.has(name) ? '* ' : '  ') + line]
  })
  const left = report.sessions.filter((session) => !sessions.includes(session))
  const told = problems.flatMap(({ message, hint }): readonly Line[] => [
    [message, 'prose'],
    ...(hint === '' ? [] : [[`  ${hint}`, 'prose'] as const]),
  ])
  const listed = choice.changes ? changes.slice(-listedChanges) : []
  return parted([
    told,
    report.sessions.length === 0 ? [] : [...(mark === 'star' ? starred : table), ...leftOut(left), ...legend],
    choice.notes,
    choice.past ? past : [],
    listed.length === 0 ? [] : [[theme.faint('Changes')], ...listed.map((each): Line => [changeHead(each)])],
  ])
}

/** `… 29 more sessions: 1 blocked, 28 live`, the worst first. */
const leftOut = (sessions: readonly SessionReport[]): readonly Line[] => {
  if (sessions.length === 0) return []
  const states = [...new Set(sessions.map(({ state }) => state))].toSorted((a, b) => rankOf(b) - rankOf(a))
  const counts = states.map((each) => `${sessions.filter(({ state }) => state === each).length} ${each}`)
  return [
    [`… ${sessions.length} more ${sessions.length === 1 ? 'session' : 'sessions'}: ${counts.join(', ')}`],
  ]
}

/** With an empty line between the parts that are there. */
const parted = (parts: readonly (readonly Line[])[]): readonly Line[] =>
  parts.filter((part) => part.length > 0).flatMap((part, i) => (i === 0 ? part : [[''] as const, ...part]))
