import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { asRecord } from '../shared/record.ts'
import { type Input, type Tool, tool } from '../shared/tool.ts'
import type { Rest } from './rest.ts'

export const instructions =
  'Messages from Discord arrive as <channel source="discord" chat_id="..." message_id="..." user="..." ts="...">. ' +
  'The sender reads Discord, not this session: answer with the reply tool and the chat_id of the message. ' +
  'When a message has attachment_count, fetch them with download_attachment.'

/** The tools of the official plugin (its source, 0.0.4). */
export const toolList: readonly Tool[] = [
  tool('reply', 'Send a message to a Discord channel.', ['chat_id', 'text', 'reply_to?']),
  tool('react', 'Put an emoji on a Discord message.', ['chat_id', 'message_id', 'emoji']),
  tool('edit_message', 'Edit a message this bot has sent.', ['chat_id', 'message_id', 'text']),
  tool('fetch_messages', 'Read the last messages of a channel, oldest first.', ['channel', 'limit?']),
  tool('download_attachment', 'Save what is attached to a message.', ['chat_id', 'message_id']),
]

/** Carries a tool call out; what it says goes back to the model. Throws what the platform refused. */
export const callTool = async (rest: Rest, stateDir: string, name: string, input: Input): Promise<string> => {
  const messages = `/channels/${String(input.chat_id ?? input.channel)}/messages`
  const message = `${messages}/${String(input.message_id)}`
  switch (name) {
    case 'reply': {
      const replied =
        input.reply_to === undefined ? {} : { message_reference: { message_id: input.reply_to } }
      const sent = asRecord(await rest.call('POST', messages, { content: input.text, ...replied }))
      return `sent (id: ${String(sent.id)})`
    }
    case 'react':
      await rest.call('PUT', `${message}/reactions/${encodeURIComponent(String(input.emoji))}/@me`)
      return 'reacted'
    case 'edit_message':
      await rest.call('PATCH', message, { content: input.text })
      return `edited (id: ${String(input.message_id)})`
    case 'fetch_messages':
      return fetchMessages(await rest.call('GET', `${messages}?limit=${Number(input.limit ?? 20)}`))
    case 'download_attachment':
      return saveAttachments(rest, stateDir, await rest.call('GET', message))
    default:
      throw new Error(`unknown tool: ${name}`)
  }
}

const fetchMessages = (found: unknown): string =>
  listOf(found)
    .reverse()
    .map(
      ({ author, content, id }) =>
        `${String(asRecord(author).username)}: ${String(content)} (id: ${String(id)})`,
    )
    .join('\n')

const saveAttachments = async (rest: Rest, stateDir: string, message: unknown): Promise<string> => {
  const inbox = join(stateDir, 'inbox')
  mkdirSync(inbox, { recursive: true, mode: 0o700 })
  const saved = listOf(asRecord(message).attachments).map(async ({ id, filename, url }) => {
    const path = join(inbox, `${String(id)}-${basename(String(filename))}`)
    writeFileSync(path, await rest.download(String(url)), { mode: 0o600 })
    return path
  })
  return saved.length === 0 ? 'message has no attachments' : (await Promise.all(saved)).join('\n')
}

const listOf = (value: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.map(asRecord) : []
