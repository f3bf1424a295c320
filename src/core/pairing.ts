import type { Access, Pending } from './access.ts'
import type { ChannelKind } from './channel.ts'

/**
 * The code in what a person typed or pasted: alone, or as the last word of the line that the bot's own text tells them
 * to run (`/telegram:access pair a1b2c3`). Null when it has not the form of a code: 6 hex digits from telegram, 5 to 6
 * letters and digits from other channels (field notes, section 3).
 */
export const readCode = (typed: string): string | null => {
  const words = typed.trim().toLowerCase().split(/\s+/)
  const last = words.at(-1) ?? ''
  // Not the last word of any sentence: `no thanks` would be a code.
  return (words.length === 1 || words.at(-2) === 'pair') && /^[a-z0-9]{5,6}$/.test(last) ? last : null
}

export type FoundPending =
  | { readonly is: 'found'; readonly pending: Pending }
  /** Nobody was given this code, or it is used up. */
  | { readonly is: 'unknown' }
  | { readonly is: 'expired' }
  /** The entry names a sender or a chat that can't be one of a messenger's: it is never approved. */
  | { readonly is: 'unsafe' }

/** Who was given this code, by the access list as it is now; `now` in ms since 1970. */
export const findPending = (access: Access, code: string, now: number): FoundPending => {
  const pending = access.pending.find((each) => each.code === code)
  if (pending === undefined) return { is: 'unknown' }
  if (!isSafePending(pending)) return { is: 'unsafe' }
  // Without a time it can't be told how old it is, and codes live an hour.
  if (pending.expiresAt === null || pending.expiresAt <= now) return { is: 'expired' }
  return { is: 'found', pending }
}

/** Whether both ids can be a messenger's. The sender's becomes the name of a file, the chat's is sent a message. */
export const isSafePending = ({ senderId, chatId }: Pick<Pending, 'senderId' | 'chatId'>): boolean =>
  isSenderId(senderId) && /^-?[1-9]\d{0,19}$/.test(chatId)

/** With a zero before it, it is another text than the one the messenger gives, by which the plugin compares: nobody's. */
export const isSenderId = (id: string): boolean => /^[1-9]\d{0,19}$/.test(id)

/** Whether a sender of this kind of channel can be named so; null: of any. iMessage goes by phone number or address. */
export const isSenderOf = (kind: ChannelKind | null, id: string): boolean =>
  (kind !== 'imessage' && isSenderId(id)) || ((kind === 'imessage' || kind === null) && isHandle(id))

const isHandle = (id: string): boolean =>
  id.length <= 254 && (/^\+[1-9]\d{4,14}$/.test(id) || /^[^\s@/\\]+@[^\s@/\\]+\.[^\s@/\\.]+$/.test(id))
