import type { Session } from '../core/session.ts'
import type { ChannelLogLine, Claude, Tail, World } from '../deps.ts'
import { findLog } from './log-reader.ts'
import { readRun } from './session-records.ts'

type Reading = Pick<World, 'files' | 'folders' | 'processes' | 'createTail' | 'clock' | 'redact'> & {
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
 * What the client logged of its channels since its last start: the last so many lines of each, oldest first. Each further
 * call answers what is new, and moves on to the next client's log when there is one.
 */
export const createChannelLog = (world: Reading, session: Session, last: number) => {
  let run: string | null = null
  let tails: ReadonlyMap<string, Followed> = new Map()
  // What comes after the first call is all new.
  let nextStart: { readonly lastLines?: number } = { lastLines: last }
  return async (): Promise<readonly ChannelLogLine[]> => {
    const start = nextStart
    nextStart = {}
    const current = readRun(world, session.name)
    if (current === null) return []
    if (run !== current.run || tails.size < session.channels.length) {
      const paths = world.claude.sessionPaths(session)
      const found = session.channels.flatMap((channel) => {
        const file = findLog(world, session, channel, paths, current)
        return file === null
          ? []
          : [[file, { channel: channel.id, tail: world.createTail(file, start) }] as const]
      })
      tails = new Map(found.map(([file, fresh]) => [file, tails.get(file) ?? fresh]))
      run = current.run
    }
    return [...tails.values()].flatMap(({ channel, tail }) =>
      [...tail.readAll()].flatMap((line) => readLine(world, channel, line)),
    )
  }
}

type Followed = { readonly channel: string; readonly tail: Tail }

const readLine = (world: Reading, channel: string, line: string): readonly ChannelLogLine[] => {
  const note = world.claude.parseLogLine(line)
  if (note === null) return []
  const text = world.redact(world.claude.withoutMessage(note.text).trim())
  const explained = world.claude.explainLogLine(note.text)
  return [{ at: note.at ?? world.clock.now(), channel, text, explained }]
}
