// A channel plugin with a page on this machine after the contract of fakechat 0.0.1 (its source): no token, no access
// list, and it outlives a client that was killed, holding its port (field notes, sections 2 and 3).
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { serveRpc } from '../shared/rpc.ts'
import { homeConfig } from '../shared/state.ts'
import { type Input, tool } from '../shared/tool.ts'
import { openWeb, type Said, type Web } from './web.ts'

const stateDir = join(homeConfig(), 'channels', 'fakechat')

const main = async () => {
  const port = Number(process.env.FAKECHAT_PORT ?? 8787)
  const waiting: Said[] = []
  let hear = (said: Said): void => void waiting.push(said)
  // The official one connects first; the real Bun ends before it has answered where the port is taken (section 2).
  const web = await openWeb(port, (said) => hear(said)).catch(() => null)
  if (web === null) {
    process.stderr.write(`error: Failed to start server. Is port ${port} in use?\n`)
    process.exitCode = 1
    return
  }
  process.stderr.write(`fakechat: http://localhost:${port}\n`)
  const rpc = serveRpc({
    name: 'fakechat',
    experimental: { 'claude/channel': {} },
    instructions:
      'Messages from the page arrive as <channel source="fakechat" chat_id="web" message_id="...">. Answer with the reply tool.',
    tools: [
      tool('reply', 'Show a message on the page.', ['text', 'reply_to?']),
      tool('edit_message', 'Edit a message that was shown.', ['message_id', 'text']),
    ],
    callTool: async (name, input) => callTool(web, name, input),
    notified: (method) => {
      if (method !== 'notifications/initialized') return
      hear = (said) => rpc.notify('notifications/claude/channel', messageOf(said))
      for (const said of waiting.splice(0)) hear(said)
    },
  })
  rpc.listen()
}

const messageOf = ({ id, text, file }: Said) => {
  const path = file === null ? null : save(file)
  return {
    content: text || (path === null ? '' : `(attached ${basename(path)})`),
    meta: {
      chat_id: 'web',
      message_id: id,
      user: 'web',
      ts: new Date().toISOString(),
      ...(path === null ? {} : { file_path: path }),
    },
  }
}

const save = ({ name, bytes }: NonNullable<Said['file']>): string => {
  const inbox = join(stateDir, 'inbox')
  mkdirSync(inbox, { recursive: true })
  const path = join(inbox, `${Date.now()}-${basename(name)}`)
  writeFileSync(path, bytes)
  return path
}

let shown = 0

const callTool = (web: Web, name: string, input: Input): string => {
  const text = String(input.text ?? '')
  if (name === 'edit_message') {
    web.show({ type: 'edit', id: input.message_id, text })
    return 'ok'
  }
  if (name !== 'reply') throw new Error(`unknown tool: ${name}`)
  shown += 1
  const id = `m${Date.now()}-${shown}`
  const replied = input.reply_to === undefined ? {} : { replyTo: input.reply_to }
  web.show({ type: 'msg', id, from: 'assistant', text, ts: Date.now(), ...replied })
  return `sent (${id})`
}

void main()
