import type { Channel } from '../core/channel.ts'
import type { Wanted } from '../core/read-back.ts'
import type { Run } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { ChannelLogLine, Claude, Tail, World } from '../deps.ts'
import { readLogs, startedWith } from './earlier-logs.ts'
import { findLog, namesAny } from './log-reader.ts'
import { readRun } from './session-records.ts'

type Reading = Pick<
  World,
  'files' | 'folders' | 'processes' | 'createTail' | 'clock' | 'redact' | 'journal'
> & {
  readonly claude: Pick<
    Claude,
    | 'sessionPaths'
    | 'parseLogLine'
    | 'explainLogLine'
    | 'withoutMessage'
    | 'mcpLogFolder'
    | 'latestMcpLogs'
    | 'foldMcpLog'
    | 'mcpLogMarks'
  >
}

/**
 * What the clients of a session logged of its channels: what is wanted of each, oldest first, back over earlier starts.
 * Each further call answers what is new, to the end of a client's log, and moves on to that of the next one.
 */
export const createChannelLog = (world: Reading, session: Session, wanted: Wanted) => {
  const paths = world.claude.sessionPaths(session)
  // Two plugins of one name, of two marketplaces, are logged as one.
  const byFolder = new Map(
    session.channels
      .toReversed()
      .map((channel) => [world.claude.mcpLogFolder(paths, session.cwd, channel), channel]),
  )
  const followers = [...byFolder.values()]
    .toReversed()
    .map((channel) => followLogs(world, session, channel, wanted))
  return async (): Promise<readonly ChannelLogLine[]> => {
    const run = readRun(world, session.name)
    return followers.flatMap((read) => read(run))
  }
}

type Followed = {
  readonly run: Run
  /** Of this run; null while it has none. */
  readonly present: Tail | null
  /** Of all logs that were read, by path: none is read twice. */
  readonly tails: ReadonlyMap<string, Tail>
}

const followLogs = (world: Reading, session: Session, channel: Channel, wanted: Wanted) => {
  const take = () => createLineReader(world, channel.id)
  const readAll = (tail: Tail | null): readonly ChannelLogLine[] =>
    [...(tail?.readAll() ?? [])].flatMap(take())
  const place = { world, session, channel }
  let [isFirst, before]: [boolean, Followed | null] = [true, null]

  const readFirst = (run: Run): readonly ChannelLogLine[] => {
    const present = findPresent(place, run)
    const all = logsSince(place, run, Number.NEGATIVE_INFINITY)
    const older = present !== null && all.includes(present) ? all.slice(0, all.indexOf(present)) : all
    const conversations = conversationsOf(place, run)
    const { lines, tails } = readLogs(world, { present, older }, conversations, take, wanted)
    before = { run, present: present === null ? null : (tails.get(present) ?? null), tails }
    return lines
  }
  /** What the client before has still said, and those that came and went since the last look. */
  const readPassed = (
    passed: Followed,
    run: Run,
    present: string | null,
  ): Pick<Followed, 'tails'> & Lines => {
    const conversations = conversationsOf(place, run)
    const unread = logsSince(place, run, passed.run.startedAt).filter(
      (file) => file !== present && !passed.tails.has(file) && namesAny(world, file, conversations),
    )
    const opened = unread.map((file) => [file, world.createTail(file)] as const)
    return {
      lines: [...readAll(passed.present), ...opened.flatMap(([, tail]) => readAll(tail))],
      tails: new Map([...passed.tails, ...opened]),
    }
  }
  return (run: Run | null): readonly ChannelLogLine[] => {
    if (isFirst) {
      // What comes after the first look is all new.
      const lines = run === null ? [] : readFirst(run)
      isFirst = false
      return lines
    }
    if (run === null) return readAll(before?.present ?? null)
    if (before?.run.run === run.run && before.present !== null) return readAll(before.present)
    const present = findPresent(place, run)
    const passed =
      before === null || before.run.run === run.run
        ? { lines: [], tails: before?.tails ?? new Map<string, Tail>() }
        : readPassed(before, run, present)
    const tail = present === null ? null : (passed.tails.get(present) ?? world.createTail(present))
    const tails =
      present === null || tail === null ? passed.tails : new Map([...passed.tails, [present, tail]])
    before = { run, present: tail, tails }
    return [...passed.lines, ...readAll(tail)]
  }
}

type Lines = { readonly lines: readonly ChannelLogLine[] }
type Place = { readonly world: Reading; readonly session: Session; readonly channel: Channel }

const findPresent = ({ world, session, channel }: Place, run: Run): string | null =>
  findLog(world, session, channel, world.claude.sessionPaths(session), run)

/** The logs of client starts in the folder of a run from a time on, oldest first, whosever they are. */
const logsSince = ({ world, session, channel }: Place, run: Run, since: number): readonly string[] => {
  const paths = world.claude.sessionPaths(session)
  const folder = world.claude.mcpLogFolder(paths, run.cwd ?? session.cwd, channel)
  return world.claude.latestMcpLogs(folder, since, world.clock.now())
}

const conversationsOf = ({ world, session }: Place, run: Run): ReadonlySet<string> =>
  new Set([...startedWith(world, session.name), run.conversation])

/** Reads the lines of a log one after the other. One that bears no time is of that of the line before it. */
const createLineReader = (world: Reading, channel: string) => {
  let last: number | null = null
  return (line: string): readonly ChannelLogLine[] => {
    const note = world.claude.parseLogLine(line)
    if (note === null) return []
    const at: number = note.at ?? last ?? world.clock.now()
    last = at
    const text = world.redact(world.claude.withoutMessage(note.text).trim())
    return [{ at, channel, text, explained: world.claude.explainLogLine(note.text) }]
  }
}
