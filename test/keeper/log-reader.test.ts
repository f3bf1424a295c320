import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as mcpLog from '../../src/claude/mcp-log.ts'
import { clientPaths, mcpLogFolder } from '../../src/claude/paths.ts'
import { createLogReader, lastLoggedConversation } from '../../src/keeper/log-reader.ts'
import { systemClock } from '../../src/system/clock.ts'
import { createTail } from '../../src/system/tail.ts'
import { run, session } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

test('the newest conversation is found in a log longer than one read', () => {
  const home = ownFolder()
  const paths = clientPaths({}, home, 'linux')
  const [channel] = session.channels
  const folder = mcpLogFolder(paths, session.cwd, channel?.id ?? '')
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
})

test('each line counts once: of a log that was just opened, and of one that grew', () => {
  const home = ownFolder()
  const paths = clientPaths({}, home, 'linux')
  const [channel] = session.channels
  if (channel === undefined) throw new Error('the session has no channel')
  const folder = mcpLogFolder(paths, session.cwd, channel.id)
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
