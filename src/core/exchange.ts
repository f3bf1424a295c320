/** A message that reached a conversation by a channel, and what was answered to it by the same channel. */
export type Exchange = {
  /** When it was delivered, in ms since 1970. */
  readonly at: number
  readonly text: string
  readonly user: string | null
  readonly chatId: string | null
  readonly answer: Answered | null
}

export type Answered = {
  readonly text: string
  readonly state: 'sending' | 'sent' | 'failed'
  /** Why it failed, in the client's or the plugin's own words. */
  readonly detail: string | null
}

/** What a transcript holds of exchanges, row by row. Made by `claude/exchanges.ts`. */
export type ExchangeRows = {
  readonly messages: readonly MessageRow[]
  readonly replies: readonly ReplyRow[]
  /** Of tools whose call was not read yet. */
  readonly results: readonly ResultRow[]
}

/** `server` is the channel's server as it stands in the names of its tools; `messageId` the platform's. */
export type MessageRow = Omit<Exchange, 'answer'> & {
  readonly id: string
  readonly server: string
  readonly messageId: string | null
}
export type ReplyRow = {
  readonly id: string
  readonly at: number
  readonly text: string
  readonly chatId: string | null
  readonly server: string
  /** The message it quotes. */
  readonly replyTo: string | null
  readonly result: ResultRow | null
}
export type ResultRow = {
  readonly id: string
  readonly at: number
  readonly state: 'sent' | 'failed'
  readonly detail: string | null
}

/** What came by these servers, each as it stands in the names of its tools; an answer belongs to a message of its own server. */
export const ofServers = (rows: ExchangeRows, servers: readonly string[]): ExchangeRows => ({
  ...rows,
  messages: rows.messages.filter(({ server }) => servers.includes(server)),
})

export const emptyExchangeRows: ExchangeRows = { messages: [], replies: [], results: [] }

/**
 * The exchanges, newest last. By time, not by place in the file: 2.1.139 writes what is said within a moment in any
 * order. An answer belongs to the message it quotes, else to the newest of its chat that came before it.
 * Several are joined by line breaks, and their state is the worst of them; one that was refused and followed by another
 * counts as that went.
 */
export const listExchanges = ({ messages, replies }: ExchangeRows): readonly Exchange[] => {
  const ordered = [...messages].sort((a, b) => a.at - b.at)
  return ordered.map((message) => ({
    at: message.at,
    text: message.text,
    user: message.user,
    chatId: message.chatId,
    answer: joined(replies.filter((reply) => answered(reply, ordered) === message)),
  }))
}

const answered = (reply: ReplyRow, messages: readonly MessageRow[]): MessageRow | undefined => {
  const before = messages.filter((message) => comesBefore(reply, message))
  const quoted = before.find(({ messageId }) => messageId !== null && messageId === reply.replyTo)
  return quoted ?? before.at(-1)
}

const comesBefore = (reply: ReplyRow, message: MessageRow): boolean =>
  message.server === reply.server && message.chatId === reply.chatId && message.at <= reply.at

const joined = (replies: readonly ReplyRow[]): Answered | null => {
  const ordered = [...replies].sort((a, b) => a.at - b.at)
  const last = [...new Map(ordered.map((reply) => [reply.text, reply])).values()]
  const tries = last.filter(({ result }) => !last.some(({ at }) => isSaidAgain(result, at)))
  if (tries.length === 0) return null
  const failed = tries.find(({ result }) => result?.state === 'failed')
  return {
    text: tries.map(({ text }) => text).join('\n'),
    state: failed !== undefined ? 'failed' : tries.some(({ result }) => result === null) ? 'sending' : 'sent',
    detail: failed?.result?.detail ?? null,
  }
}

/** Claude, told that an answer was refused, says it in other words. Called before that, another is another part. */
const isSaidAgain = (result: ResultRow | null, at: number): boolean =>
  result?.state === 'failed' && at > result.at
