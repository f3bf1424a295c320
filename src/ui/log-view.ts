import type { Again, Told } from '../core/fold.ts'
import type { LogLine } from '../core/log-line.ts'
import type { State } from '../core/reasons.ts'
import type { Severity } from '../core/severity.ts'
import { createTheme } from './theme.ts'
import { timeOfDay } from './time-of-day.ts'
import { widthOf } from './width.ts'
import { wrapLong } from './wrap.ts'

export type LogLook = {
  readonly colour: boolean
  readonly columns: () => number
  /** The sessions that a column tells apart; none where there is one alone. */
  readonly names: readonly string[]
  readonly now: number
  /** Without what a terminal would take for a command. */
  readonly printable: (text: string) => string
}

/**
 * Lines of the logs for a person at a terminal: the time by the clock of this machine, a heading where the day or
 * the clock's distance from UTC changes, who says it and of which session, long texts one below the other. Colours say
 * who, and how bad it is; the words do, too.
 */
export const createLogView = async ({ colour, columns, names, now, printable }: LogLook) => {
  const theme = await createTheme(colour)
  const nameWidth = Math.max(0, ...names.map(widthOf))
  // Nobody can tell their colours from ours once it is painted; a tab would leave the column.
  const clean = (text: string): string => printable(text).replaceAll('\t', '    ')
  // What happened today, by the present clock, needs no heading.
  let [day, offset] = [dayOf(now), offsetOf(now)]
  const headingOf = (at: number): readonly string[] => {
    const before = { day, offset }
    ;[day, offset] = [dayOf(at), offsetOf(at)]
    if (offset !== before.offset) return [theme.faint(`-- ${day}, ${offset} --`)]
    return day === before.day ? [] : [theme.faint(`-- ${day} --`)]
  }
  const show = ({ source, session }: LogLine, at: number, text: string, severity: Severity) => {
    const [time, who] = [timeOfDay(at), source.padEnd(7)]
    const name = nameWidth === 0 ? '' : `${(session ?? '-').padEnd(nameWidth)}  `
    const taken = widthOf(`${time} ${who} ${name}`)
    // Too narrow for a column of text, the terminal breaks it.
    const room = columns() - taken
    const lines = room < leastText ? [text] : wrapLong(text, room).split('\n')
    const state = stateOf[severity]
    const painted = lines.map((line) => (state === null ? line : theme.state(state, line)))
    const head = `${theme.faint(time)} ${theme.source(source, who)} ${name}`
    return [...headingOf(at), ...painted.map((line, i) => (i === 0 ? head : ' '.repeat(taken)) + line)]
  }
  return (told: Told<LogLine> | Again<LogLine>): readonly string[] => {
    const { line: raw, times, lastAt } = told.of
    const line = { ...raw, text: clean(raw.text) }
    if (line.source === 'terminal')
      return [nameWidth === 0 ? line.text : `${(line.session ?? '').padEnd(nameWidth)} | ${line.text}`]
    if (told.is === 'more') return show(line, lastAt, `the same, ${told.times} more`, 'plain')
    if (told.is === 'again')
      return show(line, lastAt, `the ${told.lines} entries above, ${told.times} times more`, 'plain')
    const folded = times === 1 ? '' : ` (x ${times}, last ${lastTime(line.at, lastAt)})`
    return show(line, line.at, line.text + folded, line.severity)
  }
}

/** With its day and the distance from UTC where they are others. */
const lastTime = (at: number, lastAt: number): string =>
  [
    ...(dayOf(at) === dayOf(lastAt) ? [] : [dayOf(lastAt)]),
    timeOfDay(lastAt),
    ...(offsetOf(at) === offsetOf(lastAt) ? [] : [offsetOf(lastAt)]),
  ].join(' ')

const dayOf = (at: number): string => new Date(at).toDateString()

/** `UTC+02:00`, of this machine's clock at that time: an hour can come twice. */
const offsetOf = (at: number): string => {
  const minutes = -new Date(at).getTimezoneOffset()
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `UTC${minutes < 0 ? '-' : '+'}${[hours, rest].map((part) => `${part}`.padStart(2, '0')).join(':')}`
}

const leastText = 24

const stateOf: Readonly<Record<Severity, State | null>> = {
  bad: 'blocked',
  poor: 'recovering',
  good: 'live',
  plain: null,
}
