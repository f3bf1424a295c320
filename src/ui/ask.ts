import { asShown } from './look.ts'
import type { Questions } from './question-kinds.ts'
import { createQuestions } from './questions.ts'
import { columnsOf, linesOf, type Terminal } from './terminal.ts'
import { createTheme } from './theme.ts'
import { wait } from './wait.ts'
import { widthOf } from './width.ts'

/** What the wizard says to and asks of somebody at a terminal. */
export type Ask = Questions & {
  /**
   * A paragraph of text or several, wrapped to the terminal's width; a line that begins with two spaces keeps its
   * indentation, and a word longer than the line is never broken.
   */
  readonly say: (text: string) => void
  /** What was done: `✓ text`, or `ok text` without unicode and for a screen reader. */
  readonly done: (text: string) => void
  /** A warning: `! text`, in words for a screen reader, which may pass over the sign. */
  readonly warn: (text: string) => void
  /** The beginning of a part of the wizard: an empty line, then the title (bold with colour). */
  readonly title: (text: string) => void
  /**
   * A link on a line of its own, and below it its QR code where the terminal is wide and unicode enough, and never when
   * accessible.
   */
  readonly link: (url: string) => void
  /**
   * Shows what is waited for while `action` runs, with the seconds once it takes longer than one; `tell` changes the
   * text. Ctrl-C, Escape or the terminal's signal abort the action's signal and make this reject with the cancelled
   * error as soon as the action has settled.
   */
  readonly wait: <T>(
    what: string,
    action: (signal: AbortSignal, tell: (what: string) => void) => Promise<T>,
  ) => Promise<T>
}

/** Loads what it needs; nothing is written and no key is heard before the first call. */
export const createAsk = async (terminal: Terminal): Promise<Ask> => {
  const [questions, { qrCode }, theme] = await Promise.all([
    createQuestions(terminal),
    import('./qr.ts'),
    createTheme(terminal.colour),
  ])
  const put = (text: string): void => void terminal.output.write(`${asShown(text, terminal)}\n`)
  const say = (text: string, before = '', paint = (sign: string) => sign): void => {
    const lines = linesOf(terminal, text, widthOf(before))
    const after = ' '.repeat(widthOf(before))
    put(lines.map((line, i) => (i === 0 ? paint(before) : line === '' ? '' : after) + line).join('\n'))
  }
  const signs = terminal.accessible
    ? { done: 'ok ', warn: 'Warning: ' }
    : { done: asShown('✓ ', terminal), warn: '! ' }
  return {
    ...questions,
    say: (text) => say(text),
    done: (text) => say(text, signs.done, theme.good),
    warn: (text) => say(text, signs.warn, theme.poor),
    title: (text) => {
      put('')
      for (const line of linesOf(terminal, text)) put(theme.strong(line))
    },
    link: (url) => {
      put(terminal.printable(url))
      const code = terminal.unicode && !terminal.accessible ? qrCode(url, columnsOf(terminal)) : []
      for (const line of code) put(line)
    },
    wait: (what, action) => wait(terminal, what, action),
  }
}
