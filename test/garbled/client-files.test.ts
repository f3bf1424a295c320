import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { isDevelopmentChannel } from '../../src/claude/approved.ts'
import { recogniseDialog } from '../../src/claude/dialogs.ts'
import { foldExchanges } from '../../src/claude/exchanges.ts'
import { foldMcpLog, latestMcpLogs, parseLogLine } from '../../src/claude/mcp-log.ts'
import { createMcpServers } from '../../src/claude/mcp-servers.ts'
import * as needsAuth from '../../src/claude/needs-auth.ts'
import { clientPaths } from '../../src/claude/paths.ts'
import { marketplaceKnown, pluginEnabled, pluginInstalled, pluginServer } from '../../src/claude/plugins.ts'
import { parseSessionFile } from '../../src/claude/session-file.ts'
import { isResumable } from '../../src/claude/transcript.ts'
import { foldTranscript } from '../../src/claude/transcript-rows.ts'
import { emptyMcpLog, emptyTranscript } from '../../src/core/client.ts'
import { emptyExchangeRows, listExchanges } from '../../src/core/exchange.ts'
import { temporaryFolder } from '../claude/temporary-folder.ts'
import { feedGarbled, feedPrefixes, mutations } from './feed.ts'
import { isCount, isDate, must, mustBeUnpolluted, slowestMs } from './must.ts'
import * as samples from './samples.ts'

afterEach(mustBeUnpolluted)

const readLog = (text: string): void => {
  const lines = text.split('\n')
  const log = lines.reduce(foldMcpLog, emptyMcpLog)
  const notes = [log.skipped, log.failed, log.tokenRejected].filter((note) => note !== null)
  const times = [log.startedAt, log.connectedAt, log.registeredAt, log.closingAt, log.lastInboundAt]
  must([...times, ...notes.map(({ at }) => at)].every(isDate), 'a time is none')
  must([log.inbound, log.unknownLines].every(isCount), 'a count is none')
  must(
    notes.every((note) => note.text.length <= 500),
    'a note is long',
  )
  must(
    lines.slice(0, 2).every((line) => isDate(parseLogLine(line)?.at ?? null)),
    'the time of a line is none',
  )
}

test(
  'MCP logs',
  async () => {
    await feedPrefixes(samples.rowsOf(samples.logs), readLog)
    await feedGarbled(samples.logs, mutations, readLog)
  },
  slowestMs,
)

test('names of MCP logs', async () => {
  const folder = temporaryFolder()
  await feedGarbled([{ name: 'a name', text: '2026-11-22T10-00-05-000Z.jsonl' }], 200, (text) => {
    const name = text.replace(/[^\x20-\x2e\x30-\x7e]/g, '-').slice(0, 200)
    if (!/^\.*$/.test(name)) writeFileSync(join(folder, name), '')
  })
  const found = latestMcpLogs(folder, 0, Date.parse('2100-01-01T00:00:00Z'))
  expect(found.length).toBeGreaterThan(0)
  for (const path of found) expect(path).toMatch(/\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z\.jsonl$/)
})

const readTranscript = (text: string): void => {
  const lines = text.split('\n')
  const found = lines.reduce(foldTranscript, emptyTranscript)
  const { waiting, taken, failed, turn, retrying, apiFailure } = found
  must(
    [found.delivered, retrying?.times ?? 0, ...failed.map(({ messages }) => messages)].every(isCount),
    'no count',
  )
  must(
    [waiting, taken, failed, turn?.messages ?? []].every(({ length }) => length <= 200),
    'many messages',
  )
  must(
    [...waiting.map(({ key }) => key), ...taken].every((key) => key.length <= 500),
    'a long key',
  )
  must(found.lastDelivered.length <= 20, 'many channels')
  const times = [
    ...[
      ...found.lastDelivered.map(({ at }) => at),
      found.lastAssistantAt,
      found.lastRowAt,
      apiFailure?.at,
      apiFailure?.resetsAt,
      retrying?.at,
    ],
    ...[
      retrying?.since,
      retrying?.nextAt,
      turn?.at,
      ...waiting.map(({ at }) => at),
      ...failed.map(({ at }) => at),
    ],
  ].map((time) => time ?? null)
  must(times.every(isDate), 'a time is none')
  const rows = lines.reduce(foldExchanges, emptyExchangeRows)
  must(rows.messages.length <= 20 && rows.replies.length <= 200 && rows.results.length <= 20, 'many rows')
  for (const { at, text: said, user } of listExchanges(rows)) {
    must(isDate(at) && typeof said === 'string', 'no message')
    must(!user?.includes('[native code]'), 'a function for a name')
  }
}

test(
  'transcripts',
  async () => {
    await feedPrefixes(samples.rowsOf(samples.transcripts), readTranscript)
    await feedGarbled(samples.transcripts, mutations, readTranscript)
  },
  slowestMs,
)

test('whether a transcript can be resumed', async () => {
  const file = join(temporaryFolder(), 'transcript.jsonl')
  await feedGarbled(samples.transcripts, 50, (text) => {
    writeFileSync(file, text)
    must(typeof isResumable(file) === 'boolean', 'no answer')
  })
})

const activities: readonly string[] = ['idle', 'busy', 'waiting', 'shell', 'unknown']

