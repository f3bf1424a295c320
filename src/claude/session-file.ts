import { readFileSync } from 'node:fs'
import type { Activity, ClientPaths, SessionFile } from '../core/client.ts'
import { parseOnChange } from '../core/parse-on-change.ts'
import type { ProcessId } from '../core/process.ts'
import { type Fields, numberField, parseFields, textField } from './fields.ts'
import { sessionFilePath } from './paths.ts'

/** A session file's text (2.1.139 on; field notes, section 2); null without a pid. A status we don't know is `unknown`. */
export const parseSessionFile = (text: string): SessionFile | null => {
  const fields = parseFields(text)
  const pid = fields === null ? null : numberField(fields, 'pid')
  if (fields === null || pid === null || !Number.isInteger(pid) || pid < 1) return null
  return {
    pid,
    procStart: procStart(fields),
    conversation: textField(fields, 'sessionId'),
    cwd: textField(fields, 'cwd'),
    version: textField(fields, 'version'),
    activity: activities.find((activity) => activity === fields.status) ?? 'unknown',
    waitingFor: textField(fields, 'waitingFor'),
    // 2.1.139 and 2.1.160 have only `updatedAt`, which they move at the same moments.
    statusUpdatedAt: numberField(fields, 'statusUpdatedAt') ?? numberField(fields, 'updatedAt'),
  }
}

/**
 * The session file of this process; null when it is absent, unreadable or left behind by an earlier process of the
 * same pid. A file without `procStart` is believed; in it the client (2.1.139 and 2.1.330) writes field 22 of
 * `/proc/<pid>/stat` on Linux and what `LC_ALL=C TZ=UTC ps -o lstart= -p <pid>` prints on macOS, trimmed, so that days 1
 * to 9 have two spaces before them: the very text our own start is.
 */
export const readSessionFile = (paths: ClientPaths, process: ProcessId): SessionFile | null => {
  const file = readParsed(sessionFilePath(paths, process.pid))
  if (file === null || file.pid !== process.pid) return null
  return file.procStart === null || file.procStart === process.start ? file : null
}

/** For a plain string Node makes such an object each time: every session has a file that is read in every look. */
const utf8 = { encoding: 'utf8' } as const

const activities: readonly Activity[] = ['idle', 'busy', 'waiting', 'shell']

const procStart = (fields: Fields): string | null => {
  const start = fields.procStart
  return typeof start === 'number' ? String(start) : textField(fields, 'procStart')
}

const parsed = parseOnChange(parseSessionFile)

const readParsed = (path: string): SessionFile | null => {
  try {
    return parsed(path, readFileSync(path, utf8))
  } catch {
    return null
  }
}
