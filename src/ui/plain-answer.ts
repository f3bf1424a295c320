import { createInterface, type Key } from 'node:readline'
import { asShown } from './look.ts'
import type { Streams } from './question.ts'
import { columnsOf, linesOf, type Terminal } from './terminal.ts'

/** What a typed line amounts to: an answer, or what is wrong with it in a sentence. */
export type Reading<Answer> = { readonly answer: Answer } | { readonly wrong: string }

/**
 * Prompts for a line until `read` takes one; what is wrong is said on lines of its own. The line is edited by Node's
 * readline, which writes nothing itself: it would place the cursor and erase the line by escape sequences already for
 * a prompt, and for each line that gets longer than the terminal. A symbol says that it was given up.
 */
export const plainAnswer = <Answer>(
  terminal: Terminal,
  { input, output, signal }: Streams,
  read: (typed: string) => Reading<Answer>,
  echo: 'shown' | 'hidden',
): Promise<Answer | symbol> =>
  new Promise((resolve) => {
    const shown = shownLine(terminal, (text) => void output.write(text))
    // An Escape is one after 50 ms, as for clack: a sequence may come in two pieces.
    const lines = createInterface({ input, terminal: true, historySize: 0, escapeCodeTimeout: 50, signal })
    let isOver = false
    const pressed = (_: unknown, { name }: Key): void => {
      // The key that ended it is heard after that, too.
      if (isOver) return
      if (name === 'escape') lines.close()
      else if (echo === 'shown') shown.become(lines.line)
    }
    lines.on('line', (typed) => {
      output.write('\n')
      const reading = read(typed)
      if ('wrong' in reading) {
        output.write(`${linesOf(terminal, reading.wrong).join('\n')}\n`)
        shown.begin()
      } else {
        resolve(reading.answer)
        end()
      }
    })
    const end = (): void => {
      isOver = true
      lines.off('close', giveUp)
      input.off('keypress', pressed)
      lines.close()
    }
    // At Ctrl-C, at Escape and when the question is aborted. What is said next begins a line.
    const giveUp = (): void => {
      output.write('\n')
      resolve(givenUp)
      end()
    }
    lines.on('close', giveUp)
    // After readline's own listener, which has changed the line by then.
    input.on('keypress', pressed)
    shown.begin()
  })

const givenUp = Symbol('given up')
const prompt = '> '

/**
 * A line as somebody types it at its end: letters are written, and erased the way a terminal's own line is, by
 * backspaces. What that can't show, a change in the midst of it, is written as a whole on a new line.
 */
const shownLine = (terminal: Terminal, write: (text: string) => void) => {
  let shown = ''
  const isErasable = (count: number): boolean =>
    // A backspace stays on its row of the screen, and moves by one column.
    (prompt.length + shown.length) % columnsOf(terminal) >= count && narrow.test(shown)
  return {
    begin: (): void => {
      shown = ''
      write(prompt)
    },
    become: (line: string): void => {
      const next = asShown(terminal.printable(line), terminal)
      const less = shown.length - next.length
      if (next.startsWith(shown)) write(next.slice(shown.length))
      else if (shown.startsWith(next) && isErasable(less)) write('\b \b'.repeat(less))
      else write(`\n${prompt}${next}`)
      shown = next
    },
  }
}

/** Letters that take one column on any terminal: ASCII and those of Latin. */
const narrow = /^[ -~\u00c0-\u024f]*$/