const readSession = (text: string): void => {
  const file = parseSessionFile(text)
  if (file === null) return
  must(Number.isInteger(file.pid) && file.pid > 0, 'the pid is none')
  must(activities.includes(file.activity), 'the activity is none')
  for (const field of [file.procStart, file.conversation, file.cwd, file.version, file.waitingFor])
    must(field === null || typeof field === 'string', 'a text is none')
}

test(
  'session files',
  async () => {
    await feedPrefixes(samples.sessionFiles, readSession)
    await feedGarbled(samples.sessionFiles, mutations, readSession)
  },
  slowestMs,
)

/** Without these no screen may pass for that dialog: keys are pressed on it. */
const wordsOf = {
  'trust-dialog': ['Accessing workspace:', 'Yes, I trust this folder'],
  'development-dialog': ['WARNING: Loading development channels', 'I am using this for local development'],
  'bypass-dialog': ['running in Bypass Permissions mode', 'Yes, I accept'],
  'mcp-dialog': ['MCP server'],
  'resume-dialog': ['Resume '],
  'login-screen': [],
  'permission-prompt': ['Do you want to ', 'Yes', 'No'],
  'unknown-dialog': [],
} as const

const readScreen = (text: string): void => {
  const dialog = recogniseDialog(text)
  if (dialog !== null) for (const word of wordsOf[dialog.name]) must(text.includes(word), dialog.name)
}

test(
  'screens',
  async () => {
    await feedPrefixes(samples.screens, readScreen)
    await feedGarbled(samples.screens, mutations, readScreen)
  },
  slowestMs,
)

test('the cache that keeps a plugin from being started', async () => {
  const paths = clientPaths({}, temporaryFolder(), 'linux')
  mkdirSync(paths.config)
  let written: string | null = null
  const drop = needsAuth.dropNeedsAuth((_, text) => {
    written = String(text)
    return true
  })
  const read = (text: string): void => {
    writeFileSync(join(paths.config, 'mcp-needs-auth-cache.json'), text)
    written = null
    const done = drop(paths, ['plugin:telegram:telegram', 'toString'])
    must((done === 'removed') === (written !== null), `${done}, and ${written} was written`)
    if (written === null) return
    const { 'plugin:telegram:telegram': _, toString: __, ...others } = JSON.parse(text)
    must(written === JSON.stringify(others), `${written} was left`)
  }
  await feedGarbled(samples.needsAuthCaches, 200, read)
})

test('lists of plugins', async () => {
  const paths = clientPaths({}, temporaryFolder(), 'linux')
  const targets = ['plugins/installed_plugins.json', 'plugins/known_marketplaces.json', 'settings.json']
  const files = targets.map((target) => join(paths.config, target))
  for (const file of files) mkdirSync(dirname(file), { recursive: true })
  let count = 0
  const read = (text: string): void => {
    count += 1
    writeFileSync(files[count % files.length] ?? '', text)
    for (const key of ['telegram@market', '__proto__@constructor']) {
      const plugin = pluginInstalled(paths, key)
      must(plugin.is !== 'yes' || typeof plugin.value.root === 'string', 'no folder')
      must([true, false, null].includes(pluginEnabled(paths, key)), 'no answer')
      must([true, false, null].includes(marketplaceKnown(paths, key.slice(10))), 'no answer')
    }
  }
  await feedGarbled(samples.pluginLists, 300, read)
})

test('files that name servers', async () => {
  const home = temporaryFolder()
  const paths = clientPaths({}, home, 'linux')
  const targets = ['.claude.json', 'site/.mcp.json', 'site/.claude/settings.local.json']
  const files = [...targets, 'plugin/.mcp.json', 'plugin/.claude-plugin/plugin.json'].map((each) =>
    join(home, each),
  )
  for (const file of files) mkdirSync(dirname(file), { recursive: true })
  const { mcpServers, findMcpServer } = createMcpServers('linux', join(home, 'etc'))
  let count = 0
  const read = (text: string): void => {
    count += 1
    writeFileSync(files[count % files.length] ?? '', text)
    const servers = mcpServers(paths, { cwd: join(home, 'site'), arguments: [] })
    must(new Set(servers.map(({ name }) => name)).size === servers.length, 'one name twice')
    for (const { command, args, env, refusedIn } of servers) {
      must(
        [command, ...args, ...Object.values(env)].every((word) => typeof word === 'string'),
        'no text',
      )
      must(refusedIn === null || refusedIn.file === files[2], 'refused nowhere')
    }
    for (const name of ['toString', '__proto__', 'constructor'])
      must(
        servers.some((each) => each.name === name) ||
          findMcpServer(paths, { cwd: home, arguments: [] }, name).is !== 'program',
        'of every object',
      )
    const server = pluginServer(join(home, 'plugin'), 'pager')
    must(server === null || typeof server === 'string', 'no name')
    must(isDevelopmentChannel(paths, 'server:pager'), 'a server is approved')
    must(typeof isDevelopmentChannel(paths, 'plugin:pager@mine') === 'boolean', 'no answer')
  }
  await feedPrefixes(samples.serverFiles, read)
  await feedGarbled(samples.serverFiles, 500, read)
})
