import { iso } from '../core/duration.ts'
import { type Again, type Following, foldRows, followRepeats, type Told } from '../core/fold.ts'
import { keyOf, type LogLine, type Source } from '../core/log-line.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, exitStatus } from '../errors.ts'
import { createReader } from './merged-log.ts'
import { selectSessions } from './select.ts'

export type LogsOptions = {
  readonly follow: boolean
  /** At most so many lines; null: all since a time, else a hundred. */
  readonly last: number | null
  /** Milliseconds since 1970. */
  readonly since: number | null
  readonly sources: readonly Source[]
  readonly json: boolean
}

type Reading = Pick<
  Deps,
  | 'settings'
  | 'output'
  | 'columns'
  | 'printable'
  | 'cancelled'
  | 'clock'
  | 'journal'
  | 'files'
  | 'createTail'
  | 'channelLog'
  | 'screen'
  | 'keepCode'
>

const everyMs = 500

/**
 * channels logs: what happened and why, by time; of all sessions where none is named. The terminal's text is private and
 * stands for itself: it is shown as it is now, without times, and only when asked for. What can't be read of one of them is
 * said, and ends nothing; the exit status tells of it unless somebody followed.
 */
export const logs = async (
  name: string | undefined,
  options: LogsOptions,
  deps: Reading,
): Promise<ExitStatus> => {
  if (options.follow) deps.keepCode()
  const sessions = selectSessions(name === undefined ? [] : [name], deps)
  const last = options.last ?? (options.since === null ? 100 : Number.POSITIVE_INFINITY)
  const { read, status } = createReader(sessions, { ...options, last }, deps)
  const view = await chooseView(sessions, options, deps)
  const { lines, isHopeless } = await read()
  view(lines.slice(Math.max(0, lines.length - last)), options.follow ? 'goes on' : 'ends')
  if (!options.follow || isHopeless) return status()
  while (!deps.cancelled.aborted) {
    await deps.clock.sleep(everyMs, deps.cancelled)
    view((await read()).lines, deps.cancelled.aborted ? 'ends' : 'goes on')
  }
  return exitStatus.done
}

/** Whether more lines may come. */
type Ends = 'ends' | 'goes on'
type View = (lines: readonly LogLine[], ends: Ends) => void

/** For a person at a terminal; else the same line for the same thing, whoever reads it and when: nothing is folded. */
const chooseView = async (
  sessions: readonly Session[],
  { json }: LogsOptions,
  { output, columns, printable, clock }: Reading,
): Promise<View> => {
  const names = sessions.length > 1 ? sessions.map((session) => session.name) : []
  if (!json && columns() !== null) {
    const { createLogView } = await import('../ui/log-view.ts')
    const [colour, now] = [output.colour(), clock.now()]
    const look = { colour, columns: () => columns() ?? 80, names, now, printable }
    return foldedView(await createLogView(look), (line) => output.print(line), clock.now)
  }
  const nameWidth = Math.max(0, ...names.map(({ length }) => length))
  const format = json ? jsonLine : (line: LogLine) => plainLine(line, nameWidth)
  return (lines) => lines.forEach((line) => void output.print(format(line)))
}

const foldedView = (
  format: (told: Told<LogLine> | Again<LogLine>) => readonly string[],
  print: (line: string) => void,
  now: () => number,
): View => {
  let following: Following<LogLine> | null = null
  return (lines, ends) => {
    const next = followRepeats(following, lines, keyOf, now(), ends)
    following = next.following
    // The last one may go on: it stands alone, so that what is said of it later is said of it.
    const alone = ends === 'ends' ? [] : next.told.slice(-1)
    const rows = foldRows(next.told.slice(0, next.told.length - alone.length), keyOf)
    for (const line of [...rows, ...alone].flatMap(format)) print(line)
  }
}

const jsonLine = ({ at, source, entry }: LogLine): string => JSON.stringify({ at: iso(at), source, ...entry })

const plainLine = ({ at, source, session, text }: LogLine, nameWidth: number): string => {
  const name = nameWidth === 0 ? '' : `${(session ?? '-').padEnd(nameWidth)} `
  if (source === 'terminal') return nameWidth === 0 ? text : `${name}| ${text}`
  return `${iso(at)} ${source.padEnd(7)} ${name}${text}`
}
