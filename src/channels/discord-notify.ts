import { type Delivery, undelivered } from '../core/notify/delivery.ts'
import { isTable } from '../core/shape.ts'
import type { Request } from '../system/https.ts'
import { callDiscord, type DiscordReply } from './discord-call.ts'

/**
 * Writes to a person directly: opens the channel of the two, then writes there (Discord's API reference, "Create DM",
 * "Create Message"). They have to share a server, and the person has to let its bots write. Never throws; the token is in
 * no detail.
 */
export const notifyOnDiscord = async (
  request: Request,
  apiRoot: string,
  token: string,
  { senderId, text }: { readonly senderId: string; readonly text: string },
): Promise<Delivery> => {
  const opened = await callDiscord(request, apiRoot, token, {
    path: '/users/@me/channels',
    params: { recipient_id: senderId },
  })
  if (opened.is !== 'answered') {
    const delivery = failure(opened)
    // An open channel has told nobody anything.
    return delivery.is === 'unsure' ? { ...delivery, is: 'failed' } : delivery
  }
  const { id } = isTable(opened.result) ? opened.result : {}
  if (typeof id !== 'string' || !/^\d{1,20}$/.test(id))
    return { is: 'failed', detail: '/users/@me/channels answered without a channel' }
  const sent = await callDiscord(request, apiRoot, token, {
    path: `/channels/${id}/messages`,
    params: { content: text, flags: withoutPreviews, allowed_mentions: { parse: [] } },
  })
  return sent.is === 'answered' ? { is: 'sent' } : failure(sent)
}

/** SUPPRESS_EMBEDS (Discord's API reference, message flags). */
const withoutPreviews = 1 << 2

const failure = (reply: Exclude<DiscordReply, { readonly is: 'answered' }>): Delivery => {
  if (reply.is === 'refused') return { is: 'refused', detail: `${reply.detail}: the token is refused` }
  // The channel's id tells who it is with.
  const detail = reply.detail.replace(/\/channels\/\d+/, '/channels/<id>')
  const { status, message: words } = reply
  const closed = status === 403 && words !== '' ? ': that person lets no bot of this server write' : ''
  return undelivered({ ...reply, words, detail: `${detail}${closed}` })
}
