import { asFields, type Fields, objectField, textField } from './fields.ts'

/** Whether a row of a transcript, or what is attached to one, came by a channel (2.1.139 and 2.1.330). */
export const isOfChannel = (fields: Fields): boolean =>
  textField(objectField(fields, 'origin') ?? {}, 'kind') === 'channel'

/** The name of the MCP server of the channel it came by, as the client has it (2.1.139 and 2.1.330); null where it says none. */
export const serverOf = (fields: Fields): string | null =>
  textField(objectField(fields, 'origin') ?? {}, 'server')

/** The content of a row's message: a text, or blocks. */
export const contentOf = (fields: Fields): unknown => objectField(fields, 'message')?.content

/** The blocks of a message's content; none where it is a plain text. */
export const blocksOf = (content: unknown): readonly Fields[] =>
  Array.isArray(content) ? content.map(asFields).filter((block) => block !== null) : []

/** What a message's content says, block by block. */
export const textsOf = (content: unknown): readonly string[] =>
  typeof content === 'string'
    ? [content]
    : blocksOf(content)
        .map((block) => (block.type === 'text' ? textField(block, 'text') : null))
        .filter((text) => text !== null)

/** Of which call a block is the result, and whether that failed; null for any other. */
export const resultOf = (block: Fields): { readonly id: string; readonly failed: boolean } | null => {
  const id = textField(block, 'tool_use_id')
  return block.type !== 'tool_result' || id === null ? null : { id, failed: block.is_error === true }
}

/** The server whose tool a block calls to answer by its channel, as it stands in the tool's name; null for any other. */
export const replyServerOf = (block: Fields): string | null =>
  /^mcp__(.+)__reply$/.exec(textField(block, 'name') ?? '')?.[1] ?? null
