import { someone } from './ids.ts'

/** Who writes to a bot, directly. */
export type Sender = {
  readonly from?: string
  readonly username?: string
  readonly globalName?: string | null
}

export type Person = ReturnType<typeof personOf>

/** A message as the service tells it. */
export type Message = ReturnType<typeof messageOf>

export const personOf = ({ from = someone, username = 'tester', globalName = 'Test' }: Sender) => ({
  id: from,
  username,
  discriminator: '0',
  global_name: globalName,
})

/** Who the bot itself is in what it wrote. */
export const selfOf = ({ id, username }: { readonly id: string; readonly username: string }) => ({
  id,
  username,
  discriminator: '0',
  global_name: null,
  bot: true,
})

export const messageOf = (written: {
  readonly id: string
  readonly channel: string
  readonly author: Person | ReturnType<typeof selfOf>
  readonly content: string
  readonly attachments?: readonly { readonly id: string; readonly filename: string; readonly url: string }[]
}) => ({
  id: written.id,
  type: 0,
  channel_id: written.channel,
  author: written.author,
  content: written.content,
  timestamp: new Date().toISOString(),
  attachments: written.attachments ?? [],
})
