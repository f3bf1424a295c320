import type { Answer } from '../core/answer.ts'
import { formatEvent } from '../core/event-text.ts'
import type { JournalEntry } from '../core/events.ts'
import type { LogLine } from '../core/log-line.ts'
import { hasAll, readBack, type Wanted } from '../core/read-back.ts'
import type { Session } from '../core/session.ts'
import { severityOf } from '../core/severity.ts'
import type { Deps, Tail } from '../deps.ts'

/** Each call answers what came since the last one. */
export type LogReader = () => Promise<readonly LogLine[]>

/**
 * A reader of the journal: of a session's entries and those that are about all, or of every entry (null). At first it reads
 * both files from their ends, and no further back than it has to.
 */
export const journalReader = (
  name: string | null,
  wanted: Wanted,
  { journal, createTail, files }: Pick<Deps, 'journal' | 'createTail' | 'files'>,
): LogReader => {
  const take = (line: string): readonly JournalEntry[] => {
    // Told by its text: most lines of a long journal are about other sessions.
    if (name !== null && !line.includes(`"session":${JSON.stringify(name)}`) && !line.includes(ofAll))
      return []
    const entry = journal.parse(line)
    return entry !== null && isMeant(entry, name) ? [entry] : []
  }
  const { path, rotatedPath } = journal
  const readFirst = (tries = 1): { readonly tail: Tail; readonly entries: readonly JournalEntry[] } => {
    const rotatedAt = files.changedAt(rotatedPath)
    const present = readBack((lastLines) => createTail(path, { rotatedPath, lastLines }), take, wanted)
    const older = hasAll(present.lines, wanted)
      ? null
      : readBack((lastLines) => createTail(rotatedPath, { lastLines }), take, wanted)
    // Rotated in between, one file would be read twice, or not at all.
    if (files.changedAt(rotatedPath) !== rotatedAt && tries < mostTries) return readFirst(tries + 1)
    return { tail: present.tail, entries: [...(older?.lines ?? []), ...present.lines] }
  }
  let tail: Tail | null = null
  return async () => {
    const first = tail === null ? readFirst() : null
    const entries = first?.entries ?? [...(tail?.readAll() ?? [])].flatMap(take)
    tail = first?.tail ?? tail
    return entries.map(toLine)
  }
}

const toLine = (whole: JournalEntry): LogLine => {
  const { at, ...entry } = whole
  return {
    ...{ at, session: whole.session, source: 'keeper', entry },
    ...{ text: formatEvent(whole), severity: severityOf(whole) },
  }
}

const ofAll = '"session":null'
const isMeant = ({ session }: JournalEntry, name: string | null): boolean =>
  name === null || session === name || session === null
const mostTries = 5

/** What the clients logged of the session's channels, with what that means. */
export const channelReader = (
  session: Session,
  wanted: Wanted,
  { channelLog }: Pick<Deps, 'channelLog'>,
): LogReader => {
  const read = channelLog(session, wanted)
  return async () =>
    (await read()).map(({ at, channel, text, explained }): LogLine => {
      const [type, meaning] = ['log-line', explained?.meaning ?? null]
      return {
        ...{ at, session: session.name, source: 'channel', severity: explained?.severity ?? 'plain' },
        text: explained === null ? text : `${text} (${explained.words})`,
        entry: { session: session.name, type, ...{ channel, text, meaning } },
      }
    })
}

/** What stands in the terminal that did not stand there the last time; said once where there is none. */
export const terminalReader = (
  session: Session,
  { screen, clock, output }: Pick<Deps, 'screen' | 'clock' | 'output'>,
): LogReader => {
  let [before, said]: [readonly string[], string | null] = [[], null]
  return async () => {
    const seen = await screen(session)
    const why = whyNoScreen(session, seen)
    if (why !== null && why !== said) output.say(why)
    said = why
    const now = seen.is === 'yes' && seen.value.trim() !== '' ? seen.value.trimEnd().split('\n') : []
    const known = new Set(before)
    const fresh = before.length === 0 ? now : now.filter((line) => line.trim() !== '' && !known.has(line))
    before = now
    return fresh.map(
      (text): LogLine => ({
        ...{ at: clock.now(), session: session.name, source: 'terminal', severity: 'plain', text },
        entry: { session: session.name, type: 'screen-line', ...{ text } },
      }),
    )
  }
}

const whyNoScreen = ({ name }: Session, seen: Answer<string>): string | null => {
  if (seen.is === 'yes') return null
  return seen.is === 'no'
    ? `\`${name}\` has no terminal: it does not run. \`channels up ${name}\` starts it.`
    : `The terminal of \`${name}\` can't be read: ${seen.detail}.`
}
