import { readdirSync } from 'node:fs'
import { withArrival } from '../core/arrivals.ts'
import type { FailedWhy, LogNote, McpLog } from '../core/client.ts'
import { isSince } from '../core/duration.ts'
import { redact } from '../core/redact.ts'
import { parseFields, textField, timeField } from './fields.ts'
import { lineMeaning, mcpLogLines } from './mcp-log-lines.ts'

/** Adds one line of a log. A line that is cut, garbled or not in the table is counted, nothing else. */
export const foldMcpLog = (log: McpLog, line: string): McpLog => {
  if (line.trim() === '') return log
  const { at, text, conversation } = parseLogLine(line) ?? { at: null, text: null, conversation: null }
  if (at === null || text === null) return { ...log, unknownLines: log.unknownLines + 1 }
  const begun = log.firstAt === null ? { ...log, firstAt: at } : log
  return applyLine(naming(begun, conversation), at, text)
}

/** Most lines name the conversation of the line before. */
const naming = (log: McpLog, conversation: string | null): McpLog => {
  if (conversation === null || conversation === log.conversation) return log
  const isNoted = log.conversations.length >= mostConversations || log.conversations.includes(conversation)
  return {
    ...log,
    conversation,
    conversations: isNoted ? log.conversations : [...log.conversations, conversation],
  }
}

/**
 * What every line holds that can change what a log amounts to, but for messages and conversations: whoever has no time for
 * a whole log reads these lines of it.
 */
export const mcpLogMarks: readonly string[] = [
  ...new Set(
    mcpLogLines
      .filter(({ meaning }) => meaning.is !== 'ignore' && meaning.is !== 'inbound')
      .map(({ start }) => start),
  ),
].filter((start, _, all) => !all.some((other) => other !== start && start.startsWith(other)))

export type LogLine = {
  readonly at: number | null
  readonly text: string
  readonly conversation: string | null
}

/** One line of a log, whatever it means; null when it is torn or none. */
export const parseLogLine = (line: string): LogLine | null => {
  const fields = parseFields(line)
  const text = fields === null ? null : (textField(fields, 'debug') ?? textField(fields, 'error'))
  if (fields === null || text === null) return null
  return { at: timeField(fields, 'timestamp'), text, conversation: textField(fields, 'sessionId') }
}

/**
 * Logs of client starts from `sinceMs` on (ms since 1970), oldest first; none that is named later than `now`, unless the
 * clock was set back after `sinceMs` too: it would count as newer than all to come. Each file is named by its client's
 * start, `2026-11-22T10-00-00-000Z.jsonl`. To the millisecond: a client that was started again within a second must not
 * be given the log of the one before, which names the same conversation.
 */
export const latestMcpLogs = (folder: string, sinceMs: number, now: number): readonly string[] =>
  namesIn(folder)
    .map((name) => ({ name, start: startOf(name) }))
    .filter(({ start }) => start !== null && isSince(start, sinceMs, now))
    .sort((a, b) => (a.start ?? 0) - (b.start ?? 0) || (a.name < b.name ? -1 : 1))
    .map(({ name }) => `${folder}/${name}`)

/** The one a client was started with is among the first; a log of garbage could name another in each line. */
const mostConversations = 100

const applyLine = (log: McpLog, at: number, text: string): McpLog => {
  const meaning = lineMeaning(text)
  switch (meaning?.is) {
    case undefined:
      return { ...log, unknownLines: log.unknownLines + 1 }
    case 'starting':
      return {
        ...log,
        ...nothingYet,
        startedAt: at,
        respawnedAt: log.registeredAt === null ? log.respawnedAt : at,
      }
    case 'connected':
      return { ...log, connectedAt: at, failed: null, closingAt: null }
    case 'registered':
      return { ...log, registeredAt: at, respawnedAt: null, skipped: null }
    case 'skipped':
      return { ...log, registeredAt: null, skipped: note(at, meaning.why, text) }
    case 'cause':
      return { ...log, failed: note(at, meaning.why, text) }
    case 'failed':
      return { ...log, connectedAt: null, registeredAt: null, failed: failure(log, at, meaning.why, text) }
    case 'token-rejected':
      return { ...log, tokenRejected: note(at, 'token-rejected', text) }
    case 'inbound':
      return {
        ...log,
        inbound: log.inbound + 1,
        lastInboundAt: at,
        arrivals: withArrival(log.arrivals, at),
      }
    case 'closing':
      return { ...log, closingAt: log.closingAt ?? at }
    case 'ignore':
      return log
  }
}

// A new attempt says nothing about how it will end: what stood before, but for a failure, is over.
const nothingYet = {
  connectedAt: null,
  registeredAt: null,
  skipped: null,
  tokenRejected: null,
  closingAt: null,
} as const

// The client only knows that the connection closed; what the plugin said during this attempt is the better cause.
const failure = (log: McpLog, at: number, why: FailedWhy, text: string): LogNote<FailedWhy> => {
  const said = log.failed !== null && log.failed.at >= (log.startedAt ?? 0) ? log.failed : null
  return said !== null && (why === 'connection-closed' || why === 'unknown') ? said : note(at, why, text)
}

// A plugin's error can quote the address it called, and Telegram's addresses hold the token.
const note = <Why>(at: number, why: Why, text: string): LogNote<Why> => ({
  at,
  why,
  text: redact(text).slice(0, 500),
})

const startOf = (name: string): number | null => {
  const [, day, hours, minutes, seconds, fraction] =
    /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z\.jsonl$/.exec(name) ?? []
  const time = Date.parse(`${day}T${hours}:${minutes}:${seconds}.${fraction}Z`)
  return Number.isNaN(time) ? null : time
}

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
