import { type Fields, fields } from './json.ts'
import type { Message } from './model.ts'

/**
 * The conversation as the model is told it, from the rows of a transcript. What came in the middle of a turn is in it
 * again, after the result it came with (seen on 2.1.330, which resumed such a turn and answered all of it).
 */
export const messagesFrom = (rows: readonly Fields[]): readonly Message[] =>
  rows.flatMap((row): readonly Message[] => {
    if (row.type === 'attachment')
      return [{ role: 'user', content: arrivedMeanwhile(String(fields(row.attachment).prompt)) }]
    if (!isTurnRow(row)) return []
    const { role, content } = fields(row.message)
    return [
      {
        role: role === 'assistant' ? 'assistant' : 'user',
        content: Array.isArray(content) ? content.map(fields) : String(content),
      },
    ]
  })

/** As the model is told of a message that came while a turn was running. */
export const arrivedMeanwhile = (prompt: string): string =>
  `A message arrived while you were working:\n${prompt}`

/**
 * Whether the last message was being worked on when the client died: answered after `--resume` only with
 * CLAUDE_CODE_RESUME_INTERRUPTED_TURN=1, and when it is no older than …_MAX_AGE_MS (field notes, section 1). One of a
 * channel of which nothing had been begun is left (seen on 2.1.260, 2.1.300 and 2.1.330).
 */
export const wasInterrupted = (rows: readonly Fields[], maxAgeMs: number, now: number): boolean => {
  const last = rows.filter(isTurnRow).at(-1)
  if (last === undefined || now - Date.parse(String(last.timestamp)) > maxAgeMs) return false
  if (last.isMeta === true) return false
  return last.type === 'user' || fields(last.message).stop_reason === 'tool_use'
}

const isTurnRow = (row: Fields): boolean =>
  (row.type === 'user' || row.type === 'assistant') &&
  row.isApiErrorMessage !== true &&
  row.commandRow !== true
