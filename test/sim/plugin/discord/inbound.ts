import { admit } from '../shared/gate.ts'
import { asRecord } from '../shared/record.ts'
import type { Rest } from './rest.ts'

export type Surroundings = {
  readonly rest: Rest
  readonly stateDir: string
  readonly notify: (method: string, params: Readonly<Record<string, unknown>>) => void
}

/** One message of the gateway: a stranger gets a code, somebody else's message goes to the session. */
export const receive = async (message: unknown, around: Surroundings): Promise<void> => {
  const { id, channel_id, guild_id, author, content, timestamp, attachments } = asRecord(message)
  const { id: senderId, username, bot } = asRecord(author)
  if (senderId === undefined || channel_id === undefined || bot === true) return
  const sender = {
    senderId: String(senderId),
    chatId: String(channel_id),
    isPrivate: guild_id === undefined,
  }
  const admission = admit(around.stateDir, sender, Date.now())
  if (admission.is === 'drop') return
  if (admission.is === 'pair') {
    const text = `Pairing required — run in Claude Code:\n\n/discord:access pair ${admission.code}`
    await around.rest.call('POST', `/channels/${sender.chatId}/messages`, { content: text })
    return
  }
  const count = Array.isArray(attachments) ? attachments.length : 0
  around.notify('notifications/claude/channel', {
    content: String(content ?? '') || (count === 0 ? '' : '(attachment)'),
    meta: {
      chat_id: sender.chatId,
      message_id: String(id ?? ''),
      user: String(username ?? senderId),
      user_id: sender.senderId,
      ts: String(timestamp ?? ''),
      ...(count === 0 ? {} : { attachment_count: String(count) }),
    },
  })
}
