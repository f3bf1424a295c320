import type { Session } from '../core/session.ts'
import type { ChannelLogLine, Tail, World } from '../deps.ts'
import { findLog } from './log-reader.ts'
import { readRun } from './session-records.ts'

/**
 * What the client logged of its channels since its last start, oldest first; each call answers what is new, and moves on
 * to the next client's log when there is one.
 */
export const createChannelLog = (world: World, session: Session) => {
  let run: string | null = null
  let tails: readonly Tail[] = []
  return async (): Promise<readonly ChannelLogLine[]> => {
    const current = readRun(world, session.name)
    if (current === null) return []
    if (run !== current.run || tails.length < session.channels.length) {
      const paths = world.claude.sessionPaths(session)
      const files = session.channels.flatMap(
        (channel) => findLog(world, session, channel, paths, current) ?? [],
      )
      if (run !== current.run || files.length > tails.length)
        tails = files.map((file) => world.createTail(file))
      run = current.run
    }
    return tails.flatMap((tail) => [...tail.readAll()].flatMap((line) => readLine(world, line)))
  }
}

const readLine = (world: World, line: string): readonly ChannelLogLine[] => {
  const note = world.claude.parseLogLine(line)
  if (note === null) return []
  const text = world.redact(note.text.trim())
  return [{ at: note.at ?? world.clock.now(), source: 'channel', text, entry: { text } }]
}
