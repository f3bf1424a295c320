import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as mcpLog from '../../src/claude/mcp-log.ts'
import { explainLogLine, withoutMessage } from '../../src/claude/mcp-log-words.ts'
import { clientPaths, mcpLogFolder } from '../../src/claude/paths.ts'
import type { Channel } from '../../src/core/channel.ts'
import { redact } from '../../src/core/redact.ts'
import { createChannelLog } from '../../src/keeper/channel-log.ts'
import { writeRun } from '../../src/keeper/session-records.ts'
import { systemClock } from '../../src/system/clock.ts'
import { files } from '../../src/system/files.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { createJournal } from '../../src/system/journal.ts'
import { createProcesses } from '../../src/system/processes.ts'
import { createTail } from '../../src/system/tail.ts'
import { run, session } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

const begun = Date.now() - 60_000
const row = (text: string, sessionId: string) =>
  `${JSON.stringify({ debug: text, timestamp: new Date(begun).toISOString(), sessionId })}\n`

/** A machine on which the session's run is on record; `write` appends to the log of a client's start. */
const place = () => {
  const home = ownFolder()
  const folders = resolveFolders({ CHANNELS_HOME: ownFolder() }, '/nowhere')
  const paths = clientPaths({}, home, 'linux')
  const processes = createProcesses(process.platform)
  const claude = { ...mcpLog, explainLogLine, withoutMessage, mcpLogFolder, sessionPaths: () => paths }
  const journal = createJournal(folders.journal, { now: () => begun })
  const world = { files, folders, processes, createTail, clock: systemClock, redact, claude, journal }
  const start = (id: string, conversation: string, startedAt: number) =>
    writeRun(world, 'work', run({ run: id, conversation, startedAt }))
  const write = (channel: Channel | undefined, startedAt: number, text: string) => {
    const folder = mcpLogFolder(paths, session.cwd, channel ?? { id: '', server: null })
    mkdirSync(folder, { recursive: true })
    appendFileSync(join(folder, `${new Date(startedAt).toISOString().replace(/[:.]/g, '-')}.jsonl`), text)
  }
  return { world, start, write }
}
const lastly = (last: number) => ({ last, since: null })
const texts = async (read: ReturnType<typeof createChannelLog>) => (await read()).map(({ text }) => text)

test('the last lines first, then what is new, then the log of the next client from its beginning', async () => {
  const { world, start, write } = place()
  const [channel] = session.channels
  start('run-1', 'c1', begun)
  write(channel, begun, ['one', 'two', 'three'].map((text) => row(text, 'c1')).join(''))
  const read = createChannelLog(world, session, lastly(2))
  expect(await texts(read)).toEqual(['two', 'three'])
  expect(await texts(read)).toEqual([])
  write(channel, begun, `torn\n${['four', 'five', 'six'].map((text) => row(text, 'c1')).join('')}`)
  expect(await texts(read)).toEqual(['four', 'five', 'six'])
  start('run-2', 'c2', begun + 5_000)
  write(channel, begun + 5_000, ['a', 'b', 'c'].map((text) => row(text, 'c2')).join(''))
  expect(await texts(read)).toEqual(['a', 'b', 'c'])
})

test('what a client logs later is shown, however few lines were asked for at first', async () => {
  const { world, start, write } = place()
  const read = createChannelLog(world, session, lastly(0))
  expect(await texts(read)).toEqual([])
  start('run-1', 'c1', begun)
  write(session.channels[0], begun, row('one', 'c1'))
  expect(await texts(read)).toEqual(['one'])
})

test('a second channel that comes later repeats nothing of the first', async () => {
  const { world, start, write } = place()
  const [first] = session.channels
  if (first === undefined) throw new Error('the session has no channel')
  const second: Channel = { ...first, id: 'plugin:telegram@other', stateDir: '/home/me/other' }
  const read = createChannelLog(world, { ...session, channels: [first, second] }, lastly(9))
  start('run-1', 'c1', begun)
  write(first, begun, row('one', 'c1'))
  expect(await texts(read)).toEqual(['one'])
  write(second, begun, row('two', 'c1'))
  expect(await texts(read)).toEqual(['two'])
})

