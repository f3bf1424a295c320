import { cancelled } from '../errors.ts'
import { ctrlC, listen } from './keys.ts'
import { asShown } from './look.ts'
import { eraseRight, mayBreak, noBreak } from './sequences.ts'
import { clean, columnsOf, linesOf, type Terminal } from './terminal.ts'
import { cut, widthOf } from './width.ts'

/**
 * Shows what is waited for while `action` runs, on one line drawn anew in place, with the seconds once it takes longer
 * than one; for a screen reader and where output is no terminal as a line for each text. Keys are swallowed; Ctrl-C, a
 * lone Escape and the terminal's signal abort the action's signal, and then this throws the cancelled error as soon as
 * the action has settled, however that was. The line is gone and the terminal as before when this settles.
 */
export const wait = async <T>(
  terminal: Terminal,
  what: string,
  action: (signal: AbortSignal, tell: (what: string) => void) => Promise<T>,
): Promise<T> => {
  if (terminal.signal.aborted) throw cancelled('')
  const over = new AbortController()
  const abort = (): void => over.abort()
  // What does not listen to the signal, an installation say, is left at the second one.
  const cancel = (): void => {
    if (over.signal.aborted) {
      line.clear()
      stop()
      terminal.interrupt()
    } else {
      abort()
      line.tell('Stopping')
    }
  }
  const keys = cancelKeys(() => cancel())
  // What is waited for comes from elsewhere, so the end of input is left to the next question.
  const stop = listen(terminal.input, { keys: keys.take, end: () => undefined })
  terminal.signal.addEventListener('abort', abort)
  const line = isRedrawn(terminal) ? redrawn(terminal, what) : plain(terminal, what)
  try {
    const result = await action(over.signal, line.tell)
    if (over.signal.aborted) throw cancelled('')
    return result
  } catch (error) {
    throw over.signal.aborted ? cancelled('') : error
  } finally {
    line.clear()
    keys.stop()
    stop()
    terminal.signal.removeEventListener('abort', abort)
  }
}

/** Calls `cancel` at Ctrl-C and at an Escape that begins no sequence, as that of an arrow does. */
const cancelKeys = (cancel: () => void) => {
  let lone: NodeJS.Timeout | undefined
  return {
    take: (chunk: Buffer): void => {
      clearTimeout(lone)
      if (chunk.includes(ctrlC)) cancel()
      // A sequence that comes in two pieces, over a slow line, has as long as clack and readline give it.
      else if (chunk.at(-1) === 0x1b) lone = setTimeout(cancel, 50)
    },
    stop: (): void => clearTimeout(lone),
  }
}

type Line = { readonly tell: (what: string) => void; readonly clear: () => void }

const isRedrawn = ({ accessible, output }: Terminal): boolean => !accessible && output.isTTY === true

const plain = (terminal: Terminal, what: string): Line => {
  let told: string | null = null
  const tell = (next: string): void => {
    if (next === told) return
    told = next
    // A file has no columns.
    const text = terminal.output.isTTY === true ? linesOf(terminal, next).join('\n') : clean(terminal, next)
    terminal.output.write(`${asShown(text, terminal)}\n`)
  }
  tell(what)
  return { tell, clear: () => undefined }
}

const redrawn = (terminal: Terminal, what: string): Line => {
  const start = Date.now()
  let told = what
  const draw = (): void => {
    const seconds = Math.round((Date.now() - start) / 1000)
    const after = seconds === 0 ? '' : ` (${seconds} s)`
    const shown = asShown(terminal.printable(`… ${told}`), terminal)
    const line = shorten(shown, columnsOf(terminal) - 1 - after.length) + after
    terminal.output.write(`${erase}${noBreak}${line}${mayBreak}`)
  }
  const timer = setInterval(draw, 1000)
  draw()
  return {
    tell: (next) => {
      told = next
      draw()
    },
    clear: () => {
      clearInterval(timer)
      terminal.output.write(erase)
    },
  }
}

const shorten = (text: string, columns: number): string =>
  widthOf(text) <= columns ? text : `${cut(text, Math.max(0, columns - 3))}...`

/** To the line's begin and erase it. */
const erase = `\r${eraseRight}`
