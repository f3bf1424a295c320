import { randomBytes } from 'node:crypto'
import type { Turn } from './respond.ts'

const usage = {
  input_tokens: 10,
  output_tokens: 10,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
}

/** The whole message, as it is sent without streaming. */
export const wholeMessage = (turn: Turn, model: string) => ({
  id: id('msg'),
  type: 'message',
  role: 'assistant',
  model,
  content: contentOf(turn),
  stop_reason: turn.tool === undefined ? 'end_turn' : 'tool_use',
  stop_sequence: null,
  usage,
})

/** The same message as the server-sent events of a stream. */
export const streamEvents = (message: ReturnType<typeof wholeMessage>): string =>
  [
    { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
    ...message.content.flatMap((block, index) => [
      { type: 'content_block_start', index, content_block: emptied(block) },
      { type: 'content_block_delta', index, delta: deltaOf(block) },
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason: message.stop_reason, stop_sequence: null }, usage },
    { type: 'message_stop' },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('')

type Content =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: object }

const contentOf = ({ text, tool }: Turn): readonly Content[] =>
  tool === undefined
    ? [{ type: 'text', text: text ?? 'ok' }]
    : [{ type: 'tool_use', id: id('toolu'), ...tool }]

const emptied = (block: Content): Content =>
  block.type === 'text' ? { ...block, text: '' } : { ...block, input: {} }

const deltaOf = (block: Content) =>
  block.type === 'text'
    ? { type: 'text_delta', text: block.text }
    : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) }

const id = (prefix: string): string => `${prefix}_test${randomBytes(10).toString('hex')}`
