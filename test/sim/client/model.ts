import { type Fields, fields } from './json.ts'
import type { World } from './world.ts'

export type Block = Fields & { readonly type: string }
export type Message = { readonly role: 'user' | 'assistant'; readonly content: string | readonly Fields[] }

export type Answer =
  | { readonly is: 'answer'; readonly content: readonly Block[]; readonly stop: string }
  | {
      readonly is: 'refused'
      readonly status: number
      readonly type: string
      readonly message: string
      readonly retry: boolean
    }

/** One request to the Messages API, read as an event stream (field notes, section 8). Status 0: no connection. */
export const askModel = async (
  world: World,
  request: {
    readonly model: string
    readonly messages: readonly Message[]
    readonly tools: readonly Fields[]
  },
  signal: AbortSignal,
): Promise<Answer> => {
  const root = world.environment.ANTHROPIC_BASE_URL ?? 'http://127.0.0.1:9'
  const headers = {
    'content-type': 'application/json',
    'x-api-key': world.environment.ANTHROPIC_API_KEY ?? 'none',
  }
  const body = JSON.stringify({ ...request, stream: true, max_tokens: 32_000 })
  try {
    const response = await fetch(`${root}/v1/messages?beta=true`, { method: 'POST', headers, body, signal })
    const text = await response.text()
    if (response.ok) return readStream(text)
    const { type, message } = fields(parse(text).error)
    const retry = response.headers.get('x-should-retry') !== 'false'
    return { is: 'refused', status: response.status, type: String(type), message: String(message), retry }
  } catch (error) {
    return { is: 'refused', status: 0, type: 'connection', message: String(error), retry: true }
  }
}

const readStream = (text: string): Answer => {
  const blocks: Fields[] = []
  const json: string[] = []
  let stop = 'end_turn'
  for (const line of text.split('\n')) {
    const event = line.startsWith('data:') ? parse(line.slice(5)) : {}
    const index = Number(event.index)
    const delta = fields(event.delta)
    if (event.type === 'content_block_start') blocks[index] = fields(event.content_block)
    if (delta.type === 'text_delta')
      blocks[index] = { ...blocks[index], text: `${blocks[index]?.text ?? ''}${String(delta.text)}` }
    if (delta.type === 'input_json_delta') json[index] = (json[index] ?? '') + String(delta.partial_json)
    if (event.type === 'message_delta') stop = String(delta.stop_reason)
  }
  const content = blocks.map((block, index) => {
    const input = json[index]
    return { ...block, type: String(block.type), ...(input === undefined ? {} : { input: parse(input) }) }
  })
  return { is: 'answer', content, stop }
}

const parse = (text: string): Fields => {
  try {
    return fields(JSON.parse(text))
  } catch {
    return {}
  }
}
