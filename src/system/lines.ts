import { readSync } from 'node:fs'

/** How far a file was read; bytes, not text, since a read can end within a character. */
export type Position = {
  readonly offset: number
  /** The beginning of a line whose end has not come yet. */
  readonly rest: readonly Buffer[]
  /** Within a line that is passed over. */
  readonly skipping: boolean
}

/** What is read of a long file: its head and its tail, and of what lies between only the lines with a mark in them. */
export type Skim = {
  readonly headBytes: number
  readonly tailBytes: number
  /** ASCII, as it stands in the file. None: nothing that lies between. */
  readonly marks: readonly string[]
}

export const beginning: Position = { offset: 0, rest: [], skipping: false }

/**
 * Hands out the lines that end between a position and `to` (bytes), and answers the position it came to. What is held in
 * memory is a chunk and a line: one longer than 1 MiB is passed over, and so is an empty one. With `skim`, where more is unread than head and tail
 * together, the lines between are handed out only where they hold a mark.
 */
export function* readLines(
  file: number,
  from: Position,
  to: number,
  skim: Skim | null = null,
): Generator<string, Position> {
  let { offset, rest, skipping } = from
  const between = skim !== null && isBeyond(skim, to - offset) ? skim : null
  const [headEnd, tailStart] = [offset + (between?.headBytes ?? 0), to - (between?.tailBytes ?? 0)]
  const size = between === null || between.marks.length === 0 ? chunkBytes : skimmedBytes
  const chunk = Buffer.allocUnsafe(Math.max(0, Math.min(size, to - offset)))
  while (offset < to) {
    const marks = between !== null && offset >= headEnd && offset < tailStart ? between.marks : null
    if (marks?.length === 0) {
      skipping = !endsLine(file, tailStart)
      rest = []
      offset = tailStart
      continue
    }
    // A chunk lies wholly before, in or behind what is skimmed; a line is where its end is.
    const end = between === null ? to : offset < headEnd ? headEnd : offset < tailStart ? tailStart : to
    const got = readSync(file, chunk, 0, Math.min(chunk.length, end - offset), offset)
    if (got === 0) break
    offset += got
    const taken = takeChunk({ rest, skipping }, chunk.subarray(0, got), marks)
    yield* taken.lines
    rest = taken.rest
    skipping = taken.skipping
  }
  return { offset, rest, skipping }
}

/** More than head and tail together. */
const isBeyond = ({ headBytes, tailBytes }: Skim, bytes: number): boolean => bytes > headBytes + tailBytes

/**
 * The same of what one call reads; null where it is longer, is to be skimmed, or the call read less. Cheaper by half, and most of what is
 * new is that short.
 */
export const readShort = (
  file: number,
  from: Position,
  to: number,
  skim: Skim | null = null,
): { readonly lines: readonly string[]; readonly position: Position } | null => {
  const size = to - from.offset
  if (size > chunkBytes || (skim !== null && isBeyond(skim, size))) return null
  const chunk = Buffer.allocUnsafe(size)
  if (readSync(file, chunk, 0, size, from.offset) < size) return null
  // Whole lines and nothing before them is what a log of moderate length is: decoded at once, in a third of the time.
  if (from.rest.length === 0 && !from.skipping && chunk[size - 1] === lineEnd) {
    const lines = chunk.toString().split('\n')
    return { lines: lines.filter((line) => line !== ''), position: { ...beginning, offset: to } }
  }
  const { lines, rest, skipping } = takeChunk(from, chunk, null)
  return { lines, position: { offset: to, rest, skipping } }
}

/** The lines that end in these bytes, and what begins in them. */
const takeChunk = (
  { rest, skipping }: Pick<Position, 'rest' | 'skipping'>,
  bytes: Buffer,
  marks: readonly string[] | null,
): Pick<Position, 'rest' | 'skipping'> & { readonly lines: string[] } => {
  const first = bytes.indexOf(lineEnd) + 1
  const last = bytes.lastIndexOf(lineEnd) + 1
  const lines: string[] = []
  if (first > 0) {
    if (!skipping) pick(Buffer.concat([...rest, bytes.subarray(0, first)]), marks, lines)
    pick(bytes.subarray(first, last), marks, lines)
  }
  const goesOn = first === 0 && skipping
  const more = goesOn ? [] : joined(first > 0 ? [] : rest, bytes.subarray(last))
  const isTooLong = lengthOf(more) > longestLine
  return { lines, rest: isTooLong ? [] : more, skipping: goesOn || isTooLong }
}

/** Where the last so many whole lines of a file begin, that is `size` bytes long. */
export const startOfLast = (file: number, size: number, lines: number): number => {
  const chunk = Buffer.allocUnsafe(chunkBytes)
  let missing = lines + 1
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - chunkBytes)
    const bytes = chunk.subarray(0, readSync(file, chunk, 0, end - start, start))
    for (
      let at = bytes.lastIndexOf(lineEnd);
      at >= 0;
      at = at === 0 ? -1 : bytes.lastIndexOf(lineEnd, at - 1)
    ) {
      missing -= 1
      if (missing === 0) return start + at + 1
    }
    end = start
  }
  return 0
}

/** Whether a line ends right before this place of a file. */
export const endsLine = (file: number, offset: number): boolean => {
  const before = Buffer.alloc(1)
  return offset === 0 || (readSync(file, before, 0, 1, offset - 1) === 1 && before[0] === lineEnd)
}

const lineEnd = 0x0a
/** Longer are pictures that were read. Parsed, a line can take forty times its room, and the keeper's heap has 32 MiB. */
const longestLine = 1024 * 1024
const chunkBytes = 64 * 1024
/** 200 MB in 0.23 s instead of 0.27. */
const skimmedBytes = 256 * 1024

/** The lines in bytes that end with a line's end: all, or those that hold a mark. */
const pick = (bytes: Buffer, marks: readonly string[] | null, lines: string[]): void => {
  if (marks !== null) {
    pickMarked(bytes, marks, lines)
    return
  }
  for (let start = 0; start < bytes.length; start += 1) {
    if (bytes[start] === lineEnd) continue
    const end = bytes.indexOf(lineEnd, start)
    lines.push(bytes.toString('utf8', start, end))
    start = end
  }
}

/** Looks for each mark only as far as the next one that is there: what holds none is passed at the speed of memory. */
const pickMarked = (bytes: Buffer, marks: readonly string[], lines: string[]): void => {
  const next = marks.map((mark) => ({ mark, at: bytes.indexOf(mark) }))
  for (;;) {
    const at = Math.min(...next.flatMap((each) => (each.at < 0 ? [] : [each.at])))
    if (at === Number.POSITIVE_INFINITY) return
    const end = bytes.indexOf(lineEnd, at)
    lines.push(bytes.toString('utf8', bytes.lastIndexOf(lineEnd, at) + 1, end))
    for (const each of next) if (each.at >= 0 && each.at <= end) each.at = bytes.indexOf(each.mark, end)
  }
}

/** A copy, since the chunk is read into again. Small pieces in one, so that a line that grows by bytes stays cheap. */
const joined = (rest: readonly Buffer[], more: Buffer): readonly Buffer[] => {
  if (more.length === 0) return rest
  const last = rest.at(-1)
  return last !== undefined && last.length < chunkBytes
    ? [...rest.slice(0, -1), Buffer.concat([last, more])]
    : [...rest, Buffer.from(more)]
}

const lengthOf = (pieces: readonly Buffer[]): number => pieces.reduce((sum, { length }) => sum + length, 0)
