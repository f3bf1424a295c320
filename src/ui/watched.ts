import type { Change } from '../core/changes.ts'
import type { Report, SessionReport } from '../core/report.ts'
import { type Canvas, openCanvas } from './canvas.ts'
import type { DayLook } from './day.ts'
import { changeHead, timeOfDay } from './plain-status.ts'
import { type Line, statusLines } from './status.ts'
import { columnsOf, type Terminal } from './terminal.ts'
import { createTheme, type Theme } from './theme.ts'

/** What was seen at a look, and what changed until then. */
export type Watched = {
  readonly report: Report
  /** Why something could not be looked at: a sentence, and what helps. */
  readonly problems: readonly { readonly message: string; readonly hint: string }[]
  /** Oldest first. */
  readonly changes: readonly Change[]
}

/** How long a state that has changed stands out. */
export const freshMs = 10_000
/** So many changes are listed. */
export const listedChanges = 5

/** Draws what is watched in place; `leave` is called at q and Ctrl-C. Nothing is written before the first `show`. */
export const openWatched = async (terminal: Terminal, leave: () => void) => {
  const theme = await createTheme(terminal.colour)
  const canLeave = terminal.input.isTTY === true ? 'q or Ctrl-C leaves' : 'Ctrl-C leaves'
  let canvas: Canvas | null = null
  let last: Watched | null = null
  const lines = (watched: Watched, foot: string): readonly Line[] => [
    ...watchedLines(watched, terminal.colour ? 'inverse' : 'star', theme, {
      columns: columnsOf(terminal),
      unicode: terminal.narrowBlocks,
    }),
    [''],
    [theme.faint(foot)],
  ]
  return {
    show: (raw: Watched): void => {
      last = printable(raw, terminal)
      canvas ??= openCanvas(terminal, leave)
      canvas.draw(lines(last, `${timeOfDay(Date.parse(last.report.at))}  ${canLeave}`))
    },
    close: (): void => {
      if (canvas !== null && last !== null)
        canvas.close(lines(last, `As it was at ${timeOfDay(Date.parse(last.report.at))}.`))
    },
  }
}

/**
 * What is watched as lines: what could not be looked at, the table and its notes, the last day, the last changes. A state that changed
 * within the last ten seconds stands out: in inverse, or with a star before its session. Pure.
 */
export const watchedLines = (
  { report, problems, changes }: Watched,
  mark: 'inverse' | 'star',
  theme: Theme,
  { columns, unicode }: DayLook,
): readonly Line[] => {
  const now = Date.parse(report.at)
  const fresh = new Set(changes.filter(({ at }) => now - at < freshMs).map(({ session }) => session))
  // A star and a space stand before the table.
  const day = { columns: mark === 'star' ? columns - 2 : columns, unicode }
  const paintState = ({ name, state }: SessionReport, cell: string): string => {
    const painted = theme.state(state, cell)
    return mark === 'inverse' && fresh.has(name) ? theme.fresh(painted) : painted
  }
  const { status, past } = statusLines(report, now, theme, { day, paintState })
  const starred = status.map(([line, ...as], y): Line => {
    const session = report.sessions[y - 1]
    const star = session !== undefined && fresh.has(session.name) ? '* ' : '  '
    return y <= report.sessions.length ? [star + line] : [line, ...as]
  })
  const told = problems.flatMap(({ message, hint }): readonly Line[] => [
    [message, 'prose'],
    ...(hint === '' ? [] : [[`  ${hint}`, 'prose'] as const]),
  ])
  return parted([
    told,
    report.sessions.length === 0 ? [] : mark === 'star' ? starred : status,
    report.sessions.length === 0 ? [] : past,
    changes.length === 0
      ? []
      : [[theme.faint('Changes')], ...changes.slice(-listedChanges).map((each): Line => [changeHead(each)])],
  ])
}

/** With an empty line between the parts that are there. */
const parted = (parts: readonly (readonly Line[])[]): readonly Line[] =>
  parts.filter((part) => part.length > 0).flatMap((part, i) => (i === 0 ? part : [[''] as const, ...part]))

/**
 * What others wrote, without what a terminal would take for a command: before anything is painted, since nobody can tell
 * their sequences from ours afterwards. A dialog keeps its lines; a tab would leave standing what it passes over.
 */
const printable = (watched: Watched, terminal: Terminal): Watched => {
  const clean = (text: string): string => terminal.printable(text).replaceAll('\t', '    ')
  return JSON.parse(JSON.stringify(watched), (key: string, value: unknown) => {
    if (typeof value !== 'string') return value
    return key === 'dialog' ? value.split('\n').map(clean).join('\n') : clean(value)
  })
}
