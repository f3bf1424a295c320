import type { Channel } from '../core/channel.ts'
import { type ClientPaths, emptyMcpLog, type McpLog } from '../core/client.ts'
import { type ProcessId, sameProcess } from '../core/process.ts'
import type { Run } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { Claude, Tail, World } from '../deps.ts'

type Reading = Pick<World, 'createTail' | 'clock'> & {
  readonly claude: Pick<Claude, 'mcpLogFolder' | 'latestMcpLogs' | 'foldMcpLog' | 'mcpLogMarks'>
}

type Known = {
  readonly client: ProcessId
  readonly tail: Tail
  readonly log: McpLog
}

/**
 * Reads the MCP log of this client's start, only what is new since the last time. Sessions that share a folder share
 * the folder of logs too, so the file is told by the conversations its lines name: the newest of those that name the one
 * this run was started with.
 */
export const createLogReader = (world: Reading) => {
  const known = new Map<string, Known>()
  return (
    session: Session,
    channel: Channel,
    paths: ClientPaths,
    run: Run,
    client: ProcessId,
  ): McpLog | null => {
    const key = `${session.name} ${channel.id}`
    const before = known.get(key) ?? null
    // One that was just opened has been read to its end.
    const now =
      before !== null && sameProcess(before.client, client)
        ? { ...before, log: foldOn(world, before.tail, before.log) }
        : openLog(world, session, channel, paths, run)
    if (now === null) return failedStart(world, session, channel, paths, run)?.log ?? null
    known.set(key, { ...now, client })
    return now.log
  }
}

const openLog = (
  world: Reading,
  session: Session,
  channel: Channel,
  paths: ClientPaths,
  run: Run,
): Omit<Known, 'client'> | null =>
  firstOf(world, session, channel, paths, run, (file) => {
    const tail = world.createTail(file, { skim: { ...ends, marks: world.claude.mcpLogMarks } })
    let [log, chars] = [emptyMcpLog, 0]
    for (const line of tail.readAll()) {
      log = world.claude.foldMcpLog(log, line)
      chars += line.length
      if (chars > ends.headBytes && !isOf(log, run)) return null
    }
    return isOf(log, run) ? { tail, log } : null
  })

/**
 * Where a log is longer, the lines that say how the channel is are found between its ends, too; what is passed over there
 * are messages, and conversations that others followed upon. 200 MB take 0.3 s.
 */
const ends = { headBytes: 256 * 1024, tailBytes: 1024 * 1024 } as const

/** What a client was started with stands in the first lines of its log. */
const isOf = (log: McpLog, run: Run): boolean => log.conversations.includes(run.conversation)

const firstOf = <T>(
  world: Reading,
  session: Session,
  channel: Channel,
  paths: ClientPaths,
  run: Run,
  open: (file: string) => T | null,
): T | null => {
  // Set up with another folder since, its client works on in the one it was started in.
  const folder = world.claude.mcpLogFolder(paths, run.cwd ?? session.cwd, channel)
  const files = world.claude.latestMcpLogs(folder, run.startedAt, world.clock.now())
  for (const file of files.toReversed()) {
    const found = open(file)
    if (found !== null) return found
  }
  return null
}

/**
 * A resumed client of 2.1.139 logs under a conversation that it throws away, until it has read the one it was told to
 * resume; where its server fails before that, the log never names ours. One that failed, the only one since the start, is
 * its; and only for this look, since the next may find one that does.
 */
const failedStart = (
  world: Reading,
  session: Session,
  channel: Channel,
  paths: ClientPaths,
  run: Run,
): { readonly file: string; readonly log: McpLog } | null => {
  if (!run.resumed) return null
  const folder = world.claude.mcpLogFolder(paths, run.cwd ?? session.cwd, channel)
  const [file, ...others] = world.claude.latestMcpLogs(folder, run.startedAt, world.clock.now())
  if (file === undefined || others.length > 0) return null
  const skim = { ...ends, marks: world.claude.mcpLogMarks }
  const log = foldOn(world, world.createTail(file, { skim }), emptyMcpLog)
  const { failed, connectedAt, registeredAt, conversations } = log
  const isFailed = failed !== null && connectedAt === null && registeredAt === null
  return isFailed && conversations.length === 1 ? { file, log } : null
}

const foldOn = (world: Reading, tail: Tail, log: McpLog): McpLog => {
  let folded = log
  for (const line of tail.readAll()) folded = world.claude.foldMcpLog(folded, line)
  return folded
}

/** The path of the log of this client's start; null while there is none. */
export const findLog = (
  world: Reading,
  session: Session,
  channel: Channel,
  paths: ClientPaths,
  run: Run,
): string | null =>
  firstOf(world, session, channel, paths, run, (file) =>
    namesAny(world, file, new Set([run.conversation])) ? file : null,
  ) ??
  failedStart(world, session, channel, paths, run)?.file ??
  null

/** Whether the first lines of a log name one of these conversations: what a client was started with is among them. */
export const namesAny = (
  world: Reading,
  file: string,
  ids: ReadonlySet<string>,
  headBytes: number = ends.headBytes,
): boolean => {
  const tail = world.createTail(file, { skim: { headBytes, tailBytes: 0, marks: [] } })
  let log = emptyMcpLog
  for (const line of tail.readAll()) {
    log = world.claude.foldMcpLog(log, line)
    if (log.conversation !== null && ids.has(log.conversation)) return true
  }
  return false
}

/** The conversation the log of a run named last; null when it has no log. */
export const lastLoggedConversation = (
  world: Reading,
  session: Session,
  paths: ClientPaths,
  run: Run,
): string | null => {
  const ids = session.channels.flatMap(
    (channel) => openLog(world, session, channel, paths, run)?.log.conversation ?? [],
  )
  return ids.at(-1) ?? null
}
