import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as mcpLog from '../../src/claude/mcp-log.ts'
import { clientPaths, mcpLogFolder } from '../../src/claude/paths.ts'
import { emptyMcpLog } from '../../src/core/client.ts'
import { createLogReader, findLog, lastLoggedConversation } from '../../src/keeper/log-reader.ts'
import { systemClock } from '../../src/system/clock.ts'
import { createTail } from '../../src/system/tail.ts'
import { run, session } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

test('the newest conversation is found in a log longer than one read', () => {
  const home = ownFolder()
  const paths = clientPaths({}, home, 'linux')
  const [channel] = session.channels
  const folder = mcpLogFolder(paths, session.cwd, channel ?? { id: '', server: null })
  mkdirSync(folder, { recursive: true })
  const { conversation } = run()
  const newest = '22222222-2222-4222-8222-222222222222'
  const line = (sessionId: string) =>
    `${JSON.stringify({ debug: 'x'.repeat(900), timestamp: new Date().toISOString(), sessionId, cwd: session.cwd })}\n`
  writeFileSync(
    join(folder, `${new Date().toISOString().replace(/[:.]/g, '-')}.jsonl`),
    line(conversation).repeat(6_000) + line(newest),
  )
  const world = { createTail, clock: systemClock, claude: { ...mcpLog, mcpLogFolder } }
  const started = run({ startedAt: Date.now() - 60_000 })
  expect(lastLoggedConversation(world, session, paths, started)).toBe(newest)
  // Set up with another folder since, and not started there yet.
  const moved = { ...session, cwd: '/home/me/elsewhere' }
  expect(lastLoggedConversation(world, moved, paths, { ...started, cwd: session.cwd })).toBe(newest)
  expect(lastLoggedConversation(world, moved, paths, { ...started, cwd: null })).toBeNull()
})

