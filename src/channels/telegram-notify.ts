import { type Delivery, undelivered } from '../core/notify/delivery.ts'
import type { Request } from '../system/https.ts'
import { callTelegram } from './telegram-call.ts'

/**
 * Writes to a person who wrote to the bot before, by `sendMessage`, which a running bot does not notice. The private chat
 * has the person's id (Bot API documentation). Never throws; the token is in no detail.
 */
export const notifyOnTelegram = async (
  request: Request,
  apiRoot: string,
  token: string,
  { senderId, text }: { readonly senderId: string; readonly text: string },
): Promise<Delivery> => {
  // A preview of what is only named would fill the screen.
  const params = { chat_id: senderId, text, link_preview_options: { is_disabled: true } }
  const reply = await callTelegram(request, apiRoot, token, { method: 'sendMessage', params })
  if (reply.is === 'answered') return { is: 'sent' }
  if (reply.is === 'refused') return { is: 'refused', detail: `${reply.detail}: the token is refused` }
  const { description: words } = reply
  const detail = known(words) ? `${reply.detail}: ${words}` : reply.detail
  return undelivered({ ...reply, words, detail })
}

/** Of what it says only what says why (Bot API, seen in public reports): no text of ours may come back in it. */
const known = (description: string): boolean =>
  /^(Forbidden: (bot was blocked by the user|user is deactivated|bot can't initiate conversation with a user)|Bad Request: chat not found|Too Many Requests: retry after \d+)$/.test(
    description,
  )
