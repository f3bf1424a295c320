import { type Answer, no, unknown, yes } from '../core/answer.ts'
import { isTable } from '../core/shape.ts'
import type { Request } from '../system/https.ts'
import { oneLine, type PersonNames } from './person-names.ts'
import { callTelegram } from './telegram-call.ts'

/**
 * Who is behind a private chat, by `getChat`, which a running bot does not notice. No when Telegram knows no such chat,
 * unknown when it can't be told. Never throws; the token is in no detail.
 */
export const readChat = async (
  request: Request,
  apiRoot: string,
  token: string,
  chatId: string,
): Promise<Answer<PersonNames>> => {
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
