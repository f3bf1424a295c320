import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { cannotRead, errorCode } from './file-errors.ts'

export type Tail = {
  /** The lines completed since the last read. Throws an ExpectedError (77) when the file may not be read. */
  read(): readonly string[]
  /** All lines there are by now, however many: `read` until it has caught up. Throws as it does. */
  readAll(): Iterable<string>
}

export type TailOptions = {
  /** Start that many bytes before the end, with the first whole line there; without it at the beginning. */
  readonly fromEndBytes?: number
  /** Where the file goes when it is rotated: what was not read of it yet is read there. */
  readonly rotatedPath?: string
}

/**
 * Follows a file that is appended to. It may not be there yet, be cut short, be replaced by another. A line without its
 * end waits for the next read. At most 4 MiB are read at a time, and a line longer than that is passed over.
 */
export const createTail = (path: string, { fromEndBytes, rotatedPath }: TailOptions = {}): Tail => {
  let place: Place | null = null
  let skipTo = fromEndBytes
  const read = (): readonly string[] => {
    const lines: string[] = []
    if (place !== null && rotatedPath !== undefined) place = finishRotated(path, rotatedPath, place, lines)
    const found = withFile(path, (file) => {
      const now = look(file)
      const goesOn = place !== null && sameFile(place, now) && now.size >= place.offset
      const from = goesOn && place !== null ? { ...place, size: now.size } : firstPlace(file, now, skipTo)
      return readOn(file, from, lines)
    })
    // What comes after this first file is read from its beginning: it is all new.
    if (found !== null) skipTo = undefined
    if (found !== null || rotatedPath === undefined) place = found
    return lines
  }
  return {
    read,
    readAll: function* () {
      // By places, not by lines: within a line longer than one read there are none.
      for (let before: Place | null = null; ; before = place) {
        yield* read()
        if (place === null || place.offset >= place.size || place.offset === before?.offset) return
      }
    },
  }
}

/** A file, and how far it was read; bytes, not text, since a read can end within a character. */
type Place = FileLook & { readonly offset: number; readonly rest: Buffer; readonly skipping: boolean }
type FileLook = {
  readonly inode: bigint
  readonly born: bigint
  readonly changed: bigint
  readonly size: number
}

const beginning = { offset: 0, rest: Buffer.alloc(0), skipping: false } as const
const mostAtATime = 4 * 1024 * 1024
const chunkBytes = 64 * 1024
/** Taken from Node's pool, which costs nothing. */
const leastChunkBytes = 2 * 1024

const look = (file: number): FileLook => {
  const { ino, birthtimeNs, ctimeNs, size } = fstatSync(file, { bigint: true })
  return { inode: ino, born: birthtimeNs, changed: ctimeNs, size: Number(size) }
}

// An inode is used again at once on ext4, so the birth is compared, too, unless the system has none and hands out the
// time of the last change in its place, as Node does where statx(2) is forbidden.
const sameFile = (before: FileLook, now: FileLook): boolean =>
  before.inode === now.inode &&
  (before.born === now.born || (before.born === before.changed && now.born === now.changed))

const firstPlace = (file: number, now: FileLook, fromEndBytes: number | undefined): Place => {
  const offset = fromEndBytes === undefined ? 0 : Math.max(0, now.size - fromEndBytes)
  const before = Buffer.alloc(1)
  const midLine = offset > 0 && readSync(file, before, 0, 1, offset - 1) === 1 && before[0] !== 0x0a
  return { ...now, ...beginning, offset, skipping: midLine }
}

const readOn = (file: number, from: Place, lines: string[], most = mostAtATime): Place => {
  let { offset, rest, skipping } = from
  // In most looks nothing is new.
  if (offset === from.size) return from
  // Most files are far smaller.
  const chunk = Buffer.allocUnsafe(Math.max(leastChunkBytes, Math.min(chunkBytes, from.size - offset)))
  for (let left = most; left > 0; ) {
    const got = readSync(file, chunk, 0, Math.min(chunk.length, left), offset)
    if (got === 0) break
    offset += got
    left -= got
    const bytes = chunk.subarray(0, got)
    let start = 0
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      if (!skipping) lines.push(joined(rest, bytes.subarray(start, end)).toString('utf8'))
      rest = beginning.rest
      skipping = false
      start = end + 1
    }
    // A copy: the chunk is read into again.
    if (!skipping) rest = Buffer.concat([rest, bytes.subarray(start)])
    if (rest.length > mostAtATime) {
      rest = beginning.rest
      skipping = true
    }
  }
  const now = offset === from.size ? from : look(file)
  return { ...from, ...now, offset, rest, skipping }
}

const joined = (rest: Buffer, more: Buffer): Buffer =>
  rest.length === 0 ? more : Buffer.concat([rest, more])

const finishRotated = (path: string, rotatedPath: string, place: Place, lines: string[]): Place => {
  const current = withFile(path, look)
  if (current !== null && sameFile(place, current)) return place
  const rotated = withFile(rotatedPath, (file) => {
    const now = look(file)
    if (!sameFile(place, now)) return place
    return readOn(file, { ...place, size: now.size }, lines, Number.POSITIVE_INFINITY)
  })
  return rotated ?? place
}

const withFile = <T>(path: string, use: (file: number) => T): T | null => {
  let file: number | null = null
  try {
    file = openSync(path, 'r')
    return use(file)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw cannotRead(path, error)
  } finally {
    if (file !== null) closeSync(file)
  }
}
