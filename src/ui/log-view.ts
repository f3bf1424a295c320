import type { Again, Told } from '../core/fold.ts'
import type { LogLine } from '../core/log-line.ts'
import type { State } from '../core/reasons.ts'
import type { Severity } from '../core/severity.ts'
import { timeOfDay } from './plain-status.ts'
import { createTheme } from './theme.ts'
import { widthOf, wrapLong } from './wrap.ts'

export type LogLook = {
  readonly colour: boolean
  readonly columns: () => number
  /** The sessions that a column tells apart; none where there is one alone. */
  readonly names: readonly string[]
  readonly now: number
}

/**
 * Lines of the logs for a person at a terminal: the time by the clock of this machine, a heading where the day changes, who
 * says it and of which session, long texts one below the other. Colours say who, and how bad it is; the words do, too.
 */
export const createLogView = async ({ colour, columns, names, now }: LogLook) => {
  const theme = await createTheme(colour)
  const nameWidth = Math.max(0, ...names.map(widthOf))
  // What happened today needs no date.
  let day = new Date(now).toDateString()
  const headingOf = (at: number): readonly string[] => {
    const before = day
    day = new Date(at).toDateString()
    return day === before ? [] : [theme.faint(`-- ${day} --`)]
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
    const { line, times, lastAt } = told.of
    if (line.source === 'terminal')
      return [nameWidth === 0 ? line.text : `${(line.session ?? '').padEnd(nameWidth)} | ${line.text}`]
    if (told.is === 'more') return show(line, lastAt, `the same, ${told.times} more`, 'plain')
    if (told.is === 'again')
      return show(line, lastAt, `the ${told.lines} entries above, ${told.times} times more`, 'plain')
    const folded = times === 1 ? '' : ` (x ${times}, last ${lastTime(line.at, lastAt)})`
    return show(line, line.at, line.text + folded, line.severity)
  }
}

/** With its day where that is another one. */
const lastTime = (at: number, lastAt: number): string => {
  const [day, lastDay] = [at, lastAt].map((each) => new Date(each).toDateString())
  return day === lastDay ? timeOfDay(lastAt) : `${lastDay} ${timeOfDay(lastAt)}`
}

const leastText = 24

const stateOf: Readonly<Record<Severity, State | null>> = {
  bad: 'blocked',
  poor: 'recovering',
  good: 'live',
  plain: null,
}
