import { serverInTools } from '../core/channel.ts'
import type { ExchangeRows, MessageRow, ReplyRow, ResultRow } from '../core/exchange.ts'
import { redact } from '../core/redact.ts'
import { blocksOf, contentOf, isOfChannel, replyServerOf, resultOf, textsOf } from './content.ts'
import { type Fields, objectField, parseFields, textField, timeField } from './fields.ts'

/**
 * Adds one line of a transcript to what it holds of messages and answers, seen on 2.1.139 and 2.1.330. A message is a
 * row of its own, or an attachment where the client was in the middle of a turn; its answer a call of the channel's
 * reply tool and that call's result. What is cut, garbled or unknown changes nothing. The last 20 messages are kept.
 */
export const foldExchanges = (rows: ExchangeRows, line: string): ExchangeRows => {
  const fields = parseFields(line)
  const at = fields === null ? null : timeField(fields, 'timestamp')
  if (fields === null || at === null) return rows
  switch (textField(fields, 'type')) {
    case 'user':
      return isOfChannel(fields)
        ? withMessages(rows, fields, at, contentOf(fields))
        : withResults(rows, fields, at)
    case 'attachment': {
      const attached = objectField(fields, 'attachment') ?? {}
      return isOfChannel(attached) ? withMessages(rows, fields, at, attached.prompt) : rows
    }
    case 'assistant':
      return withReplies(rows, fields, at)
    default:
      return rows
  }
}

const mostMessages = 20
/** An answer in many pieces has that many calls. */
const mostReplies = 200
/** A result can stand in the file before its call: 2.1.139 writes what is said within a moment in any order. */
const mostResults = 20

const withMessages = (rows: ExchangeRows, fields: Fields, at: number, content: unknown): ExchangeRows => {
  const id = textField(fields, 'uuid') ?? ''
  if (id !== '' && rows.messages.some((message) => message.id === id)) return rows
  const found = textsOf(content)
    .map((text) => messageIn(text, id, at))
    .filter((message) => message !== null)
  return { ...rows, messages: [...rows.messages, ...found].slice(-mostMessages) }
}

/**
 * From the first tag to the last: a sender can write tags into a message, which 2.1.139 leaves as they are. Only what
 * stands in attributes is escaped by the client, not the text (code of 2.1.139 and 2.1.330, and seen on both).
 */
const messageIn = (text: string, id: string, at: number): MessageRow | null => {
  const [, tag, inside] =
    /^\s*<channel((?:\s+\w+="[^"]*")*)\s*>\n?([\s\S]*?)\n?<\/channel>\s*$/.exec(text) ?? []
  if (tag === undefined || inside === undefined) return null
  const attributes = [...tag.matchAll(/(\w+)="([^"]*)"/g)]
  const named = (name: string) => {
    const value = attributes.find(([, key]) => key === name)?.[2]
    return value === undefined ? null : unescaped(value)
  }
  const server = serverInTools(named('source') ?? '')
  return {
    id,
    at,
    server,
    text: inside,
    user: named('user'),
    chatId: named('chat_id'),
    messageId: named('message_id'),
  }
}

const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['#39', "'"],
  ['amp', '&'],
])

const unescaped = (text: string): string =>
  text.replace(/&(#?\w+);/g, (whole, name: string) => entities.get(name) ?? whole)

const withReplies = (rows: ExchangeRows, fields: Fields, at: number): ExchangeRows => {
  const added = blocksOf(contentOf(fields))
    .map((block) => replyIn(block, at))
    .filter((reply) => reply !== null && rows.replies.every(({ id }) => id !== reply.id))
    .filter((reply) => reply !== null)
    .map((reply) => ({ ...reply, result: rows.results.find(({ id }) => id === reply.id) ?? null }))
  return added.length === 0 ? rows : { ...rows, replies: [...rows.replies, ...added].slice(-mostReplies) }
}

const replyIn = (block: Fields, at: number): ReplyRow | null => {
  const server = replyServerOf(block)
  const id = textField(block, 'id')
  const input = objectField(block, 'input')
  if (block.type !== 'tool_use' || server === null || id === null || input === null) return null
  const text = textField(input, 'text') ?? ''
  const replyTo = textField(input, 'reply_to')
  return { id, at, server, text, chatId: textField(input, 'chat_id'), replyTo, result: null }
}

const withResults = (rows: ExchangeRows, fields: Fields, at: number): ExchangeRows =>
  blocksOf(contentOf(fields))
    .map((block) => resultIn(block, at))
    .filter((result) => result !== null)
    .reduce(withResult, rows)

const withResult = (rows: ExchangeRows, result: ResultRow): ExchangeRows =>
  rows.replies.some(({ id }) => id === result.id)
    ? {
        ...rows,
        replies: rows.replies.map((reply) => (reply.id === result.id ? { ...reply, result } : reply)),
      }
    : { ...rows, results: [...rows.results, result].slice(-mostResults) }

const resultIn = (block: Fields, at: number): ResultRow | null => {
  const result = resultOf(block)
  if (result === null) return null
  const { id, failed } = result
  return failed
    ? { id, at, state: 'failed', detail: detailOf(textsOf(block.content).join('\n')) }
    : { id, at, state: 'sent', detail: null }
}

// A plugin's error can quote the address it called, and Telegram's addresses hold the token.
const detailOf = (text: string): string =>
  redact(text.replace(/<\/?tool_use_error>/g, ''))
    .trim()
    .slice(0, 500)
