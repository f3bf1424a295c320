import { randomUUID } from 'node:crypto'
import type { Fields } from './json.ts'
import type { ChannelMessage } from './servers.ts'
import type { Transcript } from './transcript.ts'
import { since, type World } from './world.ts'

/** Something to work on: what was typed, or what a channel brought. */
export type Prompt = { readonly content: string; readonly origin: Fields | null }

export const channelPrompt = ({ server, content, meta }: ChannelMessage): Prompt => {
  const attributes = Object.entries(meta).map(
    ([name, value]) => ` ${name}="${String(value).replaceAll('"', '&quot;')}"`,
  )
  return {
    content: `<channel source="${server}"${attributes.join('')}>\n${content}\n</channel>`,
    origin: { kind: 'channel', server },
  }
}

export type Queue = {
  readonly enqueue: (prompt: Prompt) => void
  readonly dequeue: () => Prompt | null
  /** Takes everything that came while a turn was running into that turn. */
  readonly absorb: () => readonly Prompt[]
}

/** Messages waiting for their turn: in memory only, lost with a kill (field notes, section 2, transcript). */
export const openQueue = (world: World, transcript: () => Transcript): Queue => {
  const waiting: Prompt[] = []
  const note = (operation: string, more: Fields = {}) =>
    transcript().note({ type: 'queue-operation', operation, ...more })
  return {
    enqueue: (prompt) => {
      waiting.push(prompt)
      note('enqueue', { content: prompt.content })
    },
    dequeue: () => {
      const prompt = waiting.shift() ?? null
      if (prompt !== null) note('dequeue')
      return prompt
    },
    // At a tool result both versions say `remove`, not `dequeue`, and the delivered message is an attachment (seen).
    absorb: () => {
      const absorbed = waiting.splice(0)
      const isNew = since(world.version, '2.1.300')
      for (const { content } of absorbed)
        note('remove', isNew ? { content, reason: 'absorbed_mid_turn' } : {})
      for (const { content, origin } of absorbed) transcript().add(attachmentRow(content, origin))
      return absorbed
    },
  }
}

const attachmentRow = (prompt: string, origin: Fields | null): Fields => ({
  type: 'attachment',
  attachment: {
    type: 'queued_command',
    prompt,
    source_uuid: randomUUID(),
    commandMode: 'prompt',
    origin,
    isMeta: true,
  },
})
