import { type Answer, no, unknown, yes } from '../core/answer.ts'
import { isTable } from '../core/shape.ts'
import type { Request } from '../system/https.ts'
import { readDiscord } from './discord-call.ts'
import { oneLine, type PersonNames } from './person-names.ts'

/**
 * Who has a Discord id, by `GET /users/<id>`, which a running bot does not notice. No when Discord knows nobody by it,
 * unknown when it can't be told. Never throws; the token is in no detail.
 */
export const readDiscordPerson = async (
  request: Request,
  apiRoot: string,
  token: string,
  senderId: string,
): Promise<Answer<PersonNames>> => {
  if (!/^\d{1,20}$/.test(senderId)) return no('it is no Discord id')
  const reply = await readDiscord(request, apiRoot, token, `/users/${senderId}`)
  if (reply.is === 'failed' && (reply.status === 404 || reply.status === 400))
    return no('Discord knows nobody by it')
  if (reply.is !== 'answered') return unknown(reply.detail)
  if (!isTable(reply.result)) return unknown('/users answered 200')
  const { global_name: shown, username } = reply.result
  return yes({
    name: oneLine([shown]),
    username: typeof username === 'string' && /^[\w.]{1,40}$/.test(username) ? `@${username}` : null,
  })
}
