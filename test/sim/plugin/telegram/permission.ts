import { staySilent } from '../shared/approvals.ts'
import { allowedSenders } from '../shared/gate.ts'
import { asRecord } from '../shared/record.ts'
import type { Bot } from './bot-api.ts'

export type Relay = {
  (method: string, params: Readonly<Record<string, unknown>>): void
  /** Whether this update was the answer to a prompt, and so is no message. */
  readonly answered: (update: unknown) => Promise<boolean>
}

type Notify = (method: string, params: Readonly<Record<string, unknown>>) => void

/** Carries permission prompts to the approved chats as Allow and Deny buttons, and the answer back (field notes, section 3). */
export const relayPermissions = (bot: Bot, stateDir: string, notify: Notify): Relay => {
  const ask = (method: string, params: Readonly<Record<string, unknown>>) => {
    if (method !== 'notifications/claude/channel/permission_request') return
    const button = (text: string, verdict: string) => ({
      text,
      callback_data: `${verdict}:${String(params.request_id)}`,
    })
    const keyboard = { inline_keyboard: [[button('Allow', 'allow'), button('Deny', 'deny')]] }
    const text = `Permission: ${String(params.tool_name)}\n${String(params.description ?? '')}`
    for (const chat_id of allowedSenders(stateDir))
      void bot.call('sendMessage', { chat_id, text, reply_markup: keyboard }).catch(staySilent)
  }
  const answered = async (update: unknown) => {
    const query = asRecord(asRecord(update).callback_query)
    const [, behavior, request_id] = /^(allow|deny):(.+)$/.exec(String(query.data ?? '')) ?? []
    if (behavior === undefined || !allowedSenders(stateDir).includes(String(asRecord(query.from).id)))
      return false
    notify('notifications/claude/channel/permission', { request_id, behavior })
    await bot.call('answerCallbackQuery', { callback_query_id: query.id }).catch(staySilent)
    return true
  }
  return Object.assign(ask, { answered })
}
