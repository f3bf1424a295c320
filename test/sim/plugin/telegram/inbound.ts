import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { admit } from '../shared/gate.ts'
import { asRecord } from '../shared/record.ts'
import type { Bot } from './bot-api.ts'
import type { Relay } from './permission.ts'

export type Surroundings = {
  readonly bot: Bot
  readonly stateDir: string
  readonly notify: (method: string, params: Readonly<Record<string, unknown>>) => void
  readonly relay: Relay
}

/** One update of the platform: a permission answer, a stranger who gets a code, or a message for the session. */
export const receive = async (update: unknown, around: Surroundings): Promise<void> => {
  if (await around.relay.answered(update)) return
  const message = asRecord(asRecord(update).message)
  const from = asRecord(message.from)
  const chat = asRecord(message.chat)
  if (from.id === undefined || chat.id === undefined) return
  const sender = { senderId: String(from.id), chatId: String(chat.id), isPrivate: chat.type === 'private' }
  const admission = admit(around.stateDir, sender, Date.now())
  if (admission.is === 'drop') return
  if (admission.is === 'pair') {
    const text = `Pairing required. Run in Claude Code:\n\n/telegram:access pair ${admission.code}`
    await around.bot.call('sendMessage', { chat_id: sender.chatId, text })
    return
  }
  const image = await savePhoto(message, around)
  around.notify('notifications/claude/channel', {
    content: String(message.text ?? message.caption ?? (image === null ? '' : '(photo)')),
    meta: {
      chat_id: sender.chatId,
      message_id: String(message.message_id ?? ''),
      user: String(from.username ?? from.id),
      user_id: sender.senderId,
      ts: new Date(Number(message.date ?? 0) * 1000).toISOString(),
      ...(image === null ? {} : { image_path: image }),
    },
  })
}

/** Puts the largest size of a photo into `inbox/`, from where Claude is told to read it (field notes, section 3). */
const savePhoto = async (
  message: Readonly<Record<string, unknown>>,
  around: Surroundings,
): Promise<string | null> => {
  const sizes = Array.isArray(message.photo) ? message.photo : []
  const largest = asRecord(sizes.at(-1))
  if (largest.file_id === undefined) return null
  const file = asRecord(await around.bot.call('getFile', { file_id: largest.file_id }))
  const filePath = String(file.file_path)
  const bytes = await around.bot.download(filePath)
  const extension = /\.([A-Za-z0-9]+)$/.exec(filePath)?.[1] ?? 'jpg'
  const path = join(
    around.stateDir,
    'inbox',
    `${Date.now()}-${String(largest.file_unique_id ?? 'photo')}.${extension}`,
  )
  mkdirSync(join(around.stateDir, 'inbox'), { recursive: true, mode: 0o700 })
  writeFileSync(path, bytes, { mode: 0o600 })
  return path
}
