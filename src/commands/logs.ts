import { iso } from '../core/duration.ts'
import { formatEvent } from '../core/event-text.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, exitStatus } from '../errors.ts'
import { selectSession } from './select.ts'

export type Source = 'keeper' | 'channel' | 'terminal'
export type LogsOptions = {
  readonly follow: boolean
  readonly last: number
  /** Milliseconds since 1970. */
  readonly since: number | null
  readonly sources: readonly Source[]
  readonly json: boolean
}

export type LogLine = {
  readonly at: number
  readonly source: Source
  readonly text: string
  readonly entry: unknown
}

type Reading = Pick<
  Deps,
  | 'settings'
  | 'output'
  | 'cancelled'
  | 'clock'
  | 'journal'
  | 'createTail'
  | 'channelLog'
  | 'screen'
  | 'keepCode'
>

const everyMs = 500

/**
 * channels logs: what happened and why, by time. The terminal's text is private and stands for itself: it is shown as
 * it is now, without times, and only when asked for.
 */
export const logs = async (
  name: string | undefined,
  options: LogsOptions,
  deps: Reading,
): Promise<ExitStatus> => {
  if (options.follow) deps.keepCode()
  const session = selectSession(name, deps)
  const read = createReader(session, options, deps)
  const lines = await read()
  for (const line of lines.slice(Math.max(0, lines.length - options.last))) show(line, options, deps)
  while (options.follow && !deps.cancelled.aborted) {
    await deps.clock.sleep(everyMs, deps.cancelled)
    for (const line of await read()) show(line, options, deps)
  }
  return exitStatus.done
}

const show = (
  { at, source, text, entry }: LogLine,
  { json }: LogsOptions,
  { output }: Pick<Deps, 'output'>,
): void => {
  if (json)
    output.print(
      JSON.stringify({
        at: iso(at),
        source,
        ...(typeof entry === 'object' ? entry : { text }),
      }),
    )
  else if (source === 'terminal') output.print(text)
  else output.print(`${iso(at)} ${source.padEnd(7)} ${text}`)
}

/** Each call answers what came since the last one, oldest first. */
const createReader = (session: Session, options: LogsOptions, deps: Reading) => {
  const { sources, since, last } = options
  const readers = [
    ...(sources.includes('keeper') ? [keeperReader(session, deps)] : []),
    ...(sources.includes('channel') ? [deps.channelLog(session, last)] : []),
    ...(sources.includes('terminal') ? [terminalReader(session, deps)] : []),
  ]
  return async (): Promise<readonly LogLine[]> => {
    const lines = (await Promise.all(readers.map((read) => read()))).flat()
    return lines.filter(({ at }) => since === null || at >= since).sort((a, b) => a.at - b.at)
  }
}

/** The older file first, then the present one, from then on what is appended. */
const keeperReader = ({ name }: Session, { journal, createTail }: Reading) => {
  const older = createTail(journal.rotatedPath)
  const present = createTail(journal.path, { rotatedPath: journal.rotatedPath })
  let first = true
  return async (): Promise<readonly LogLine[]> => {
    const lines = [...(first ? older.readAll() : []), ...present.readAll()]
    first = false
    return lines.flatMap((line) => {
      const entry = journal.parse(line)
      if (entry === null || (entry.session !== name && entry.session !== null)) return []
      return [{ at: entry.at, source: 'keeper', text: formatEvent(entry), entry }]
    })
  }
}

const terminalReader = (session: Session, deps: Reading) => {
  let before: readonly string[] = []
  return async (): Promise<readonly LogLine[]> => {
    const now = (await deps.screen(session)).trimEnd().split('\n')
    const known = new Set(before)
    const fresh = before.length === 0 ? now : now.filter((line) => line.trim() !== '' && !known.has(line))
    before = now
    return fresh.map((text) => ({ at: deps.clock.now(), source: 'terminal', text, entry: { text } }))
  }
}
