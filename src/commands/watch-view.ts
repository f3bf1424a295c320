import { type Change, changesBetween, remarksBetween, timeless } from '../core/changes.ts'
import type { Report } from '../core/report.ts'
import type { Deps, Output, Terminal } from '../deps.ts'
import type { Problem, WatchLook } from './watch-look.ts'

/** `picture` where the terminal can be drawn on, else as `lines`. */
export type WatchAs = 'picture' | 'lines' | 'json'

/** Shows one look after the other. */
export type View = { readonly show: (look: WatchLook) => void; readonly close: () => void }

export const chooseView = async (
  as: WatchAs,
  { drawable, output, cancel }: Pick<Deps, 'drawable' | 'output' | 'cancel'>,
): Promise<View> => {
  if (as === 'json') return jsonView(output)
  const terminal = as === 'picture' ? drawable() : null
  return terminal === null ? linesView(output) : pictureView(terminal, cancel)
}

/** Problems stand on stderr, as they begin: each document has to be one. */
const jsonView = ({ print, say }: Output): View => {
  let printed: string | null = null
  const news = createNews()
  return {
    show: ({ report, problems }) => {
      const { began } = news(problems)
      for (const { message, hint } of began) say(`${message} ${hint}`)
      const present = timeless(report)
      if (present !== printed) print(JSON.stringify(report))
      printed = present
    },
    close: () => undefined,
  }
}

const linesView = async ({ print }: Output): Promise<View> => {
  const { plainStatus, changeLine, remarkLine } = await import('../ui/plain-status.ts')
  const { timeOfDay } = await import('../ui/time-of-day.ts')
  let before: Report | null = null
  const news = createNews()
  const lines = (report: Report, problems: readonly Problem[]): readonly string[] => {
    const at = Date.parse(report.at)
    const { began, ended } = news(problems)
    return [
      ...began.map(({ message, hint }) => `${timeOfDay(at)} ${message} ${hint}`),
      ...ended.map(({ message }) => `${timeOfDay(at)} No longer so: ${message}`),
      ...(before === null ? plainStatus(report, at) : changesBetween(before, report).map(changeLine)),
      ...(before === null ? [] : remarksBetween(before, report).map(remarkLine)),
    ]
  }
  return {
    show: ({ report, problems }) => {
      for (const line of lines(report, problems)) print(line, 'prose')
      before = report
    },
    close: () => undefined,
  }
}

const pictureView = async (terminal: Terminal, cancel: () => void): Promise<View> => {
  const { openWatched } = await import('../ui/watched.ts')
  const { freshMs, listedChanges } = await import('../ui/watched-lines.ts')
  const watched = await openWatched(terminal, cancel)
  let before: Report | null = null
  let changes: readonly Change[] = []
  return {
    show: ({ report, problems }) => {
      const at = Date.parse(report.at)
      const all = before === null ? [] : [...changes, ...changesBetween(before, report)]
      changes = all.filter((change, i) => i >= all.length - listedChanges || at - change.at < freshMs)
      before = report
      watched.show({ report, problems, changes })
    },
    close: watched.close,
  }
}

/** Which problems were not there the last time it was asked, and which are not any more. */
const createNews = () => {
  let before: readonly Problem[] = []
  return (now: readonly Problem[]) => {
    const without = (all: readonly Problem[], others: readonly Problem[]) =>
      all.filter(({ message }) => !others.some((other) => other.message === message))
    const found = { began: without(now, before), ended: without(before, now) }
    before = now
    return found
  }
}
