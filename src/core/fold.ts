/** Lines that say the same in a row, told as the first of them. */
export type Repeats<Line> = { readonly line: Line; readonly times: number; readonly lastAt: number }

type Dated = { readonly at: number }

/** What lines that say the same have in common; null of one that is never folded. */
export type KeyOf<Line> = (line: Line) => string | null

/**
 * Lines in the order they came, those that have the same key in a row as one. `open` is the run that stood last before
 * them: it goes on with the first of them that are like it, and is the first of the runs then. Unfolded they are as many
 * as before.
 */
export const foldRepeats = <Line extends Dated>(
  lines: readonly Line[],
  keyOf: KeyOf<Line>,
  open: Repeats<Line> | null = null,
): readonly Repeats<Line>[] => {
  const runs: Repeats<Line>[] = open === null ? [] : [open]
  let before = open === null ? null : keyOf(open.line)
  for (const line of lines) {
    const [last, key] = [runs.at(-1), keyOf(line)]
    if (last !== undefined && key !== null && key === before)
      runs[runs.length - 1] = { ...last, times: last.times + 1, lastAt: line.at }
    else runs.push({ line, times: 1, lastAt: line.at })
    before = key
  }
  return runs
}

/** What is told while lines are followed: a run as far as it is known, or how often one that was told has gone on. */
export type Told<Line> =
  | { readonly is: 'first'; readonly of: Repeats<Line> }
  | { readonly is: 'more'; readonly of: Repeats<Line>; readonly times: number }

/** The run that may go on, how often of it was told, and when. */
export type Following<Line> = { readonly run: Repeats<Line>; readonly told: number; readonly toldAt: number }

/**
 * The next lines while they are followed. The first of a run is told at once; that it went on, once something else comes,
 * or each minute: nothing that was printed is changed. With `ends` all that is known is told.
 */
export const followRepeats = <Line extends Dated>(
  before: Following<Line> | null,
  lines: readonly Line[],
  keyOf: KeyOf<Line>,
  now: number,
  ends: 'ends' | 'goes on' = 'goes on',
): { readonly following: Following<Line> | null; readonly told: readonly Told<Line>[] } => {
  const runs = foldRepeats(lines, keyOf, before?.run ?? null)
  const [first, ...others] = runs
  const last = runs.at(-1)
  if (first === undefined || last === undefined) return { following: before, told: [] }
  const isDue = others.length > 0 || ends === 'ends' || now - (before?.toldAt ?? now) >= everyMs
  const more = before === null ? 0 : first.times - before.told
  const told: readonly Told<Line>[] = [
    ...(before === null ? [{ is: 'first', of: first } as const] : []),
    ...(more > 0 && isDue ? [{ is: 'more', of: first, times: more } as const] : []),
    ...others.map((run) => ({ is: 'first', of: run }) as const),
  ]
  const isQuiet = before !== null && last === first && told.length === 0
  return {
    told,
    following: isQuiet
      ? { ...before, run: last, toldAt: more > 0 && before.run.times === before.told ? now : before.toldAt }
      : { run: last, told: last.times, toldAt: now },
  }
}

const everyMs = 60_000

/** Several that were told in a row came again in that order, so often more; `of` is the last of the last time. */
export type Again<Line> = {
  readonly is: 'again'
  readonly of: Repeats<Line>
  readonly lines: number
  readonly times: number
}

/**
 * What is told, rows of lines that come again and again as one: a client that crashes ends and starts, ends and starts.
 * Only what came three times in all; nothing else stands between, and each has the same key.
 */
export const foldRows = <Line extends Dated>(
  told: readonly Told<Line>[],
  keyOf: KeyOf<Line>,
): readonly (Told<Line> | Again<Line>)[] => {
  const keys = told.map(({ is, of }) => (is === 'first' && of.times === 1 ? keyOf(of.line) : null))
  const folded: (Told<Line> | Again<Line>)[] = []
  for (let i = 0; i < told.length; ) {
    const { lines, times } = rowAt(keys, i)
    folded.push(...told.slice(i, i + lines))
    i += lines * times
    const last = told[i - 1]
    if (times > 1 && last !== undefined) folded.push({ is: 'again', of: last.of, lines, times: times - 1 })
  }
  return folded
}

/** The shortest row that begins there and comes often enough; else the line alone. */
const rowAt = (
  keys: readonly (string | null)[],
  from: number,
): { readonly lines: number; readonly times: number } => {
  for (let lines = 2; lines <= longestRow && from + lines * leastTimes <= keys.length; lines += 1) {
    const row = keys.slice(from, from + lines)
    if (row.includes(null)) break
    let times = 1
    while (row.every((key, i) => keys[from + lines * times + i] === key)) times += 1
    if (times >= leastTimes) return { lines, times }
  }
  return { lines: 1, times: 1 }
}

const leastTimes = 3
/** A crash with all that the client logs of a channel. */
const longestRow = 16
