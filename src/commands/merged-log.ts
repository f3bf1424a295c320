import type { LogLine, Source } from '../core/log-line.ts'
import { placed, type Wanted } from '../core/read-back.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, ExpectedError, exitStatus } from '../errors.ts'
import { channelReader, journalReader, type LogReader, terminalReader } from './log-sources.ts'

type Reading = Pick<Deps, 'clock' | 'journal' | 'files' | 'createTail' | 'channelLog' | 'screen' | 'output'>

/** What came since the last look, oldest first, and whether anything can be read at all. */
export type Read = { readonly lines: readonly LogLine[]; readonly isHopeless: boolean }

/**
 * Reads what is wanted of all sources, by time. What is expected to go wrong with one of them is said once, and keeps
 * nobody from the others; `status` is that of the first.
 */
export const createReader = (
  sessions: readonly Session[],
  wanted: Wanted & { readonly sources: readonly Source[] },
  deps: Reading,
): { readonly read: () => Promise<Read>; readonly status: () => ExitStatus } => {
  let status: ExitStatus = exitStatus.done
  const said = new Set<string>()
  const attempt = async ({ of, read }: Named): Promise<readonly LogLine[] | null> => {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof ExpectedError) || error.status === exitStatus.cancelled) throw error
      if (!said.has(error.message)) complain(of, error, deps.output)
      said.add(error.message)
      if (status === exitStatus.done) status = error.status
      return null
    }
  }
  const readers = readersOf(sessions, wanted, deps)
  const read = async (): Promise<Read> => {
    const all = await Promise.all(readers.map(attempt))
    const now = deps.clock.now()
    const lines = all
      .flatMap((each) => placed(each ?? [], now))
      .filter(({ place }) => wanted.since === null || place >= wanted.since)
      .sort((a, b) => a.place - b.place)
      .map(({ line }) => line)
    return { lines, isHopeless: all.every((each) => each === null) }
  }
  return { read, status: () => status }
}

/** Of a session, or of all (null). */
type Named = { readonly of: string | null; readonly read: LogReader }

const readersOf = (
  sessions: readonly Session[],
  wanted: Wanted & { readonly sources: readonly Source[] },
  deps: Reading,
): readonly Named[] => {
  const { sources } = wanted
  const [only, ...others] = sessions
  const ofEach = (reader: (session: Session) => LogReader): readonly Named[] =>
    sessions.map((session) => ({ of: session.name, read: reader(session) }))
  return [
    ...(sources.includes('keeper')
      ? [{ of: null, read: journalReader(others.length > 0 ? null : (only?.name ?? null), wanted, deps) }]
      : []),
    ...(sources.includes('channel') ? ofEach((session) => channelReader(session, wanted, deps)) : []),
    ...(sources.includes('terminal') ? ofEach((session) => terminalReader(session, deps)) : []),
  ]
}

const complain = (of: string | null, { message, hint }: ExpectedError, { say }: Deps['output']): void => {
  say(`${of === null ? '' : `${of}: `}${message}`)
  if (hint !== '') say(`  ${hint}`)
}
