import { reachesBack, readBack, type Wanted } from '../core/read-back.ts'
import type { Claude, Tail, World } from '../deps.ts'
import { namesAny } from './log-reader.ts'

type Reading = Pick<World, 'files' | 'folders' | 'processes' | 'createTail' | 'clock' | 'journal'> & {
  readonly claude: Pick<Claude, 'latestMcpLogs' | 'mcpLogFolder' | 'foldMcpLog' | 'mcpLogMarks'>
}

/** So many logs are looked at, and so much is shown of them: a crash loop leaves hundreds a day. */
const most = { logs: 500, chars: 16 * 1024 * 1024, linesOfOne: 64_000 } as const

/** Whose a log is stands in its first lines: no more of each is read for it, since the folder may be others', too. */
const headBytes = 32 * 1024

type Line = { readonly at: number; readonly text: string }

export type Logs = {
  /** Of the present client; null while there is none. */
  readonly present: string | null
  /** Of earlier client starts in its folder, whosever, oldest first. */
  readonly older: readonly string[]
}

/**
 * What is wanted of a channel's logs, oldest first: of the present one and, as long as that is not enough, of those of
 * earlier starts with one of these conversations; and of each that was read a tail that goes on behind it. `take` begins
 * to read one of them.
 */
export const readLogs = <Read extends Line>(
  world: Reading,
  { present, older }: Logs,
  conversations: ReadonlySet<string>,
  take: () => (line: string) => readonly Read[],
  wanted: Wanted,
): { readonly lines: readonly Read[]; readonly tails: ReadonlyMap<string, Tail> } => {
  // The newest file first.
  const parts: (readonly Read[])[] = []
  let [count, chars] = [0, 0]
  const tails = new Map<string, Tail>()
  const missing = (): Wanted => ({ ...wanted, last: wanted.last - count })
  const readOne = (file: string): void => {
    const open = (lastLines: number) => world.createTail(file, { lastLines })
    const { lines, tail } = readBack(open, take(), missing(), most.linesOfOne)
    parts.push(lines)
    count += lines.length
    chars += charsOf(lines)
    tails.set(file, tail)
  }
  const oldest = (): readonly Read[] => parts.findLast((lines) => lines.length > 0) ?? []
  const isEnough = (): boolean =>
    chars > most.chars || count >= wanted.last || reachesBack(oldest(), wanted.since)
  if (present !== null) readOne(present)
  for (const file of older.slice(-most.logs).toReversed()) {
    if (isEnough()) break
    if (namesAny(world, file, conversations, headBytes)) readOne(file)
  }
  return { lines: parts.toReversed().flat(), tails }
}

const charsOf = (lines: readonly Line[]): number => lines.reduce((sum, { text }) => sum + text.length, 0)

/** The conversations that clients of a session were started with, as far back as the journal tells. */
export const startedWith = (
  world: Pick<Reading, 'journal' | 'createTail'>,
  name: string,
): ReadonlySet<string> => {
  const { path, rotatedPath, parse } = world.journal
  const skim = { headBytes: 0, tailBytes: 0, marks: [started] }
  const ids = [rotatedPath, path].flatMap((file) =>
    [...world.createTail(file, { skim }).readAll()].flatMap((line) => {
      if (!line.includes(started) || !line.includes(JSON.stringify(name))) return []
      const entry = parse(line)
      return entry?.type === 'client-started' && entry.session === name ? [entry.conversation] : []
    }),
  )
  return new Set(ids)
}

const started = '"client-started"'
