import { failureRow } from './failure.ts'
import { arrivedMeanwhile } from './history.ts'
import { type Fields, fields } from './json.ts'
import type { Block, Message } from './model.ts'
import type { Options } from './options.ts'
import type { Queue } from './queue.ts'
import { askPatiently } from './retry.ts'
import type { Screen } from './screen.ts'
import { builtInTools, type ToolResult } from './tools.ts'
import type { Transcript } from './transcript.ts'
import type { World } from './world.ts'

export type TurnParts = {
  readonly world: World
  readonly options: Options
  readonly screen: Screen
  readonly queue: Queue
  readonly transcript: Transcript
  readonly messages: Message[]
  readonly serverTools: readonly Fields[]
  readonly runTool: (name: string, input: Fields) => Promise<ToolResult>
  readonly signal: AbortSignal
}

/** Works on the last message until the model has nothing more to call. What failed is a row of its own. */
export const runTurn = async (parts: TurnParts): Promise<string> => {
  const { world, transcript, messages, screen, signal } = parts
  const offered = parts.serverTools.map(({ inputSchema, ...tool }) => ({
    ...tool,
    input_schema: inputSchema,
  }))
  for (;;) {
    const request = { model: parts.options.model, messages, tools: [...builtInTools, ...offered] }
    // While it retries the transcript shows only these rows (field notes, section 1).
    const requested = () => transcript.note({ type: 'api-request', version: world.version })
    const answer = await askPatiently(world, request, requested, screen.working, signal)
    if (signal.aborted) return ''
    if (answer.is === 'refused') {
      const row = failureRow(world, answer)
      transcript.add(row)
      screen.show(`  ⎿  ${textOf(fields(row.message).content)}`)
      return ''
    }
    const { content, stop } = answer
    transcript.add({
      type: 'assistant',
      message: { role: 'assistant', model: parts.options.model, content, stop_reason: stop },
    })
    messages.push({ role: 'assistant', content })
    if (textOf(content) !== '') screen.show(`● ${textOf(content)}`)
    const calls = content.filter(({ type }) => type === 'tool_use')
    if (calls.length === 0) return textOf(content)
    const results = await runAll(parts, calls)
    if (signal.aborted) return ''
    transcript.add({ type: 'user', message: { role: 'user', content: results } })
    const absorbed = parts.queue.absorb().map(({ content: text }) => ({
      type: 'text',
      text: arrivedMeanwhile(text),
    }))
    messages.push({ role: 'user', content: [...results, ...absorbed] })
  }
}

const runAll = async (parts: TurnParts, calls: readonly Block[]): Promise<readonly Fields[]> => {
  const results: Fields[] = []
  for (const { id, name, input } of calls) {
    parts.screen.show(`● ${String(name)}(${JSON.stringify(input)})`)
    const { content, isError } = await parts.runTool(String(name), fields(input))
    results.push({ tool_use_id: id, type: 'tool_result', content, is_error: isError })
  }
  return results
}

const textOf = (content: unknown): string =>
  (Array.isArray(content) ? content.map(fields) : [])
    .filter(({ type }) => type === 'text')
    .map(({ text }) => String(text))
    .join('\n')
