import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { openRpc } from './client/rpc.ts'

test('a server that ends, or has ended, refuses: a call that waited for ever would keep the client busy', async () => {
  const server = spawn('sleep', ['60'])
  const rpc = openRpc(server, () => undefined)
  const waiting = rpc.request('tools/call', {})
  const closed = once(server, 'close')
  server.kill('SIGKILL')
  await expect(waiting).rejects.toThrow('Connection closed')
  await closed
  await expect(rpc.request('tools/call', {})).rejects.toThrow('Not connected')
})
