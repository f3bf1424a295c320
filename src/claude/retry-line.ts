import type { RetryLine } from '../core/client.ts'
import { parseDuration } from '../core/duration.ts'
import { compareVersions } from './version.ts'

type Row = { readonly cause: RetryLine['cause']; readonly said: RegExp; readonly seen: string }

/** What the client says of the answer it got, before ` · retrying in …`: the first row that fits. */
const causes: readonly Row[] = [
  { cause: 'login', said: /^401\b|^invalid (x-api-key|api key)/i, seen: '2.1.330' },
  { cause: 'limit', said: /\blimit reached\b/i, seen: '2.1.330: 5-hour limit reached' },
  { cause: 'limit', said: /^429\b/, seen: '2.1.330' },
  { cause: 'unknown', said: /^API error$/i, seen: '2.1.330: the first two attempts, whatever the answer' },
  { cause: 'other', said: /./, seen: '2.1.330: 529 Overloaded, Connection refused …' },
]

// `✻ 401 invalid x-api-key · retrying in 3s · attempt 4/300`, `✻ 5-hour limit reached · retrying in 1h (3:20am) ·
// attempt 1/300` (2.1.330; with a capital R on 2.1.197 to 2.1.300), with one sign before it that turns; of two of them a
// hardcopy of screen leaves a digit. Lines of the conversation begin with others.
const line =
  /^[^A-Za-z_0-24-57-9\s]\s+(.*?)\s+\S [Rr]etrying in ((?:\d{1,6}[dhms]\s?){1,4})(?:\([^)]*\)\s)?\S attempt (\d{1,6})\/\d+/

/**
 * Why the client asks the model API again, as it says above its prompt; `now` is ms since 1970. The last such line
 * counts. Null where there is none.
 */
export const readRetryLine = (screen: string, now: number): RetryLine | null => {
  const found = screen
    .split('\n')
    .map((text) => line.exec(text.trim()))
    .findLast((each) => each !== null)
  const [, said, wait, attempt] = found ?? []
  if (said === undefined || wait === undefined) return null
  const cause = causes.find((row) => row.said.test(said))?.cause ?? 'other'
  const waitMs = parseDuration(wait.replace(/\s/g, ''))
  return { cause, nextAt: waitMs === null ? null : now + waitMs, attempt: Number(attempt) }
}

/**
 * Whether a client of this version says nowhere else that it asks again: 2.1.160 still writes each try that failed into its
 * transcript, 2.1.300 each request; seen to write neither: 2.1.197, 2.1.229, 2.1.260.
 */
export const retriesUnwritten = (version: string): boolean =>
  compareVersions(version, '2.1.160') > 0 && compareVersions(version, '2.1.300') < 0
