import { randomBytes, randomInt } from 'node:crypto'
import { until } from '../until.ts'
import type { Poller, Polls } from './polls.ts'
import { makePolls } from './polls.ts'

/** Who writes to a bot. In a private chat the chat has the id of the person. */
export type Sender = {
  readonly from?: number
  readonly username?: string
  readonly firstName?: string
}

export type Sent = {
  readonly at: number
  readonly messageId: number
  readonly chatId: string
  readonly text: string
  readonly params: Readonly<Record<string, unknown>>
}

export type Reaction = {
  readonly chatId: string
  readonly messageId: number
  readonly emoji: readonly string[]
}

/** One bot as a test sees it: the hand of the person at the phone, and a look behind the scenes. */
export type Bot = {
  /** The first one. */
  readonly token: string
  readonly id: string
  readonly username: string
  /** A person writes; hands back the message id. From user 4242 unless told. */
  readonly push: (text: string, sender?: Sender) => number
  readonly pushPhoto: (bytes: Uint8Array, photo?: Sender & { readonly caption?: string }) => number
  /** A person presses a button of an inline keyboard. */
  readonly pushCallback: (data: string, press?: Sender & { readonly messageId?: number }) => void
  readonly sent: () => readonly Sent[]
  /** The first message sent that fits; throws after `ms` milliseconds. */
  readonly waitForSent: (fits: (sent: Sent) => boolean, ms?: number) => Promise<Sent>
  readonly reactions: () => readonly Reaction[]
  /** No token of the bot is worth anything from now on, as after /revoke at BotFather. */
  readonly revoke: () => void
  /** One more token of the same bot, with the same messages waiting; those before it are refused from then on. */
  readonly rotate: (before?: 'refused' | 'valid') => string
  /** getUpdates calls waiting now, oldest first. */
  readonly pollers: () => readonly Poller[]
  /** Updates not yet confirmed by a later offset. */
  readonly pending: () => number
  readonly webhook: () => string
  readonly setWebhook: (url: string) => void
}

export type Chat = ReturnType<typeof chatOf>

/** The service's side of a bot. */
export type BotState = {
  readonly bot: Bot
  readonly polls: Polls
  readonly sent: Sent[]
  readonly reactions: Reaction[]
  /** By the path getFile names. */
  readonly files: Map<string, Uint8Array>
  /** Chats the bot may write to, by id: a person has to write first. Each as its person was called last. */
  readonly chats: Map<string, Chat>
  readonly nextMessageId: () => number
  /** Those that are worth something. */
  readonly tokens: Set<string>
  webhook: string
}

export const makeBot = (wanted?: string): BotState => {
  const token = wanted ?? tokenOf(`${randomInt(100_000_000, 999_999_999)}`)
  const id = token.split(':')[0] ?? ''
  let lastMessageId = 0
  const nextMessageId = (): number => {
    lastMessageId += 1
    return lastMessageId
  }
  const polls = makePolls(Number(id) % 1_000_000)
  const receive = (sender: Sender, content: Readonly<Record<string, unknown>>): number => {
    const messageId = nextMessageId()
    const person = personOf(sender)
    state.chats.set(String(person.id), chatOf(person))
    polls.push({
      message: { message_id: messageId, from: person, chat: chatOf(person), date: now(), ...content },
    })
    return messageId
  }
  const bot: Bot = {
    token,
    id,
    username: `test_${id}_bot`,
    push: (text, sender = {}) => receive(sender, { text }),
    pushPhoto: (bytes, { caption, ...sender } = {}) => {
      const fileId = `AgACtest${state.files.size}`
      state.files.set(`photos/${fileId}.jpg`, bytes)
      const photo = {
        file_id: fileId,
        file_unique_id: `u${fileId}`,
        file_size: bytes.length,
        width: 90,
        height: 90,
      }
      return receive(sender, { photo: [photo], ...(caption === undefined ? {} : { caption }) })
    },
    pushCallback: (data, { messageId = lastMessageId, ...sender } = {}) => {
      const person = personOf(sender)
      const message = { message_id: messageId, chat: chatOf(person), date: now(), text: '' }
      polls.push({
        callback_query: { id: String(Date.now()), from: person, message, chat_instance: '1', data },
      })
    },
    sent: () => state.sent,
    waitForSent: (fits, ms) => until(`a message sent by ${id}`, () => state.sent.find(fits), ms),
    reactions: () => state.reactions,
    revoke: () => {
      state.tokens.clear()
      polls.refuse(401, 'Unauthorized')
    },
    rotate: (before = 'refused') => {
      if (before === 'refused') bot.revoke()
      const next = tokenOf(id)
      state.tokens.add(next)
      return next
    },
    pollers: polls.waiting,
    pending: polls.pending,
    webhook: () => state.webhook,
    setWebhook: (url) => {
      state.webhook = url
    },
  }
  const state: BotState = {
    bot,
    polls,
    sent: [],
    reactions: [],
    files: new Map(),
    chats: new Map(),
    nextMessageId,
    tokens: new Set([token]),
    webhook: '',
  }
  return state
}

const tokenOf = (id: string): string => `${id}:AAtest${randomBytes(21).toString('base64url').slice(0, 29)}`

const now = (): number => Math.floor(Date.now() / 1000)

const personOf = ({ from = 4242, username = 'tester', firstName = 'Test' }: Sender) => ({
  id: from,
  is_bot: false,
  first_name: firstName,
  username,
})

const chatOf = (person: ReturnType<typeof personOf>) => ({
  id: person.id,
  type: 'private',
  first_name: person.first_name,
  username: person.username,
})
