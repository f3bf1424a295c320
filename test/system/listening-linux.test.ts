import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createListening } from '../../src/system/listening-linux.ts'
import { createProcesses } from '../../src/system/processes.ts'
import { ownFolder } from './own.ts'

const heading =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const row = (local: string, state: string, number = 0) =>
  `   ${number}: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 5 1 0000 20\n`

/** A made-up /proc with these tables. */
const madeUp = (tables: Readonly<Partial<Record<'tcp' | 'tcp6', string>>>) => {
  const dir = ownFolder()
  mkdirSync(join(dir, 'self/net'), { recursive: true })
  for (const [table, text] of Object.entries(tables))
    writeFileSync(join(dir, 'self/net', table), heading + text)
  return { dir, listens: createListening(dir) }
}

const local = '0100007F:2253'
const all6 = `${'0'.repeat(32)}:2253`

test.each<[what: string, tables: Parameters<typeof madeUp>[0], listens: boolean]>([
  ['one that listens', { tcp: row(local, '0A') }, true],
  ['among many, by a number of two digits', { tcp: row('0100007F:0016', '0A') + row(local, '0A', 12) }, true],
  ['on all addresses of IPv6', { tcp: '', tcp6: row(all6, '0A') }, true],
  ['no table of IPv6', { tcp: '' }, false],
  ['another port', { tcp: row('0100007F:2254', '0A') }, false],
  ['a connection from that port', { tcp: row(local, '01') }, false],
  ['one that waits', { tcp: row(local, '06') }, false],
  ['a connection to that port', { tcp: row('0100007F:C350', '0A').replace('00000000:0000', local) }, false],
  ['nothing', { tcp: '', tcp6: '' }, false],
])('port 8787: %s', (_, tables, listens) => {
  expect(madeUp(tables).listens(8787)).toBe(listens)
})

test('a small port is written with zeros in front', () => {
  expect(madeUp({ tcp: row('00000000:0050', '0A') }).listens(80)).toBe(true)
})

test('tables that nobody may see say nothing', () => {
  expect(createListening(ownFolder())(8787)).toBeNull()
  expect(madeUp({}).listens(8787)).toBeNull()
})

test('what can not be read for another cause is a fault, not a free port', () => {
  const { dir, listens } = madeUp({})
  mkdirSync(join(dir, 'self/net/tcp'))
  expect(() => listens(8787)).toThrow('EISDIR')
})

test('a table that is closed to us is none', ({ skip }) => {
  // Root may read everything.
  if (process.getuid?.() === 0) return skip()
  const { dir, listens } = madeUp({ tcp: row(local, '0A') })
  chmodSync(join(dir, 'self/net/tcp'), 0)
  expect(listens(8787)).toBeNull()
})

const hosts = Object.values(networkInterfaces()).some((each) => each?.some(({ family }) => family === 'IPv6'))
  ? ['127.0.0.1', '::1', '::']
  : ['127.0.0.1']

test.runIf(process.platform === 'linux').each(hosts)('a socket of this very process on %s', async (host) => {
  const server = createServer()
  onTestFinished(() => void server.close())
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { listens } = createProcesses(process.platform)
  expect(listens(port)).toBe(true)
  server.close()
  await once(server, 'close')
  expect(listens(port)).toBe(false)
})
