import { PassThrough, Writable } from 'node:stream'
import { cancelled } from '../errors.ts'
import { ctrlC, listen } from './keys.ts'
import { asShown } from './look.ts'
import { columnsOf, type Terminal } from './terminal.ts'
import { typed } from './typing.ts'

/** What one of clack's questions reads from, writes to and ends by. */
export type Streams = {
  readonly input: PassThrough
  readonly output: Writable
  readonly signal: AbortSignal
}

/**
 * Runs one question on streams of its own between clack and the terminal: keys get through while it is open and until
 * the first Enter of a chunk, and what is written as the terminal can show it. What was typed before the question was
 * seen is dropped. Throws the cancelled error when `run` hands back a symbol (clack's for Ctrl-C and Escape), when input
 * ends and when the terminal's signal fires; the terminal is then as it was.
 */
export const question = async <Answer extends string | boolean | number>(
  terminal: Terminal,
  run: (streams: Streams) => Promise<Answer | symbol>,
  keys: (chunk: Buffer) => string = typed,
): Promise<Answer> => {
  if (terminal.signal.aborted) throw cancelled('')
  const over = new AbortController()
  const input = new PassThrough()
  const output = shownOn(terminal)
  const abort = (): void => over.abort()
  const resize = (): void => void output.emit('resize')
  let isSeen = false
  const stop = listen(terminal.input, {
    keys: (chunk) => {
      if (isSeen) input.write(Buffer.from(keys(chunk), 'latin1'))
      else if (chunk.includes(ctrlC)) abort()
    },
    end: abort,
  })
  terminal.signal.addEventListener('abort', abort)
  terminal.output.on('resize', resize)
  try {
    await whatWaits()
    if (over.signal.aborted) throw cancelled('')
    isSeen = true
    const answer = await run({ input, output, signal: over.signal })
    if (typeof answer === 'symbol') throw cancelled('')
    return answer
  } finally {
    stop()
    terminal.signal.removeEventListener('abort', abort)
    terminal.output.off('resize', resize)
    input.destroy()
  }
}

/** Two rounds of the loop: one at least has read what the terminal kept. */
const whatWaits = async (): Promise<void> => {
  await new Promise<void>((resolve) => setImmediate(resolve))
  await new Promise<void>((resolve) => setImmediate(resolve))
}

const shownOn = (terminal: Terminal): Writable =>
  Object.defineProperties(
    new Writable({
      decodeStrings: false,
      write: (text, _, done) => {
        terminal.output.write(asShown(String(text), terminal))
        done()
      },
    }),
    { columns: { get: () => columnsOf(terminal) }, rows: { get: () => terminal.output.rows ?? 24 } },
  )
