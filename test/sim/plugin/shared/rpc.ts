import { asRecord } from './record.ts'
import type { Tool } from './tool.ts'

export type Served = {
  readonly name: string
  /** What makes it a channel, and one that can relay permission prompts (field notes, sections 3 and 8). */
  readonly experimental: { readonly 'claude/channel'?: object; readonly 'claude/channel/permission'?: object }
  readonly instructions: string
  readonly tools: readonly Tool[]
  readonly callTool: (name: string, input: Readonly<Record<string, unknown>>) => Promise<string>
  readonly notified: (method: string, params: Readonly<Record<string, unknown>>) => void
}

export type Rpc = {
  readonly notify: (method: string, params: Readonly<Record<string, unknown>>) => void
  readonly listen: () => void
  /** False once the client has closed our stdin. */
  readonly isOpen: () => boolean
  /** Resolves once the client has closed our stdin. */
  readonly closed: Promise<void>
}

/** MCP over stdio: one JSON-RPC message per line, both ways. Listens from `listen()` on. */
export const serveRpc = (served: Served): Rpc => {
  const send = (message: object) =>
    void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const take = async (line: string) => {
    const { id, method, params } = asRecord(JSON.parse(line))
    if (typeof method !== 'string') return
    if (id === undefined) return served.notified(method, asRecord(params))
    const result = await answer(served, method, asRecord(params))
    send(
      result === null
        ? { id, error: { code: -32601, message: `Method not found: ${method}` } }
        : { id, result },
    )
  }
  let rest = ''
  let open = true
  let close = (): void => undefined
  const closed = new Promise<void>((done) => {
    close = () => {
      open = false
      done()
    }
  })
  return {
    notify: (method, params) => send({ method, params }),
    isOpen: () => open,
    closed,
    listen: () => {
      process.stdin.setEncoding('utf8')
      process.stdin.on('end', () => close())
      process.stdin.on('close', () => close())
      process.stdout.on('error', () => close())
      process.stdin.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) if (line.trim() !== '') void take(line)
      })
    },
  }
}

const answer = async (
  served: Served,
  method: string,
  params: Readonly<Record<string, unknown>>,
): Promise<object | null> => {
  if (method === 'initialize')
    return {
      protocolVersion: params.protocolVersion ?? '2025-06-18',
      capabilities: { tools: {}, experimental: served.experimental },
      serverInfo: { name: served.name, version: '1.0.0' },
      instructions: served.instructions,
    }
  if (method === 'ping') return {}
  if (method === 'tools/list') return { tools: served.tools }
  if (method !== 'tools/call') return null
  try {
    const text = await served.callTool(String(params.name), asRecord(params.arguments))
    return { content: [{ type: 'text', text }] }
  } catch (error) {
    return { content: [{ type: 'text', text: String(error) }], isError: true }
  }
}
