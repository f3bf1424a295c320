import { gist } from './fold.ts'
import type { Severity } from './severity.ts'

export type Source = 'keeper' | 'channel' | 'terminal'

/** One line of `channels logs`, wherever it comes from. */
export type LogLine = {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Null: it is about no session, or about all. */
  readonly session: string | null
  readonly source: Source
  readonly text: string
  readonly severity: Severity
  /** What it is as JSON, beside time and source; docs/events.schema.json has each type. */
  readonly entry: { readonly session: string | null; readonly type: string }
}

/** Whether two lines say the same but for numbers, ids and times. What stands in a terminal is never folded. */
export const isRepeat = (a: LogLine, b: LogLine): boolean =>
  a.source === b.source && a.session === b.session && a.source !== 'terminal' && gist(a.text) === gist(b.text)
