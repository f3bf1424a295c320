import { type Canvas, openCanvas } from './canvas.ts'
import type { Room } from './picture.ts'
import type { Line } from './status.ts'
import type { Terminal } from './terminal.ts'
import { createTheme } from './theme.ts'
import { timeOfDay } from './time-of-day.ts'
import { type Watched, watchedLines } from './watched-lines.ts'

/** From so many rows on there is one to spare. */
const sparseRows = 6

/** Draws what is watched in place; `leave` is called at q and Ctrl-C. Nothing is written before the first `show`. */
export const openWatched = async (terminal: Terminal, leave: () => void) => {
  const theme = await createTheme(terminal.colour)
  const canLeave = terminal.input.isTTY === true ? 'q or Ctrl-C leaves' : 'Ctrl-C leaves'
  let canvas: Canvas | null = null
  let last: Watched | null = null
  const picture =
    (watched: Watched, foot: string) =>
    ({ columns, rows, heightOf }: Room): readonly Line[] => {
      const day = { columns, unicode: terminal.narrowBlocks }
      const mark = terminal.colour ? 'inverse' : 'star'
      const below: readonly Line[] = [...(rows < sparseRows ? [] : [[''] as const]), [theme.faint(foot)]]
      return [
        ...watchedLines(watched, { mark, theme, day }, { columns, rows: rows - below.length, heightOf }),
        ...below,
      ]
    }
  return {
    show: (raw: Watched): void => {
      last = printable(raw, terminal)
      canvas ??= openCanvas(terminal, leave)
      canvas.draw(picture(last, `${timeOfDay(Date.parse(last.report.at))}  ${canLeave}`))
    },
    close: (): void => {
      if (canvas !== null && last !== null)
        canvas.close(picture(last, `As it was at ${timeOfDay(Date.parse(last.report.at))}.`))
    },
  }
}

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
