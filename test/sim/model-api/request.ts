/** A request for a turn, as far as a responder looks at it. Everything may be missing: other clients ask otherwise. */
export type TurnRequest = {
  readonly model?: string
  readonly stream?: boolean
  readonly messages?: readonly Message[]
  readonly tools?: readonly Tool[]
  readonly system?: unknown
}

export type Message = {
  readonly role: 'user' | 'assistant' | 'system'
  readonly content: string | readonly Block[]
}

export type Block = {
  readonly type: string
  readonly text?: string
  readonly id?: string
  readonly name?: string
  readonly input?: Readonly<Record<string, unknown>>
  readonly tool_use_id?: string
  readonly content?: unknown
}

export type Tool = {
  readonly name: string
  readonly input_schema?: { readonly properties?: Readonly<Record<string, unknown>> }
}

/** A channel message as the client shows it to the model (field notes, section 2, "Transcript"). */
export type ChannelMessage = { readonly source: string; readonly chatId: string; readonly text: string }

// At the start of a line and with a real chat: the plugin's instructions hold an example of the tag in running text.
const channelPattern =
  /^<channel source="([^"]+)" [^>\n]*?\bchat_id="([\w-]+)"[^>\n]*>([\s\S]*?)<\/channel>/gm

/** The channel messages in the text of a message; what a tool printed is no message. */
export const channelMessages = (message: Message | undefined): readonly ChannelMessage[] =>
  [...textOf(message).matchAll(channelPattern)].map(([, source = '', chatId = '', text = '']) => ({
    source,
    chatId,
    text: text.trim(),
  }))

export const blocksOf = (message: Message | undefined): readonly Block[] => {
  if (message === undefined) return []
  return typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content
}

export const textOf = (message: Message | undefined): string =>
  blocksOf(message)
    .filter(({ type }) => type === 'text')
    .map(({ text }) => text ?? '')
    .join('\n')

/** What a tool answered, as text: pictures count as `[image]`. */
export const resultText = (block: Block): string => {
  if (typeof block.content === 'string') return block.content
  if (!Array.isArray(block.content)) return ''
  return (block.content as readonly Block[]).map((part) => part.text ?? `[${part.type}]`).join('\n')
}
