type Dated = { readonly at: number }

/** What is wanted of lines that are oldest first: the last so many, or all since then; both: whatever is less. */
export type Wanted = {
  readonly last: number
  /** Milliseconds since 1970. */
  readonly since: number | null
}

/** As many as are wanted, or all that are so new. */
export const hasAll = (lines: readonly Dated[], { last, since }: Wanted): boolean =>
  lines.length >= last || reachesBack(lines, since)

/** Whether the first is older. One in their midst may be of a moment when the clock was not set yet. */
export const reachesBack = ([first]: readonly Dated[], since: number | null): boolean =>
  first !== undefined && since !== null && first.at < since

/**
 * Reads the last lines of a file, more and more of them until those that are meant are enough, there are no more, or
 * `most` were read. `open` answers a tail that begins with so many lines: it goes on behind what was read.
 */
export const readBack = <Line extends Dated, Tail extends { readonly readAll: () => Iterable<string> }>(
  open: (lastLines: number) => Tail,
  take: (line: string) => readonly Line[],
  wanted: Wanted,
  most = Number.POSITIVE_INFINITY,
): { readonly tail: Tail; readonly lines: readonly Line[] } => {
  let [lastLines, before] = [Math.max(1, Math.min(wanted.last, firstLines)), -1]
  for (;;) {
    const tail = open(wanted.last === 0 ? 0 : lastLines)
    const lines: Line[] = []
    let count = 0
    for (const line of tail.readAll()) {
      lines.push(...take(line))
      count += 1
    }
    if (hasAll(lines, wanted) || count <= before || lastLines >= most)
      return { tail, lines: lines.slice(Math.max(0, lines.length - wanted.last)) }
    before = count
    lastLines = Math.min(8 * lastLines, most)
  }
}

const firstLines = 1_000

/**
 * Lines of one source by time, each with where it stands among those of others. A time that is still to come was written
 * before a clock was put right, nobody knows when: such a line stands where the source has it, right before the next one.
 */
export const placed = <Line extends Dated>(
  lines: readonly Line[],
  now: number,
): readonly { readonly line: Line; readonly place: number }[] => {
  let next = now
  return lines
    .toReversed()
    .map((line) => {
      if (line.at <= now) next = line.at
      return { line, place: next }
    })
    .toReversed()
}
