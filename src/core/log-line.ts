import type { Event } from './events.ts'
import { gist, withoutPassing } from './gist.ts'
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

/**
 * What two lines that are folded into one have in common: all but ids, processes, ports and times. How a client ended and how
 * many messages it cost never differ. What stands in a terminal is never folded.
 */
export const keyOf = ({ source, session, text, entry }: LogLine): string | null =>
  source === 'terminal'
    ? null
    : JSON.stringify([source, session, gist(text), source === 'keeper' ? factsOf(entry) : null])

/** Of an entry of the keeper, whose numbers are typed. */
const factsOf = (entry: LogLine['entry']): object =>
  Object.fromEntries(
    Object.entries(entry).flatMap(([field, value]: [string, unknown]) =>
      passing.includes(field) || (movesOn.includes(entry.type) && ['from', 'to'].includes(field))
        ? []
        : [[field, typeof value === 'string' ? withoutPassing(value) : value]],
    ),
  )

/** Ids and times; how long a thing lasted is told in words, and by the same words it is known. */
const passing: readonly string[] = ['run', 'conversation', 'pid', 'untilMs']
/** Where `from` and `to` are such, too. */
const movesOn: readonly string[] = ['conversation', 'gap'] satisfies readonly Event['type'][]
