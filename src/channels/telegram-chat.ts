import { type Answer, no, unknown, yes } from '../core/answer.ts'
import { isTable } from '../core/shape.ts'
import type { Request } from '../system/https.ts'
import { callTelegram } from './telegram-call.ts'

/** How somebody calls themselves: anybody may call themselves anything. */
export type ChatNames = {
  /** On one line, and without double quotes or what looks like them: it is shown in such. */
  readonly name: string | null
  /** With its @. */
  readonly username: string | null
}

/**
 * Who is behind a private chat, by `getChat`, which a running bot does not notice. No when Telegram knows no such chat,
 * unknown when it can't be told. Never throws; the token is in no detail.
 */
export const readChat = async (
  request: Request,
  apiRoot: string,
  token: string,
  chatId: string,
): Promise<Answer<ChatNames>> => {
  const reply = await callTelegram(request, apiRoot, token, {
    method: 'getChat',
    params: { chat_id: chatId },
  })
  if (reply.is === 'failed' && reply.status === 400) return no('Telegram knows no such chat')
  if (reply.is !== 'answered') return unknown(reply.detail)
  if (!isTable(reply.result)) return unknown('getChat answered 200')
  const { first_name: first, last_name: last, username } = reply.result
  return yes({
    name: oneLine([first, last]),
    username: typeof username === 'string' && /^\w{1,64}$/.test(username) ? `@${username}` : null,
  })
}

/** Telegram allows 64 characters for each. */
const mostCharacters = 130

const oneLine = (names: readonly unknown[]): string | null => {
  const text = names
    .filter((name) => typeof name === 'string')
    .join(' ')
    // Besides control characters those that turn the writing around, by which a name could pass for what follows it.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(doubleQuotes, "''")
    .replace(likeDoubleQuotes, "'")
    .trim()
  return text === '' ? null : [...text].slice(0, mostCharacters).join('')
}

/** What can be taken for the `"` that ends a name; within one an apostrophe says as much. */
const doubleQuotes =
  /["\u02ba\u02dd\u02ee\u05f4\u201c-\u201f\u2033\u2034\u2036\u2037\u2057\u275d\u275e\u2760\u3003\u301d-\u301f\uff02\u{1f676}-\u{1f678}]/gu

/** Two apostrophes, as O'Brien has one, look like it as well. */
const likeDoubleQuotes =
  /['`\u00b4\u02b9\u02bb-\u02bd\u02c8\u02ca\u02cb\u05f3\u2018-\u201b\u2032\u2035\u275b\u275c\uff07]{2,}/gu
