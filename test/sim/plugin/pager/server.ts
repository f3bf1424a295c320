// A channel as somebody writes one for themselves: files put into `$HOME/pager/$CHANNELS_SESSION/in` are messages, the
// answers are files in `…/out`. The same program is a plugin and a server of `.mcp.json`. It ends with its client.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { serveRpc } from '../shared/rpc.ts'
import { type Input, tool } from '../shared/tool.ts'

const everyMs = 50
// A client registers the channel some time after the handshake, and drops what comes before.
const firstMs = 500

const folder = join(homedir(), 'pager', process.env.CHANNELS_SESSION ?? 'none')
const [inbox, outbox] = [join(folder, 'in'), join(folder, 'out')]

const main = () => {
  for (const one of [inbox, outbox]) mkdirSync(one, { recursive: true })
  const rpc = serveRpc({
    name: 'pager',
    // An MCP server like any other, where nobody has thought of it.
    experimental: process.env.PAGER_DECLARES === 'nothing' ? {} : { 'claude/channel': {} },
    instructions:
      'Messages arrive as <channel source="pager" chat_id="pager" message_id="...">. Answer with the reply tool.',
    tools: [tool('reply', 'Answer a message.', ['chat_id', 'text'])],
    callTool: async (name, input) => callTool(name, input),
    notified: (method) => {
      if (method === 'notifications/initialized') setTimeout(look, firstMs)
    },
  })
  const look = () => {
    for (const name of messages()) {
      const message = take(name)
      if (message !== null) rpc.notify('notifications/claude/channel', message)
    }
    setTimeout(look, everyMs)
  }
  void rpc.closed.then(() => process.exit(0))
  rpc.listen()
}

const messages = (): readonly string[] =>
  readdirSync(inbox)
    .filter((name) => !name.startsWith('.'))
    .sort()

/** Null where another pager of the session has it. */
const take = (name: string) => {
  const ours = join(inbox, `.${name}.${process.pid}`)
  try {
    renameSync(join(inbox, name), ours)
  } catch {
    return null
  }
  const content = readFileSync(ours, 'utf8')
  rmSync(ours)
  return {
    content,
    meta: { chat_id: 'pager', message_id: name, user: 'pager', ts: new Date().toISOString() },
  }
}

let answered = 0

const callTool = (name: string, { text }: Input): string => {
  if (name !== 'reply') throw new Error(`unknown tool: ${name}`)
  answered += 1
  const file = `${Date.now()}-${process.pid}-${answered}`
  writeFileSync(join(outbox, `.${file}`), String(text ?? ''))
  renameSync(join(outbox, `.${file}`), join(outbox, file))
  return `sent (id: ${file})`
}

main()
