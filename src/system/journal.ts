import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { isDate } from '../core/duration.ts'
import type { Event, JournalEntry } from '../core/events.ts'
import { redact } from '../core/redact.ts'
import { errorCode } from './file-errors.ts'
import { makeFolder } from './make-folder.ts'

export type Journal = {
  readonly path: string
  /** The older file, once there is one. */
  readonly rotatedPath: string
  /** Never throws for what the disk does: what is being journalled matters more. */
  append(session: string | null, event: Event): 'written' | 'failed'
  /** One line of it; null when it is torn or none. */
  readonly parse: (line: string) => JournalEntry | null
}

export type JournalOptions = { readonly now: () => number; readonly maxBytes?: number }

/** The journal in one file of lines, and one older one: design, section 5. Any number of processes may append. */
export const createJournal = (path: string, { now, maxBytes = 5 * 1024 * 1024 }: JournalOptions): Journal => {
  const rotatedPath = path.replace(/(\.jsonl)?$/, '.1$1')
  return {
    path,
    rotatedPath,
    parse: (line) => parseEntry(line),
    append: (session, event) => {
      const line = toLine({ at: now(), session, ...event })
      try {
        rotate(path, rotatedPath, maxBytes)
        return appendLine(path, line)
      } catch (error) {
        if (errorCode(error) === null) throw error
        return 'failed'
      }
    },
  }
}

/** One line of the journal; null when it is torn or none. */
export const parseEntry = (line: string): JournalEntry | null => {
  try {
    const entry: unknown = JSON.parse(line)
    if (typeof entry !== 'object' || entry === null) return null
    const known = 'at' in entry && 'type' in entry && 'session' in entry
    if (!known || typeof entry.at !== 'number' || typeof entry.type !== 'string') return null
    // It is told as a date.
    if (!isDate(entry.at)) return null
    return entry.session === null || typeof entry.session === 'string' ? (entry as JournalEntry) : null
  } catch {
    return null
  }
}

const toLine = (entry: JournalEntry): string =>
  `${JSON.stringify(entry, (_, value: unknown) => (typeof value === 'string' ? redact(value) : value))}\n`

const appendLine = (path: string, line: string): 'written' | 'failed' => {
  makeFolder(dirname(path))
  const file = openSync(path, 'a+', 0o600)
  try {
    // One write, so that the lines of two writers never mix. A line a full disk cut short is ended first.
    const bytes = Buffer.from(endsTorn(file) ? `\n${line}` : line)
    return writeSync(file, bytes) === bytes.length ? 'written' : 'failed'
  } finally {
    closeSync(file)
  }
}

const endsTorn = (file: number): boolean => {
  const { size } = fstatSync(file)
  const last = Buffer.alloc(1)
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a
}

const rotate = (path: string, rotatedPath: string, maxBytes: number): void => {
  if (sizeOf(path) < maxBytes) return
  // One at a time: a second rename right behind the first would put the new file over the old one's lines.
  const guard = `${path}.rotating`
  if (!claim(guard)) return
  try {
    if (sizeOf(path) >= maxBytes) renameSync(path, rotatedPath)
  } finally {
    rmSync(guard, { recursive: true, force: true })
  }
}

const claim = (guard: string): boolean => {
  try {
    mkdirSync(guard, { mode: 0o700 })
    return true
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    // Left behind by a process killed in between: rotating takes no minute. The next line finds it gone.
    // So is one of the future, from before the clock was set back.
    if (Math.abs(Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())) > 60_000)
      rmSync(guard, { recursive: true, force: true })
    return false
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0
