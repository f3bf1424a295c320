import { getEventListeners } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { printable } from '../../src/system/printable.ts'
import type { Terminal } from '../../src/ui/terminal.ts'
import { until } from '../sim/until.ts'

/** A terminal in memory: bytes go in as typed, all that is written is kept. */
export const fakeTerminal = (given: Partial<Terminal> & { columns?: number; isTTY?: boolean } = {}) => {
  const { columns = 60, isTTY = true, ...rest } = given
  const abort = new AbortController()
  const raw: boolean[] = []
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    setRawMode: (mode: boolean) => {
      input.isRaw = mode
      raw.push(mode)
    },
  })
  const writes: string[] = []
  const output = Object.assign(
    new Writable({
      decodeStrings: false,
      write: (text, _, done) => {
        writes.push(String(text))
        done()
      },
    }),
    { columns, rows: 24, isTTY },
  )
  const written = (): string => writes.join('')
  const before = { input: listeners(input), output: listeners(output) }
  return {
    terminal: {
      input,
      output,
      signal: abort.signal,
      colour: false,
      unicode: true,
      narrowBlocks: rest.unicode ?? true,
      accessible: false,
      interrupt: () => undefined,
      printable,
      ...rest,
    } satisfies Terminal,
    input,
    output,
    abort,
    raw,
    writes,
    written,
    /** Without sequences: all that could be read, also what was drawn over. */
    text: (): string => stripVTControlCharacters(written()),
    shows: (text: string): Promise<true> =>
      until(`${JSON.stringify(text)} on the screen`, () =>
        stripVTControlCharacters(written()).includes(text),
      ),
    /** Keys one after the other, with the loop going round between them as a keyboard's do. */
    type: async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) {
        input.write(key)
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    /** What is not as it was before anything was asked. */
    leftovers: (): readonly string[] => [
      ...(input.isRaw ? ['raw mode'] : []),
      ...(written().lastIndexOf('\x1b[?25l') > written().lastIndexOf('\x1b[?25h') ? ['hidden cursor'] : []),
      ...(written().lastIndexOf('\x1b[?7l') > written().lastIndexOf('\x1b[?7h') ? ['no line breaks'] : []),
      ...(input.isPaused() || input.destroyed ? [] : ['input flows']),
      ...(listeners(input) === before.input ? [] : [`input: ${listeners(input)}`]),
      ...(getEventListeners(abort.signal, 'abort').length === 0 ? [] : ['a listener of the signal']),
      ...(listeners(output) === before.output ? [] : [`output: ${listeners(output)}`]),
    ],
  }
}

const listeners = (stream: NodeJS.EventEmitter): string =>
  stream
    .eventNames()
    .map((name) => `${String(name)} ${stream.listenerCount(name)}`)
    .sort()
    .join(', ')

/** The longest line of each write, without sequences. */
export const longest = (writes: readonly string[]): number =>
  Math.max(
    ...writes
      .flatMap((text) => stripVTControlCharacters(text).split(/\r?\n|\r/))
      .map((line) => [...line].length),
  )

export const isAscii = (text: string): boolean => [...text].every((sign) => sign <= '\x7f')
/** Sequences that begin with ESC [ and end with m. */
export const hasColours = (text: string): boolean =>
  text
    .split('\x1b[')
    .slice(1)
    .some((after) => /^[\d;]*m/.test(after))
export const holdsAny = (text: string, parts: readonly string[]): boolean =>
  parts.some((part) => text.includes(part))

export const enter = '\r'
export const esc = '\x1b'
export const ctrlC = '\x03'
export const up = '\x1b[A'
export const down = '\x1b[B'
export const left = '\x1b[D'