test('a message that an older client wrote down whole is told by its length', async () => {
  const { world, start, write } = place()
  start('run-1', 'c1', begun)
  write(session.channels[0], begun, row('notifications/claude/channel: my secret\nof two lines', 'c1'))
  const [line] = await createChannelLog(world, session, lastly(9))()
  expect(line?.text).toBe('notifications/claude/channel (22 chars)')
  expect(line?.explained?.meaning).toBe('inbound')
})

/** Client starts that the journal has, each with its log. */
const started = (texts: readonly (readonly [minutesAgo: number, conversation: string, text: string])[]) => {
  const { world, start, write } = place()
  const [channel] = session.channels
  const now = Date.now()
  const at = (minutesAgo: number) => now - minutesAgo * 60_000
  const begin = (minutesAgo: number, conversation: string) => {
    const run = `run-${minutesAgo}`
    start(run, conversation, at(minutesAgo))
    world.journal.append('work', { type: 'client-started', run, conversation, resumed: true, pid: null })
  }
  const say = (minutesAgo: number, conversation: string, text: string, later = 0) =>
    write(
      channel,
      at(minutesAgo),
      row(text, conversation).replace(
        new Date(begun).toISOString(),
        Number.isNaN(later) ? 'never' : new Date(at(minutesAgo) + later).toISOString(),
      ),
    )
  for (const [minutesAgo, conversation, text] of texts) {
    begin(minutesAgo, conversation)
    say(minutesAgo, conversation, text)
  }
  return { world, begin, say, at }
}

test('what is wanted reaches back over earlier starts, of earlier conversations, too', async () => {
  const { world, say, at } = started([
    [600, 'c0', 'of a conversation before, ten hours ago'],
    [60, 'c1', 'Server stderr: PANIC why it died'],
    [30, 'c1', 'died again'],
    [10, 'c1', 'runs'],
  ])
  // Another session's, in the same folder.
  say(20, 'stranger', 'not of ours')
  const read = (last: number, since: number | null) =>
    texts(createChannelLog(world, session, { last, since }))
  const all = Number.POSITIVE_INFINITY
  expect(await read(all, at(120))).toEqual([
    'of a conversation before, ten hours ago',
    'Server stderr: PANIC why it died',
    'died again',
    'runs',
  ])
  expect(await read(all, at(40))).toEqual(['Server stderr: PANIC why it died', 'died again', 'runs'])
  expect(await read(all, at(1))).toEqual(['runs'])
  expect(await read(2, null)).toEqual(['died again', 'runs'])
  expect(await read(100, null)).toHaveLength(4)
  expect(await read(0, null)).toEqual([])
})

test('a line of the days before the clock was set does not end the looking back', async () => {
  const { world, say, at } = started([
    [60, 'c1', 'an hour ago'],
    [30, 'c1', 'lately'],
  ])
  say(30, 'c1', 'in 1970', -at(30))
  const { length } = await texts(createChannelLog(world, session, { last: 1_000, since: at(50) }))
  expect(length).toBe(3)
})

test('a line without a time is of that of the line before it', async () => {
  const { world, say, at } = started([[60, 'c1', 'an hour ago']])
  say(60, 'c1', 'no time', Number.NaN)
  const lines = await createChannelLog(world, session, lastly(9))()
  expect(lines.map((line) => line.at)).toEqual([at(60), at(60)])
})

test('looking back, no more is opened than is wanted', async () => {
  const { world } = started(Array.from({ length: 40 }, (_, i) => [100 - i, 'c1', `start ${i}`] as const))
  const opened = new Set<string>()
  const counting: typeof createTail = (path, options) => {
    if (path.includes('mcp-logs')) opened.add(path)
    return createTail(path, options)
  }
  expect(await texts(createChannelLog({ ...world, createTail: counting }, session, lastly(3)))).toHaveLength(
    3,
  )
  expect(opened.size).toBe(3)
})

test('followed, a client that dies is heard to its end, and one that came and went between two looks', async () => {
  const { world, begin, say } = started([[30, 'c1', 'runs']])
  const read = createChannelLog(world, session, lastly(9))
  expect(await texts(read)).toEqual(['runs'])
  say(30, 'c1', 'Server stderr: PANIC why it died', 1_000)
  begin(20, 'c2')
  say(20, 'c2', 'died at once')
  begin(10, 'c2')
  expect(await texts(read)).toEqual(['Server stderr: PANIC why it died', 'died at once'])
  say(10, 'c2', 'runs again')
  expect(await texts(read)).toEqual(['runs again'])
  expect(await texts(read)).toEqual([])
})
