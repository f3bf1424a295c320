import type { ChildProcess } from 'node:child_process'
import { type Fields, fields } from './json.ts'

export type Rpc = {
  /** Resolves with the result; rejects when the server answers with an error, ends, or has ended. */
  readonly request: (method: string, params: object) => Promise<Fields>
  readonly notify: (method: string, params: object) => void
  /** False once the server has ended. */
  readonly isOpen: () => boolean
}

/** JSON-RPC over a child's stdio, one message per line. */
export const openRpc = (child: ChildProcess, notified: (method: string, params: Fields) => void): Rpc => {
  const waiting = new Map<
    number,
    { readonly done: (result: Fields) => void; readonly fail: (error: Error) => void }
  >()
  const send = (message: object) =>
    void child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const take = (line: string) => {
    const { id, method, params, result, error } = parse(line)
    if (typeof method === 'string') return notified(method, fields(params))
    const asked = waiting.get(Number(id))
    waiting.delete(Number(id))
    if (error !== undefined) asked?.fail(new Error(String(fields(error).message)))
    else asked?.done(fields(result))
  }
  let rest = ''
  let next = 0
  let isClosed = false
  child.stdin?.on('error', () => undefined)
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') take(line)
  })
  child.on('close', () => {
    isClosed = true
    for (const asked of waiting.values()) asked.fail(new Error('Connection closed'))
    waiting.clear()
  })
  return {
    notify: (method, params) => send({ method, params }),
    isOpen: () => !isClosed,
    request: (method, params) =>
      new Promise((done, fail) => {
        if (isClosed) return fail(new Error('Not connected'))
        next += 1
        waiting.set(next, { done, fail })
        send({ id: next, method, params })
      }),
  }
}

const parse = (line: string): Fields => {
  try {
    return fields(JSON.parse(line))
  } catch {
    return {}
  }
}
