import { until } from '../until.ts'
import { type Message, messageOf, type Person, personOf, type Sender } from './documents.ts'
import type { Gateway, Gateways } from './gateways.ts'
import { makeGateways } from './gateways.ts'
import { directChannel, idIn, randomSnowflake, someone, tokenOf } from './ids.ts'

export type Attachment = { readonly name: string; readonly bytes: Uint8Array }

export type Sent = {
  readonly at: number
  readonly messageId: string
  /** The channel it was sent to; a direct one belongs to one person and this bot. */
  readonly chatId: string
  readonly text: string
  readonly params: Readonly<Record<string, unknown>>
}

export type Reaction = { readonly chatId: string; readonly messageId: string; readonly emoji: string }

export type Server = { readonly id: string; readonly name: string }

/** One bot as a test sees it: the hand of the person at the phone and in the developer portal, and a look behind the scenes. */
export type DiscordBot = {
  /** The first one. */
  readonly token: string
  readonly id: string
  readonly username: string
  /** A person writes directly; hands back the message id. From `someone` unless told. */
  readonly push: (text: string, sender?: Sender & { readonly attachment?: Attachment }) => string
  /** The direct channel of a person and this bot. */
  readonly channelOf: (user?: string) => string
  readonly sent: () => readonly Sent[]
  /** The first message sent that fits; throws after `ms` milliseconds. */
  readonly waitForSent: (fits: (sent: Sent) => boolean, ms?: number) => Promise<Sent>
  readonly reactions: () => readonly Reaction[]
  /** Connected now, oldest first. */
  readonly gateways: () => readonly Gateway[]
  /** Discord hangs up on all of them. */
  readonly dropGateways: () => void
  /** No token of the bot is worth anything from now on, and who is connected is hung up on. */
  readonly revoke: () => void
  /** One more token of the same bot; those before it are refused from then on. */
  readonly rotate: (before?: 'refused' | 'valid') => string
  /** The Message Content Intent, `approved` as for a bot in 100 servers; who is connected stays so. */
  readonly setIntent: (intent: boolean | 'approved') => void
  /** The servers it is in. */
  readonly setServers: (servers: readonly Server[]) => void
}

/** The service's side of a bot. */
export type BotState = {
  readonly bot: DiscordBot
  readonly gateways: Gateways
  readonly sent: Sent[]
  readonly reactions: Reaction[]
  /** Who wrote, by id, each as they were called last. */
  readonly people: Map<string, Person>
  /** Direct channels, by id: whose each is. */
  readonly channels: Map<string, string>
  /** All that was written, oldest first. */
  readonly messages: Message[]
  readonly attachments: Map<string, Uint8Array>
  readonly nextId: () => string
  /** Those that are worth something. */
  readonly tokens: Set<string>
  intent: boolean | 'approved'
  servers: readonly Server[]
}

export const makeBot = (root: string, wanted?: string): BotState => {
  const token = wanted ?? tokenOf(randomSnowflake())
  const id = idIn(token)
  let lastId = BigInt(randomSnowflake())
  const nextId = (): string => {
    lastId += 1n
    return String(lastId)
  }
  const gateways = makeGateways()
  const channelOf = (user = someone): string => directChannel(id, user)
  const attach = ({ name, bytes }: Attachment) => {
    const attachmentId = nextId()
    const path = `attachments/${attachmentId}/${name}`
    state.attachments.set(path, bytes)
    return { id: attachmentId, filename: name, size: bytes.length, url: `${root}/${path}` }
  }
  const bot: DiscordBot = {
    token,
    id,
    username: `test_${id}_bot`,
    channelOf,
    push: (content, { attachment, ...sender } = {}) => {
      const author = personOf(sender)
      const channel = channelOf(author.id)
      state.people.set(author.id, author)
      state.channels.set(channel, author.id)
      const attachments = attachment === undefined ? [] : [attach(attachment)]
      const message = messageOf({ id: nextId(), channel, author, content, attachments })
      state.messages.push(message)
      gateways.push(message)
      return message.id
    },
    sent: () => state.sent,
    waitForSent: (fits, ms) => until(`a message sent by ${id}`, () => state.sent.find(fits), ms),
    reactions: () => state.reactions,
    gateways: gateways.connected,
    dropGateways: gateways.drop,
    revoke: () => {
      state.tokens.clear()
      gateways.drop()
    },
    rotate: (before = 'refused') => {
      if (before === 'refused') bot.revoke()
      const next = tokenOf(id)
      state.tokens.add(next)
      return next
    },
    setIntent: (intent) => {
      state.intent = intent
    },
    setServers: (servers) => {
      state.servers = servers
    },
  }
  const state: BotState = {
    bot,
    gateways,
    sent: [],
    reactions: [],
    people: new Map(),
    channels: new Map(),
    messages: [],
    attachments: new Map(),
    nextId,
    tokens: new Set([token]),
    intent: true,
    servers: [{ id: randomSnowflake(), name: 'Test server' }],
  }
  return state
}
