import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { errorCode } from './file-errors.ts'

export type ReplaceFile = typeof replaceFile

/**
 * Replaces a file at once, whatever the umask with exactly this mode: readers see the old text or the new, also after a
 * power cut. A link is replaced, not followed. Where others write the file, too, `unchanged` is asked once the new text
 * is on the disk, right before it takes the place of the old; at a no nothing changes. Whether it was replaced. Throws
 * what the file system says, and what `unchanged` throws, and then leaves neither a change nor a temporary file behind.
 */
export const replaceFile = (
  path: string,
  text: string | Uint8Array,
  mode: number,
  unchanged: () => boolean = () => true,
): boolean => {
  // A name nobody else can have: two writers at once must not write into one temporary file.
  const temporary = `${path}.${process.pid}.${process.hrtime.bigint().toString(36)}.tmp`
  try {
    writeDurably(temporary, text, mode)
    const replaces = unchanged()
    if (replaces) renameSync(temporary, path)
    else discard(temporary)
    return replaces
  } catch (error) {
    discard(temporary)
    throw error
  }
}

const writeDurably = (path: string, text: string | Uint8Array, mode: number): void => {
  const file = openSync(path, 'wx', mode)
  try {
    // Not what the umask makes of the mode, but the mode: a 0700 script must be executable.
    fchmodSync(file, mode)
    // Goes on after a short write, which is how a disk that is nearly full answers first.
    writeFileSync(file, text)
    // Without it a power cut can leave the rename done and the file empty.
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

const discard = (path: string): void => {
  try {
    rmSync(path, { force: true })
  } catch (error) {
    // Where nothing could be written nothing may be removable either; what went wrong first is told.
    if (errorCode(error) === null) throw error
  }
}
