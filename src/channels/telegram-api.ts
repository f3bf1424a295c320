import { type Answer, no, unknown, yes } from '../core/answer.ts'
import type { Platform } from '../core/records.ts'
import { isTable } from '../core/shape.ts'
import type { Request } from '../system/https.ts'
import { parseUrl } from './api-root.ts'
import { telegramBotId } from './telegram.ts'
import { callTelegram } from './telegram-call.ts'

/**
 * Asks the platform about a bot with `getMe` and `getWebhookInfo`, which a running bot does not notice (field notes,
 * section 2, "Platform"). `now` is ms since 1970. Never throws; what it could not learn is unknown or null, and the
 * token is in no detail.
 */
export const probeTelegram = async (
  request: Request,
  apiRoot: string,
  token: string,
  now: number,
): Promise<Platform> => {
  const asked = nothing(now, telegramBotId(token))
  const me = await look(request, apiRoot, token, 'getMe')
  if (me.is === 'refused') return { ...asked, token: 'rejected', detail: me.detail }
  if (me.is === 'failed') return { ...asked, detail: me.detail }
  const { username } = me.result
  const account = typeof username === 'string' && /^\w{1,64}$/.test(username) ? `@${username}` : null
  const webhook = await look(request, apiRoot, token, 'getWebhookInfo')
  const seen = { ...asked, token: 'accepted', account } as const
  if (webhook.is !== 'answered') return { ...seen, detail: webhook.detail }
  const { pending_update_count: pending, url } = webhook.result
  // Only the host: people put secrets, the token itself among them, into a webhook's path.
  return {
    ...seen,
    pending: typeof pending === 'number' && Number.isSafeInteger(pending) && pending >= 0 ? pending : null,
    webhook: typeof url === 'string' && url !== '' ? (parseUrl(url)?.host ?? 'set') : null,
  }
}

/**
 * Takes a bot's webhook away, without which it can't be polled. Messages that wait stay. No when the token is refused,
 * unknown when it can't be told. Never throws; the token is in no detail.
 */
export const removeWebhook = async (
  request: Request,
  apiRoot: string,
  token: string,
): Promise<Answer<true>> => {
  // No `drop_pending_updates`: what people wrote meanwhile is theirs to have answered.
  const reply = await callTelegram(request, apiRoot, token, { method: 'deleteWebhook', params: {} })
  if (reply.is === 'answered')
    return reply.result === true ? yes(true) : unknown('deleteWebhook answered 200')
  return reply.is === 'refused' ? no(reply.detail) : unknown(reply.detail)
}

type Look =
  | { readonly is: 'answered'; readonly result: Readonly<Record<string, unknown>> }
  | { readonly is: 'refused'; readonly detail: string }
  | { readonly is: 'failed'; readonly detail: string }

const look = async (request: Request, apiRoot: string, token: string, method: string): Promise<Look> => {
  const reply = await callTelegram(request, apiRoot, token, { method })
  if (reply.is !== 'answered') return { is: reply.is, detail: reply.detail }
  const { result } = reply
  return isTable(result) ? { is: 'answered', result } : { is: 'failed', detail: `${method} answered 200` }
}

const nothing = (at: number, id: string | null): Platform => ({
  at,
  botId: id,
  token: 'unknown',
  account: null,
  pending: null,
  webhook: null,
  lacks: null,
  detail: null,
})
