/** Lines that say the same in a row, told as the first of them. */
export type Repeats<Line> = { readonly line: Line; readonly times: number; readonly lastAt: number }

/** What a line says but for numbers, ids and times: two in a row that are the same in this are folded. */
export const gist = (text: string): string =>
  text
    .replace(uuid, '#')
    .replace(/\b0x[\da-f]+\b|\b(?=[\da-f]*\d)[\da-f]{7,}\b/gi, '#')
    .replace(/\d+/g, '#')

const uuid = /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi

type Dated = { readonly at: number }

/**
 * Lines in the order they came, those that are alike in a row as one. `open` is the run that stood last before them: it
 * goes on with the first of them that are like it, and is the first of the runs then. Unfolded they are as many as before.
 */
export const foldRepeats = <Line extends Dated>(
  lines: readonly Line[],
  alike: (a: Line, b: Line) => boolean,
  open: Repeats<Line> | null = null,
): readonly Repeats<Line>[] => {
  const runs: Repeats<Line>[] = open === null ? [] : [open]
  for (const line of lines) {
    const last = runs.at(-1)
    if (last !== undefined && alike(last.line, line))
      runs[runs.length - 1] = { ...last, times: last.times + 1, lastAt: line.at }
    else runs.push({ line, times: 1, lastAt: line.at })
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
  alike: (a: Line, b: Line) => boolean,
  now: number,
  ends: 'ends' | 'goes on' = 'goes on',
): { readonly following: Following<Line> | null; readonly told: readonly Told<Line>[] } => {
  const runs = foldRepeats(lines, alike, before?.run ?? null)
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
