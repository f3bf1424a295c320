import { asRecord } from '../shared/record.ts'
import { type Input, type Tool, tool } from '../shared/tool.ts'
import type { Bot } from './bot-api.ts'

export const instructions =
  'Messages from Telegram arrive as <channel source="telegram" chat_id="..." message_id="..." user="..." ts="...">. ' +
  'The sender reads Telegram, not this session: answer with the reply tool and the chat_id of the message. ' +
  'When a message has image_path, Read that file.'

/** The three tools of the official plugin that answer somebody (field notes, section 3). */
export const toolList: readonly Tool[] = [
  tool('reply', 'Send a message to a Telegram chat.', ['chat_id', 'text', 'reply_to?']),
  tool('react', 'Put an emoji on a Telegram message.', ['chat_id', 'message_id', 'emoji']),
  tool('edit_message', 'Edit a message this bot has sent.', ['chat_id', 'message_id', 'text']),
]

/** Carries a tool call out; what it says goes back to the model. Throws what the platform refused. */
export const callTool = async (bot: Bot, name: string, input: Input): Promise<string> => {
  const { chat_id, message_id } = input
  switch (name) {
    case 'reply': {
      const replied =
        input.reply_to === undefined ? {} : { reply_parameters: { message_id: Number(input.reply_to) } }
      const sent = asRecord(await bot.call('sendMessage', { chat_id, text: input.text, ...replied }))
      return `sent (id: ${String(sent.message_id)})`
    }
    case 'react':
      await bot.call('setMessageReaction', {
        chat_id,
        message_id: Number(message_id),
        reaction: [{ type: 'emoji', emoji: input.emoji }],
      })
      return 'reacted'
    case 'edit_message':
      await bot.call('editMessageText', { chat_id, message_id: Number(message_id), text: input.text })
      return `edited (id: ${String(message_id)})`
    default:
      throw new Error(`unknown tool: ${name}`)
  }
}