test('a log of which the middle is passed over says of the channel what the whole log says', () => {
  const home = ownFolder()
  const paths = clientPaths({}, home, 'linux')
  const [channel] = session.channels
  if (channel === undefined) throw new Error('the session has no channel')
  const folder = mcpLogFolder(paths, session.cwd, channel)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${new Date().toISOString().replace(/[:.]/g, '-')}.jsonl`)
  const world = { createTail, clock: systemClock, claude: { ...mcpLog, mcpLogFolder } }
  const [first, middle, last] = [run().conversation, '2', '3'].map((id) => id.padEnd(36, '2'))
  let second = 0
  const line = (text: string, sessionId = first, key = 'debug') =>
    JSON.stringify({ [key]: text, timestamp: new Date(1_795_341_600_000 + second++ * 1_000), sessionId })
  const message = `notifications/claude/channel: ${'x'.repeat(4_000)}`
  const fill = (mib: number, id?: string) => Array.from({ length: mib * 260 }, () => line(message, id))
  const live = [
    'Starting connection with timeout of 30000ms',
    'Successfully connected',
    'Channel notifications registered',
  ]
  const failed = 'Connection failed (CONNECTION_CLOSED): Connection closed'
  for (const between of [
    [],
    ['Sending SIGINT to MCP server process', 'MCP server process exited cleanly'],
    ['Starting connection with timeout of 30000ms', failed],
    [
      'Starting connection with timeout of 30000ms',
      'Server stderr: telegram: TELEGRAM_BOT_TOKEN required',
      failed,
    ],
    [...live.slice(0, 2), 'Channel notifications skipped: channels not enabled by org policy'],
    [
      'Starting connection with timeout of 1ms',
      'Server stderr: x (401: Unauthorized), retrying',
      ...live.slice(1),
    ],
    [failed, ...live],
  ]) {
    const texts = [
      ...live.map((text) => line(text)),
      ...fill(1),
      ...between.map((text) => line(text, middle)),
    ]
    const lines = [...texts, ...fill(1, middle), ...fill(1, last)]
    writeFileSync(file, lines.map((text) => `${text}\n`).join(''))
    const whole = lines.reduce(mcpLog.foldMcpLog, emptyMcpLog)
    const started = run({ startedAt: Date.now() - 60_000 })
    const found = createLogReader(world)(session, channel, paths, started, { pid: 7, start: '1' })
    expect(found?.inbound).toBeLessThan(whole.inbound)
    const { inbound, conversations, arrivals } = found ?? emptyMcpLog
    expect(found).toEqual({ ...whole, inbound, conversations, arrivals })
    expect(found?.conversation).toBe(last)
  }
})

test('the log of another client is told by its beginning, and left there', () => {
  const home = ownFolder()
  const paths = clientPaths({}, home, 'linux')
  const [channel] = session.channels
  if (channel === undefined) throw new Error('the session has no channel')
  const folder = mcpLogFolder(paths, session.cwd, channel)
  mkdirSync(folder, { recursive: true })
  const row = (sessionId: string) =>
    `${JSON.stringify({ debug: 'x'.repeat(900), timestamp: new Date().toISOString(), sessionId })}\n`
  const [own, other] = [2, 1].map((second) =>
    join(folder, `${new Date(Date.now() - second * 1_000).toISOString().replace(/[:.]/g, '-')}.jsonl`),
  )
  const { conversation } = run()
  writeFileSync(own ?? '', row(conversation))
  writeFileSync(other ?? '', row('another').repeat(3_000) + row(conversation))
  let lines = 0
  const counted: typeof createTail = (path, options) => ({
    *readAll() {
      for (const line of createTail(path, options).readAll()) {
        lines += 1
        yield line
      }
    },
  })
  const world = { createTail: counted, clock: systemClock, claude: { ...mcpLog, mcpLogFolder } }
  const started = run({ startedAt: Date.now() - 60_000 })
  const found = createLogReader(world)(session, channel, paths, started, { pid: 7, start: '1' })
  expect(found?.conversations).toEqual([conversation])
  expect(lines).toBeLessThan(400)
  expect(findLog(world, session, channel, paths, started)).toBe(own)
})

test('each line counts once: of a log that was just opened, and of one that grew', () => {
  const home = ownFolder()
  const paths = clientPaths({}, home, 'linux')
  const [channel] = session.channels
  if (channel === undefined) throw new Error('the session has no channel')
  const folder = mcpLogFolder(paths, session.cwd, channel)
  mkdirSync(folder, { recursive: true })
  const { conversation } = run()
  const file = join(folder, `${new Date().toISOString().replace(/[:.]/g, '-')}.jsonl`)
  const inbound = `${JSON.stringify({ debug: 'notifications/claude/channel (3 chars)', timestamp: new Date().toISOString(), sessionId: conversation })}\n`
  writeFileSync(file, inbound)
  let reads = 0
  const counted: typeof createTail = (path, options) => {
    const tail = createTail(path, options)
    const readAll = () => {
      reads += 1
      return tail.readAll()
    }
    return { ...tail, readAll }
  }
  const world = { createTail: counted, clock: systemClock, claude: { ...mcpLog, mcpLogFolder } }
  const read = createLogReader(world)
  const look = () =>
    read(session, channel, paths, run({ startedAt: Date.now() - 60_000 }), { pid: 7, start: '1' })?.inbound
  expect([look(), reads]).toEqual([1, 1])
  expect(look()).toBe(1)
  appendFileSync(file, inbound.repeat(2))
  expect(look()).toBe(3)
})

test('a server that failed before a resumed client named its conversation: its only log is its', () => {
  const home = ownFolder()
  const paths = clientPaths({}, home, 'linux')
  const [channel] = session.channels
  if (channel === undefined) throw new Error('the session has no channel')
  const folder = mcpLogFolder(paths, session.cwd, channel)
  mkdirSync(folder, { recursive: true })
  const write = (secondsAgo: number, sessionId: string, ...texts: readonly string[]) => {
    const at = new Date(Date.now() - secondsAgo * 1_000).toISOString()
    const rows = texts.map((debug) => `${JSON.stringify({ debug, timestamp: at, sessionId })}\n`)
    writeFileSync(join(folder, `${at.replace(/[:.]/g, '-')}.jsonl`), rows.join(''))
  }
  const world = { createTail, clock: systemClock, claude: { mcpLogFolder, ...mcpLog } }
  const startedAt = Date.now() - 60_000
  const read = (resumed: boolean) =>
    createLogReader(world)(session, channel, paths, run({ startedAt, resumed }), { pid: 7, start: '1' })
  const starting = 'Starting connection with timeout of 30000ms'
  const closed = 'Connection failed: MCP error -32000: Connection closed'
  write(90, 'earlier', starting, closed)
  expect(read(true)).toBeNull()
  write(50, 'thrown away', starting, closed)
  expect(read(true)?.failed?.why).toBe('connection-closed')
  expect(read(false)).toBeNull()
  // Whose this one is cannot be told any more.
  write(40, 'of another', starting, closed)
  expect(read(true)).toBeNull()
  write(30, run().conversation, starting)
  expect(read(true)?.failed).toBeNull()
})

test('the log of another client that is well is nobody else’s', () => {
  const home = ownFolder()
  const paths = clientPaths({}, home, 'linux')
  const [channel] = session.channels
  if (channel === undefined) throw new Error('the session has no channel')
  const folder = mcpLogFolder(paths, session.cwd, channel)
  mkdirSync(folder, { recursive: true })
  const at = new Date(Date.now() - 50_000).toISOString()
  const row = { debug: 'Channel notifications registered', timestamp: at, sessionId: 'another' }
  writeFileSync(join(folder, `${at.replace(/[:.]/g, '-')}.jsonl`), `${JSON.stringify(row)}\n`)
  const world = { createTail, clock: systemClock, claude: { mcpLogFolder, ...mcpLog } }
  const started = run({ startedAt: Date.now() - 60_000, resumed: true })
  expect(createLogReader(world)(session, channel, paths, started, { pid: 7, start: '1' })).toBeNull()
})
