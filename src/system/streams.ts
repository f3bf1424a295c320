import { fstatSync, statSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cannotWrite } from './file-errors.ts'

/**
 * Standard output and error by file descriptor: Node's own streams for them take 5 ms to load, and what was written to a
 * pipe through them is lost when the process ends at once.
 */
export type Descriptor = 0 | 1 | 2

/**
 * Writes a whole text, waiting where a pipe is full. Closed: nobody reads any more (`channels logs | head`). Throws an
 * ExpectedError (73) when stdout is a file that takes no more; of stderr that is `lost`: nobody could be told.
 */
export const writeAll = (descriptor: Descriptor, text: string): 'written' | 'closed' | 'lost' => {
  const bytes = Buffer.from(text)
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(descriptor, bytes, done)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null
      if (code === 'EPIPE' || code === 'EBADF' || code === 'EIO') return 'closed'
      if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EROFS') {
        if (descriptor === 2) return 'lost'
        throw cannotWrite('the output', error)
      }
      if (code !== 'EAGAIN') throw error
      // A pipe that somebody else made non-blocking is full: wait until it is read.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
  return 'written'
}

/** Whether a descriptor is a terminal; node:tty, which takes long to load, is asked only where it may be one. */
export const isTerminal = (descriptor: Descriptor): boolean => {
  try {
    const found = fstatSync(descriptor)
    if (!found.isCharacterDevice() || found.rdev === statSync('/dev/null').rdev) return false
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
  const { isatty }: typeof import('node:tty') = createRequire(import.meta.url)('node:tty')
  return isatty(descriptor)
}
