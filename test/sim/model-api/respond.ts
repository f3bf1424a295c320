import type { Block, ChannelMessage, Message, TurnRequest } from './request.ts'
import { blocksOf, channelMessages, resultText, textOf } from './request.ts'

/** What the model does next. */
export type Turn = {
  /** Milliseconds before it begins to answer. */
  readonly afterMs?: number
  readonly text?: string
  readonly tool?: { readonly name: string; readonly input: Readonly<Record<string, unknown>> }
}

export type Responder = (request: TurnRequest) => Turn

/**
 * A model of few words, one tool at a time. A channel message is answered through the channel's reply tool with `echo:
 * <text>`; `run: <command>` and `read: <path>` use Bash and Read first and send what they printed; `slow: <seconds>`
 * thinks that long, and `slow: <seconds>, <seconds>` as long again once it has answered; `ask: <question>` asks it at the terminal; `say: <text>` is answered in the conversation only, as is what is typed at the terminal.
 */
export const respond: Responder = (request) => {
  // Titles, topics, safety: the client asks such things on the side, without tools.
  if ((request.tools ?? []).length === 0) return { text: '{"title": "Test", "isNewTopic": false}' }
  const turn = since(request.messages ?? [], endsTurn)
  const fresh = since(turn, ({ role }) => role === 'assistant')
  const asked = turn.flatMap(channelMessages)
  const used = usesOf(turn)
  const replies = used.filter(({ name }) => /^mcp__.+__reply$/.test(name)).length
  const next = asked.filter(({ text }) => orderIn(text).order !== 'say')[replies]
  const isFresh = next !== undefined && fresh.flatMap(channelMessages).some(({ text }) => text === next.text)
  const printed = used.flatMap(({ name, result }) => (commands.has(name) && result !== null ? [result] : []))
  if (next !== undefined)
    return { ...pause(isFresh ? next.text : '', 0), ...toMessage(request, next, asked, printed, used) }
  if (asked.length === 0) return toTyped(turn, printed)
  const last = asked.at(-1)?.text ?? ''
  const { order, rest } = orderIn(last)
  return { ...pause(last, 1), text: order === 'say' ? rest : 'sent' }
}

const commands = new Set(['Bash', 'Read', 'AskUserQuestion'])

type Use = { readonly name: string; readonly input: Block['input']; readonly result: string | null }

const endsTurn = (message: Message): boolean =>
  message.role === 'assistant' && !blocksOf(message).some(({ type }) => type === 'tool_use')

const since = (messages: readonly Message[], is: (message: Message) => boolean): readonly Message[] =>
  messages.slice(messages.findLastIndex(is) + 1)

const usesOf = (turn: readonly Message[]): readonly Use[] => {
  const blocks = turn.flatMap(blocksOf)
  return blocks
    .filter(({ type }) => type === 'tool_use')
    .map(({ id, name = '', input }) => {
      const result = blocks.find(({ tool_use_id }) => tool_use_id === id)
      return {
        name,
        input,
        result: result === undefined ? null : resultText(result).slice(0, 3_000) || '(nothing)',
      }
    })
}

const toMessage = (
  request: TurnRequest,
  next: ChannelMessage,
  asked: readonly ChannelMessage[],
  printed: readonly string[],
  used: readonly Use[],
): Turn => {
  const command = commandIn(next.text)
  if (command === null) return reply(request, next, `echo: ${next.text}`, used)
  const earlier = asked.slice(0, asked.indexOf(next)).filter(({ text }) => commandIn(text) !== null).length
  const result = printed[earlier]
  return result === undefined ? { tool: command } : reply(request, next, result, used)
}

/** 2.1.330 offers the tools of plugins only after they were looked up by name [seen]; 2.1.139 offers them at once. */
const reply = (request: TurnRequest, message: ChannelMessage, text: string, used: readonly Use[]): Turn => {
  const name = `mcp__${message.source.replaceAll(':', '_')}__reply`
  const offers = (wanted: string): boolean => request.tools?.some((tool) => tool.name === wanted) === true
  if (offers(name)) return { tool: { name, input: { chat_id: message.chatId, text } } }
  const lookedUp = used.some((use) => use.name === 'ToolSearch')
  if (offers('ToolSearch') && !lookedUp)
    return { tool: { name: 'ToolSearch', input: { query: `select:${name}`, max_results: 5 } } }
  return { text: `no reply tool is offered for: ${text}` }
}

const reminder = /<system-reminder>[\s\S]*?<\/system-reminder>/g

const toTyped = (turn: readonly Message[], printed: readonly string[]): Turn => {
  const typed = turn
    .filter(({ role }) => role === 'user')
    .map(textOf)
    .join('\n')
    .replace(reminder, '')
  const line = typed.trim().split('\n').at(-1)?.trim() ?? ''
  const command = commandIn(line)
  const result = printed.at(-1)
  if (command !== null) return result === undefined ? { tool: command } : { text: result }
  return { ...pause(line, 0), text: `typed: ${line}` }
}

const orderIn = (text: string): { readonly order: string | null; readonly rest: string } => {
  const [, order, rest] = /^(run|read|slow|ask|say): *([\s\S]*)$/.exec(text.trim()) ?? []
  return { order: order ?? null, rest: rest ?? '' }
}

const commandIn = (text: string): NonNullable<Turn['tool']> | null => {
  const { order, rest } = orderIn(text)
  if (order === 'run')
    return { name: 'Bash', input: { command: rest, description: 'What the test asked for' } }
  if (order === 'ask') return { name: 'AskUserQuestion', input: { questions: [question(rest)] } }
  return order === 'read' ? { name: 'Read', input: { file_path: rest } } : null
}

const question = (text: string) => ({
  question: text,
  header: 'Test',
  multiSelect: false,
  options: ['Yes', 'No'].map((label) => ({ label, description: `${label}, of two` })),
})

/** Before the answer, and before the turn's end. */
const pause = (text: string, which: 0 | 1): { readonly afterMs?: number } => {
  const { order, rest } = orderIn(text)
  const seconds = rest.split(',')[which]
  return order === 'slow' && seconds !== undefined ? { afterMs: Number.parseFloat(seconds) * 1000 } : {}
}
