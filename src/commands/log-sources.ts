import { formatEvent } from '../core/event-text.ts'
import type { JournalEntry } from '../core/events.ts'
import type { LogLine } from '../core/log-line.ts'
import type { Session } from '../core/session.ts'
import { severityOf } from '../core/severity.ts'
import type { Deps, Tail } from '../deps.ts'

/** Each call answers what came since the last one. */
export type LogReader = () => Promise<readonly LogLine[]>

/** What the first call answers at least, where there is as much. */
export type Wanted = {
  readonly last: number
  /** Milliseconds since 1970. */
  readonly since: number | null
}

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
  const readFirst = (tries = 1): Back => {
    const rotatedAt = files.changedAt(rotatedPath)
    const present = readBack((lastLines) => createTail(path, { rotatedPath, lastLines }), take, wanted)
    const older = hasAll(present.entries, wanted)
      ? null
      : readBack((lastLines) => createTail(rotatedPath, { lastLines }), take, wanted)
    // Rotated in between, one file would be read twice, or not at all.
    if (files.changedAt(rotatedPath) !== rotatedAt && tries < mostTries) return readFirst(tries + 1)
    return { tail: present.tail, entries: [...(older?.entries ?? []), ...present.entries] }
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

type Back = { readonly tail: Tail; readonly entries: readonly JournalEntry[] }

/** Reads the last lines of a file, more and more of them until those that are meant are enough, or there are no more. */
const readBack = (
  open: (lastLines: number) => Tail,
  take: (line: string) => readonly JournalEntry[],
  wanted: Wanted,
): Back => {
  let [lastLines, before] = [Math.max(wanted.last, 1), -1]
  for (;;) {
    const tail = open(wanted.last === 0 ? 0 : lastLines)
    const lines = [...tail.readAll()]
    const entries = lines.flatMap(take)
    if (hasAll(entries, wanted) || lines.length <= before)
      return { tail, entries: entries.slice(Math.max(0, entries.length - wanted.last)) }
    before = lines.length
    lastLines *= 8
  }
}

/** As many as are wanted, or all that are so new: an older one is among them. */
const hasAll = (entries: readonly JournalEntry[], { last, since }: Wanted): boolean =>
  entries.length >= last || (since !== null && entries.some(({ at }) => at < since))

/** What the client logged of the session's channels since its last start, with what that means. */
export const channelReader = (
  session: Session,
  { last }: Wanted,
  { channelLog }: Pick<Deps, 'channelLog'>,
): LogReader => {
  const read = channelLog(session, last)
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

/** What stands in the terminal that did not stand there the last time. */
export const terminalReader = (
  session: Session,
  { screen, clock }: Pick<Deps, 'screen' | 'clock'>,
): LogReader => {
  let before: readonly string[] = []
  return async () => {
    const now = (await screen(session)).trimEnd().split('\n')
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
