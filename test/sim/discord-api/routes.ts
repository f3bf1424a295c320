import type { Answer } from '../bot-api/answer.ts'
import type { Params } from '../bot-api/body.ts'
import { answer, refusal } from './answer.ts'
import type { BotState } from './bot.ts'
import { type Message, messageOf, selfOf } from './documents.ts'
import { directChannel } from './ids.ts'

/** What is asked for: the route's name, as failures and the log call it, and what stands for its `:words`. */
export type Asked = { readonly route: string; readonly words: readonly string[] }

/** The route of a call; null where Discord has none, or none that matters here. */
export const findRoute = (method: string, path: string): Asked | null => {
  for (const route of [...Object.keys(routes), gatewayRoute]) {
    const [verb = '', pattern = ''] = route.split(' ')
    const found = new RegExp(`^${pattern.replace(/:\w+/g, '([^/]+)')}$`).exec(path)
    if (verb === method && found !== null) return { route, words: found.slice(1).map(decodeURIComponent) }
  }
  return null
}

export const gatewayRoute = 'GET /gateway/stream'

/** Answers one call of a bot that exists. */
export const callRoute = (state: BotState, { route, words }: Asked, params: Params): Answer =>
  routes[route]?.(state, params, words) ?? refusal(404, '404: Not Found')

type Route = (state: BotState, params: Params, words: readonly string[]) => Answer

const application: Route = ({ bot, intent }) =>
  answer({ id: bot.id, name: 'Test application', flags: flagsOf(intent), bot_public: true })

// GATEWAY_MESSAGE_CONTENT and GATEWAY_MESSAGE_CONTENT_LIMITED of Discord's application flags.
const flagsOf = (intent: BotState['intent']): number => {
  if (intent === 'approved') return 1 << 18
  return intent ? 1 << 19 : 0
}

const user: Route = ({ people, bot }, _, [id = '']) => {
  if (id === bot.id) return answer(selfOf(bot))
  const person = people.get(id)
  return person === undefined ? refusal(404, 'Unknown User', 10013) : answer(person)
}

/** A direct channel is there for the asking; whether that person lets the bot write is another thing. */
const openDirect: Route = ({ bot, channels, people }, params) => {
  const recipient = String(params.recipient_id ?? '')
  if (!/^\d{17,20}$/.test(recipient)) return refusal(400, 'Invalid Form Body', 50035)
  const id = directChannel(bot.id, recipient)
  channels.set(id, recipient)
  const known = people.get(recipient)
  return answer({ id, type: 1, recipients: known === undefined ? [{ id: recipient }] : [known] })
}

const createMessage: Route = (state, params, [chatId = '']) => {
  const text = String(params.content ?? '')
  const refused = checkChannel(state, chatId) ?? checkText(text)
  if (refused !== null) return refused
  if (!state.people.has(state.channels.get(chatId) ?? ''))
    return refusal(403, 'Cannot send messages to this user', 50007)
  const message = messageOf({
    id: state.nextId(),
    channel: chatId,
    author: selfOf(state.bot),
    content: text,
  })
  state.messages.push(message)
  state.sent.push({ at: Date.now(), messageId: message.id, chatId, text, params })
  return answer(message)
}

const editMessage: Route = (state, params, [chatId = '', messageId = '']) => {
  const text = String(params.content ?? '')
  const refused = checkChannel(state, chatId) ?? checkText(text)
  if (refused !== null) return refused
  const found = findMessage(state, chatId, messageId)
  if (found === undefined) return refusal(404, 'Unknown Message', 10008)
  if (found.author.id !== state.bot.id)
    return refusal(403, 'Cannot edit a message authored by another user', 50005)
  const index = state.sent.findIndex((sent) => sent.messageId === messageId)
  const before = state.sent[index]
  if (before !== undefined) state.sent[index] = { ...before, text, params }
  const edited = { ...found, content: text }
  state.messages[state.messages.indexOf(found)] = edited
  return answer(edited)
}

/** Newest first, 50 unless told. */
const listMessages: Route = (state, params, [chatId = '']) => {
  const limit = Math.min(Math.max(Number(params.limit ?? 50), 1), 100)
  const written = state.messages.filter(({ channel_id }) => channel_id === chatId)
  return checkChannel(state, chatId) ?? answer(written.slice(-limit).reverse())
}

const readMessage: Route = (state, _, [chatId = '', messageId = '']) => {
  const found = findMessage(state, chatId, messageId)
  return (
    checkChannel(state, chatId) ??
    (found === undefined ? refusal(404, 'Unknown Message', 10008) : answer(found))
  )
}

const react: Route = (state, _, [chatId = '', messageId = '', emoji = '']) => {
  const refused = checkChannel(state, chatId)
  if (refused !== null) return refused
  if (findMessage(state, chatId, messageId) === undefined) return refusal(404, 'Unknown Message', 10008)
  state.reactions.push({ chatId, messageId, emoji })
  return { status: 204, body: '', type: 'application/json' }
}

const routes: Readonly<Record<string, Route>> = {
  'GET /users/@me': ({ bot }) => answer(selfOf(bot)),
  'GET /users/@me/guilds': ({ servers }) => answer(servers),
  'POST /users/@me/channels': openDirect,
  'GET /users/:id': user,
  'GET /applications/@me': application,
  'GET /channels/:id/messages': listMessages,
  'POST /channels/:id/messages': createMessage,
  'GET /channels/:id/messages/:id': readMessage,
  'PATCH /channels/:id/messages/:id': editMessage,
  'PUT /channels/:id/messages/:id/reactions/:emoji/@me': react,
}

const findMessage = (state: BotState, chatId: string, messageId: string): Message | undefined =>
  state.messages.find(({ id, channel_id }) => id === messageId && channel_id === chatId)

const checkChannel = (state: BotState, chatId: string): Answer | null =>
  state.channels.has(chatId) ? null : refusal(404, 'Unknown Channel', 10003)

const checkText = (text: string): Answer | null => {
  if (text === '') return refusal(400, 'Cannot send an empty message', 50006)
  return text.length > 2000 ? refusal(400, 'Invalid Form Body', 50035) : null
}
