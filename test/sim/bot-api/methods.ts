import type { IncomingMessage } from 'node:http'
import type { Answer } from './answer.ts'
import { answer, refusal } from './answer.ts'
import type { Params } from './body.ts'
import type { BotState } from './bot.ts'

/** Answers one call to a bot that exists. Null when the caller hung up meanwhile. */
export const callMethod = (
  state: BotState,
  method: string,
  params: Params,
  request: IncomingMessage,
): Answer | Promise<Answer | null> => {
  // Method names are case-insensitive at the real service.
  const call = methods[method.toLowerCase()]
  return call === undefined ? refusal(404, 'Not Found: method not found') : call(state, params, request)
}

type Method = (state: BotState, params: Params, request: IncomingMessage) => Answer | Promise<Answer | null>

const webhookConflict =
  "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"

const getUpdates: Method = (state, params, request) => {
  if (state.webhook !== '') return refusal(409, webhookConflict)
  const limit = Math.min(Math.max(integer(params.limit) ?? 100, 1), 100)
  const timeoutSeconds = Math.min(Math.max(integer(params.timeout) ?? 0, 0), 50)
  return state.polls.poll({ offset: integer(params.offset) ?? 0, limit, timeoutSeconds }, request)
}

const setWebhook: Method = (state, params) => changeWebhook(state, String(params.url ?? ''), params)

const changeWebhook = (state: BotState, url: string, params: Params): Answer => {
  state.webhook = url
  if (truthy(params.drop_pending_updates)) state.polls.drop()
  if (state.webhook !== '') state.polls.refuse(409, 'Conflict: terminated by setWebhook request')
  return answer(true)
}

const sendMessage: Method = (state, params) => {
  const text = String(params.text ?? '')
  const refused = checkChat(state, params) ?? checkText(text)
  if (refused !== null) return refused
  const messageId = state.nextMessageId()
  const chatId = String(params.chat_id)
  state.sent.push({ at: Date.now(), messageId, chatId, text, params })
  return answer(message(state, messageId, chatId, text))
}

const editMessageText: Method = (state, params) => {
  const text = String(params.text ?? '')
  const refused = checkChat(state, params) ?? checkText(text)
  if (refused !== null) return refused
  const messageId = integer(params.message_id) ?? 0
  const chatId = String(params.chat_id)
  const index = state.sent.findIndex((sent) => sent.messageId === messageId && sent.chatId === chatId)
  const before = state.sent[index]
  if (before === undefined) return refusal(400, 'Bad Request: message to edit not found')
  state.sent[index] = { ...before, text, params }
  return answer(message(state, messageId, chatId, text))
}

const setMessageReaction: Method = (state, params) => {
  const refused = checkChat(state, params)
  if (refused !== null) return refused
  const emoji = [...JSON.stringify(params.reaction ?? []).matchAll(/emoji\\?":\\?"([^"\\]+)/g)].map(
    ([, one]) => one ?? '',
  )
  state.reactions.push({ chatId: String(params.chat_id), messageId: integer(params.message_id) ?? 0, emoji })
  return answer(true)
}

const getChat: Method = (state, params) =>
  checkChat(state, params) ?? answer(state.chats.get(String(params.chat_id)))

const getFile: Method = (state, params) => {
  const path = [...state.files.keys()].find((name) => name.includes(`/${String(params.file_id)}.`))
  if (path === undefined) return refusal(400, 'Bad Request: invalid file_id')
  const size = state.files.get(path)?.length ?? 0
  return answer({
    file_id: params.file_id,
    file_unique_id: `u${String(params.file_id)}`,
    file_size: size,
    file_path: path,
  })
}

const getWebhookInfo: Method = (state) =>
  answer({ url: state.webhook, has_custom_certificate: false, pending_update_count: state.polls.pending() })

const agree: Method = () => answer(true)

const methods: Readonly<Record<string, Method>> = {
  getme: (state) => answer({ ...self(state), can_join_groups: true, can_read_all_group_messages: false }),
  getupdates: getUpdates,
  setwebhook: setWebhook,
  deletewebhook: (state, params) => changeWebhook(state, '', params),
  getwebhookinfo: getWebhookInfo,
  sendmessage: sendMessage,
  editmessagetext: editMessageText,
  setmessagereaction: setMessageReaction,
  getchat: getChat,
  getfile: getFile,
  sendchataction: agree,
  setmycommands: agree,
  answercallbackquery: agree,
}

const self = ({ bot }: BotState) => ({
  id: Number(bot.id),
  is_bot: true,
  first_name: 'Test bot',
  username: bot.username,
})

const message = (state: BotState, messageId: number, chatId: string, text: string) => ({
  message_id: messageId,
  from: self(state),
  chat: { id: Number(chatId), type: 'private' },
  date: Math.floor(Date.now() / 1000),
  text,
})

const checkChat = (state: BotState, params: Params): Answer | null => {
  if (params.chat_id === undefined || params.chat_id === '')
    return refusal(400, 'Bad Request: chat_id is empty')
  return state.chats.has(String(params.chat_id)) ? null : refusal(400, 'Bad Request: chat not found')
}

const checkText = (text: string): Answer | null => {
  if (text === '') return refusal(400, 'Bad Request: message text is empty')
  return text.length > 4096 ? refusal(400, 'Bad Request: message is too long') : null
}

const integer = (value: unknown): number | null => {
  const number = Number(value ?? Number.NaN)
  return Number.isInteger(number) ? number : null
}

const truthy = (value: unknown): boolean => value === true || value === 'true' || value === '1'
