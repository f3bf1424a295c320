import type { Terminal } from './terminal.ts'

/**
 * Hears what is typed, in raw mode: the terminal echoes nothing and Ctrl-C is a key. `end` is called when nothing more
 * can be typed, also when that is so already. The returned function puts the terminal back as it was, and lets a
 * process end that waits for nothing else.
 */
export const listen = (
  input: Terminal['input'],
  heard: { readonly keys: (chunk: Buffer) => void; readonly end: () => void },
): (() => void) => {
  if (input.readableEnded || input.destroyed) {
    heard.end()
    return () => undefined
  }
  const keys = (chunk: Buffer | string): void => heard.keys(Buffer.from(chunk))
  const wasRaw = input.isRaw === true
  const setRaw = (raw: boolean): void => {
    if (input.isTTY === true) input.setRawMode?.(raw)
  }
  input.on('data', keys)
  // A terminal that was closed is an error (EIO) on some systems, also to who sets its mode.
  for (const event of ends) input.on(event, heard.end)
  setRaw(true)
  input.resume()
  return () => {
    input.pause()
    input.off('data', keys)
    setRaw(wasRaw)
    for (const event of ends) input.off(event, heard.end)
  }
}

const ends = ['end', 'close', 'error'] as const

export const ctrlC = 0x03
export const ctrlD = 0x04
