import { type BigIntStats, closeSync, fstatSync, openSync, statSync } from 'node:fs'
import { cannotRead, errorCode } from './file-errors.ts'
import { beginning, endsLine, type Position, readLines, readShort, type Skim, startOfLast } from './lines.ts'

export type Tail = {
  /**
   * The lines completed since the last time, however many: what is long is read piece by piece as it is asked for, so
   * that it need not all be held. Whoever does not take the last of them gets all again. Throws an ExpectedError (77) when the file may not be read.
   */
  readAll(): Iterable<string>
}

export type TailOptions = {
  /** Start that many bytes before the end, with the first whole line there; without it at the beginning. */
  readonly fromEndBytes?: number
  /** Start with the last so many whole lines. */
  readonly lastLines?: number
  /** How to read what is new where that is much, at the start or later. */
  readonly skim?: Skim
  /** Where the file goes when it is rotated: what was not read of it yet is read there. */
  readonly rotatedPath?: string
}

/**
 * Follows a file that is appended to. It may not be there yet, be cut short, be replaced by another. A line without its
 * end waits for the next time; one longer than 1 MiB is passed over, and so is an empty one.
 */
export const createTail = (path: string, { rotatedPath, skim, ...first }: TailOptions = {}): Tail => {
  let place: Place | null = null
  let start: Start = first
  const positionIn = (file: number, now: FileLook): Position =>
    place !== null && sameFile(place, now) && now.size >= place.offset
      ? place
      : firstPosition(file, now.size, start)
  const readLong = () =>
    eachInFile(path, function* (file) {
      const now = look(file)
      return { ...(yield* readLines(file, positionIn(file, now), now.size, skim)), ...now }
    })
  return {
    readAll: function* () {
      if (place !== null && rotatedPath !== undefined) place = yield* finishRotated(path, rotatedPath, place)
      // So it is in most looks, and this costs a third of opening it.
      if (place !== null && isReadToItsEnd(path, place)) return
      const short = withFile(path, (file) => {
        const now = look(file)
        const from = positionIn(file, now)
        if (from.offset === now.size) return { place: { ...from, ...now }, lines: [] }
        const read = readShort(file, from, now.size, skim)
        return read === null ? 'long' : { place: { ...read.position, ...now }, lines: read.lines }
      })
      if (short !== null && short !== 'long') yield* short.lines
      const found: Place | null = short === 'long' ? yield* readLong() : (short?.place ?? null)
      // What comes after this first look is read from its beginning: it is all new.
      start = {}
      if (found !== null || rotatedPath === undefined) place = found
    },
  }
}

type Start = Pick<TailOptions, 'fromEndBytes' | 'lastLines'>
type Place = Position & FileLook
type FileLook = {
  readonly inode: bigint
  readonly born: bigint
  readonly changed: bigint
  readonly size: number
}

const look = (file: number): FileLook => lookOf(fstatSync(file, { bigint: true }))

const lookOf = ({ ino, birthtimeNs, ctimeNs, size }: BigIntStats): FileLook => ({
  inode: ino,
  born: birthtimeNs,
  changed: ctimeNs,
  size: Number(size),
})

const isReadToItsEnd = (path: string, place: Place): boolean => {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    if (found === undefined) return false
    const now = lookOf(found)
    // The very moment of its last change, too: one that may not be read any more has nothing to say.
    return sameFile(place, now) && now.changed === place.changed && now.size === place.offset
  } catch {
    // Whoever opens it says what is wrong with it.
    return false
  }
}

// An inode is used again at once on ext4, so the birth is compared, too, unless the system has none and hands out the
// time of the last change in its place, as Node does where statx(2) is forbidden.
const sameFile = (before: FileLook, now: FileLook): boolean =>
  before.inode === now.inode &&
  (before.born === now.born || (before.born === before.changed && now.born === now.changed))

const firstPosition = (file: number, size: number, { fromEndBytes, lastLines }: Start): Position => {
  if (lastLines !== undefined) return { ...beginning, offset: startOfLast(file, size, lastLines) }
  const offset = fromEndBytes === undefined ? 0 : Math.max(0, size - fromEndBytes)
  return { ...beginning, offset, skipping: !endsLine(file, offset) }
}

function* finishRotated(path: string, rotatedPath: string, place: Place): Generator<string, Place> {
  const current = withFile(path, look)
  if (current !== null && sameFile(place, current)) return place
  const rotated = yield* eachInFile(rotatedPath, function* (file) {
    const now = look(file)
    return sameFile(place, now) ? { ...(yield* readLines(file, place, now.size)), ...now } : place
  })
  return rotated ?? place
}

const withFile = <T>(path: string, use: (file: number) => T): T | null => {
  const file = openIfThere(path)
  if (file === null) return null
  try {
    return use(file)
  } catch (error) {
    throw cannotRead(path, error)
  } finally {
    closeSync(file)
  }
}

/** The same, open for as long as somebody asks for lines. */
function* eachInFile<T>(
  path: string,
  use: (file: number) => Generator<string, T>,
): Generator<string, T | null> {
  const file = openIfThere(path)
  if (file === null) return null
  try {
    return yield* use(file)
  } catch (error) {
    throw cannotRead(path, error)
  } finally {
    closeSync(file)
  }
}

const openIfThere = (path: string): number | null => {
  try {
    return openSync(path, 'r')
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw cannotRead(path, error)
  }
}
