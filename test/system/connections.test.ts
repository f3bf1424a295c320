import { once } from 'node:events'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createConnections } from '../../src/system/connections-linux.ts'
import { ownFolder } from './own.ts'

const row = (state: string, inode: number) =>
  `   0: 0100007F:1F90 0100007F:C350 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000 20\n`
const heading =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'

/** A made-up /proc: pid, network namespace, sockets. */
const madeUp = (...rows: readonly (readonly [number, string, readonly number[]])[]) => {
  const dir = ownFolder()
  for (const [pid, namespace, sockets] of rows) {
    for (const name of ['fd', 'ns', 'net']) mkdirSync(join(dir, `${pid}`, name), { recursive: true })
    symlinkSync(namespace, join(dir, `${pid}/ns/net`))
    for (const [fd, inode] of sockets.entries())
      symlinkSync(`socket:[${inode}]`, join(dir, `${pid}/fd/${fd}`))
  }
  const write = (pid: number, table: 'tcp' | 'tcp6', text: string) =>
    writeFileSync(join(dir, `${pid}/net/${table}`), heading + text)
  return { dir, write }
}

test('an established connection of its own, in either table; any other state, or somebody else’s, is none', () => {
  const { dir, write } = madeUp([10, 'net:[1]', [501, 502]], [11, 'net:[1]', [601]], [12, 'net:[2]', [501]])
  write(10, 'tcp', row('06', 502) + row('01', 700))
  write(10, 'tcp6', row('01', 501))
  write(12, 'tcp', row('0A', 501))
  const hasConnection = createConnections(dir)
  expect([10, 11, 12].map(hasConnection)).toEqual([true, false, false])
})

test('those of one namespace share its tables in one go; whoever waited reads anew', async () => {
  const { dir, write } = madeUp([10, 'net:[1]', [501]], [11, 'net:[1]', [601]], [12, 'net:[2]', [701]])
  write(10, 'tcp', row('01', 501) + row('01', 601))
  write(12, 'tcp', row('01', 701))
  const hasConnection = createConnections(dir)
  // Process 11 has no tables of its own here: it is answered by those of 10.
  expect([10, 11, 12].map(hasConnection)).toEqual([true, true, true])
  write(10, 'tcp', '')
  expect(hasConnection(10)).toBe(true)
  await null
  expect(hasConnection(10)).toBe(false)
})

test('a table that could not be read for one is read for the next', () => {
  const { dir, write } = madeUp([10, 'net:[1]', [501]], [11, 'net:[1]', [601]])
  write(11, 'tcp', row('01', 601))
  const hasConnection = createConnections(dir)
  expect([10, 11].map(hasConnection)).toEqual([null, true])
})

test('what is not there, or too long to be read now and then, is unknown', () => {
  const { dir, write } = madeUp([10, 'net:[1]', [501]], [11, 'net:[2]', []])
  expect([10, 11, 99].map(createConnections(dir))).toEqual([null, false, null])
  write(10, 'tcp', row('01', 501).repeat(40_000))
  expect(createConnections(dir)(10)).toBe(null)
})

test.runIf(process.platform === 'linux')('/proc: tells of this very process', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('it has no port')
  const socket = connect(address.port, '127.0.0.1')
  await once(socket, 'connect')
  try {
    expect(createConnections('/proc')(process.pid)).toBe(true)
  } finally {
    socket.destroy()
    server.close()
  }
})
