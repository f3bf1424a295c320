import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldMcpLog, latestMcpLogs, mcpLogMarks } from '../../src/claude/mcp-log.ts'
import { mcpLogLines } from '../../src/claude/mcp-log-lines.ts'
import { emptyMcpLog, type McpLog } from '../../src/core/client.ts'
import { temporaryFolder } from './temporary-folder.ts'

const start = Date.parse('2026-11-22T10:00:00.000Z')
const line = (text: string, second = 0, conversation = 'c1') =>
  JSON.stringify({
    debug: text,
    timestamp: new Date(start + second * 1000).toISOString(),
    sessionId: conversation,
    cwd: '/w',
  })
const error = (text: string, second = 0) =>
  JSON.stringify({
    error: text,
    timestamp: new Date(start + second * 1000).toISOString(),
    sessionId: 'c1',
    cwd: '/w',
  })
/** So many seconds after the client of the files in `logs` was started. */
const at = (seconds: number) => Date.parse('2026-11-22T09:50:00.000Z') + seconds * 1000
const fold = (...lines: readonly string[]) => lines.reduce(foldMcpLog, emptyMcpLog)

const starting = 'Starting connection with timeout of 30000ms'
const connected = 'Successfully connected (transport: stdio) in 181ms'
const registered = 'Channel notifications registered'

test('a live channel, as 2.1.330 writes it', () => {
  const capabilities =
    'Connection established with capabilities: {"hasTools":true,"serverVersion":{"name":"telegram"}}'
  const log = fold(
    line(starting),
    line(connected, 1),
    line(capabilities, 1),
    line(registered, 2),
    line(registered, 2),
  )
  expect(log).toEqual({
    ...emptyMcpLog,
    firstAt: start,
    startedAt: start,
    connectedAt: start + 1000,
    registeredAt: start + 2000,
    conversations: ['c1'],
    conversation: 'c1',
  })
})

// Line for line as the field notes have them, in the form of the file; each is named by what it shows and the version.
test.each([
  [
    'live-2.1.139',
    { registeredAt: at(0.401), conversation: 'first', conversations: ['thrown away', 'first'] },
  ],
  ['live-2.1.330', { registeredAt: at(1.502), connectedAt: at(0.393), conversations: ['first'] }],
  ['messages-2.1.197', { inbound: 1, lastInboundAt: at(61), skipped: null, registeredAt: at(0.401) }],
  ['messages-2.1.330', { inbound: 2, lastInboundAt: at(95), unknownLines: 0 }],
  ['cleared-and-closed-2.1.330', { closingAt: at(200), conversation: 'second', unknownLines: 0 }],
  ['connected-again-2.1.330', { failed: null, startedAt: at(9), registeredAt: at(9.9) }],
  ['skipped-gate-2.1.330', { registeredAt: null, skipped: { why: 'gate' } }],
  ['skipped-org-policy-2.1.330', { registeredAt: null, skipped: { why: 'org-policy' } }],
  ['skipped-not-allowlisted-2.1.330', { registeredAt: null, skipped: { why: 'not-allowlisted' } }],
  ['skipped-not-listed-2.1.330', { registeredAt: null, skipped: { why: 'not-listed' } }],
  ['skipped-login-2.1.81', { registeredAt: null, skipped: { why: 'login' } }],
  ['failed-token-missing-2.1.330', { connectedAt: null, failed: { why: 'token-missing' } }],
  ['failed-bun-missing-2.1.330', { connectedAt: null, failed: { why: 'bun-missing' } }],
  ['failed-bun-missing-2.1.139', { connectedAt: null, failed: { why: 'bun-missing' } }],
  ['failed-port-taken-2.1.139', { connectedAt: null, failed: { why: 'port-taken' }, unknownLines: 0 }],
  ['failed-port-taken-2.1.197', { connectedAt: null, failed: { why: 'port-taken' } }],
  ['failed-port-taken-2.1.330', { connectedAt: null, failed: { why: 'port-taken' }, unknownLines: 0 }],
  // Registered, it says, by a server that is gone.
  ['ended-after-handshake-2.1.139', { registeredAt: at(0.74), failed: null, unknownLines: 0 }],
  ['ended-after-handshake-2.1.330', { registeredAt: at(1.502), failed: null, unknownLines: 0 }],
  // A tool call started the server anew, and nobody registered it.
  ['started-again-deaf-2.1.139', { registeredAt: null, connectedAt: at(64.34), inbound: 1, unknownLines: 0 }],
  ['started-again-deaf-2.1.330', { registeredAt: null, connectedAt: at(64.34), inbound: 1, unknownLines: 0 }],
  ['token-rejected-2.1.330', { registeredAt: at(1.502), tokenRejected: { why: 'token-rejected' } }],
])('%s', (name, says) => {
  const text = readFileSync(new URL(`logs/${name}.jsonl`, import.meta.url), 'utf8')
  expect(named(fold(...text.trimEnd().split('\n')))).toMatchObject(says)
})

const conversations: Readonly<Record<string, string>> = {
  '11111111-1111-4111-8111-111111111111': 'first',
  '22222222-2222-4222-8222-222222222222': 'second',
  '99999999-9999-4999-8999-999999999999': 'thrown away',
}
const named = (log: McpLog) => ({
  ...log,
  conversation: conversations[log.conversation ?? ''],
  conversations: log.conversations.map((id) => conversations[id]),
})

test.each([
  ['Channel notifications skipped: channels feature is not currently available', 'gate'],
  [
    'Channel notifications skipped: channels not enabled by org policy (set channelsEnabled: true in managed settings)',
    'org-policy',
  ],
  [
    "Channel notifications skipped: plugin telegram@m is not on your org's approved channels list (set allowedChannelPlugins in managed settings)",
    'not-allowlisted',
  ],
  [
    'Channel notifications skipped: plugin telegram@m is not on the approved channels allowlist (use --dangerously-load-development-channels for local dev)',
    'not-allowlisted',
  ],
  [
    'Channel notifications skipped: server plugin:telegram:telegram not in --channels list for this session',
    'not-listed',
  ],
  ['Channel notifications skipped: channels requires claude.ai authentication (run /login)', 'login'],
  ['Channel notifications skipped: server did not declare claude/channel capability', 'not-a-channel'],
  [
    'Channel notifications skipped: connection negotiated a modern protocol revision with no unsolicited notification path',
    'not-a-channel',
  ],
  // 2.1.139, 2.1.330.
  [
    'Channel notifications skipped: you asked for plugin:telegram@m but the installed telegram plugin is from elsewhere',
    'not-a-channel',
  ],
  [
    'Channel notifications skipped: you asked for plugin:telegram@m but the installed plugin is telegram@elsewhere',
    'not-a-channel',
  ],
  [
    'Channel notifications skipped: server pager is not on the approved channels allowlist (use --dangerously-load-development-channels for local dev)',
    'not-allowlisted',
  ],
  ['Channel notifications skipped: the moon is full', 'unknown'],
])('%s', (text, why) => {
  const log = fold(line(starting), line(connected), line(text, 3))
  expect(log.skipped).toEqual({ at: start + 3000, why, text })
  expect(log.registeredAt).toBeNull()
})

test.each([
  [
    'no token',
    [
      'Server stderr: telegram channel: TELEGRAM_BOT_TOKEN required\n  set in /s/.env',
      'Connection failed: MCP error -32000: Connection closed',
    ],
    'token-missing',
  ],
  [
    'no token, tried twice',
    [
      'stderr of the stdio server before restarting it: discord channel: DISCORD_BOT_TOKEN required\n',
      'Connection failed (CONNECTION_CLOSED): Connection closed',
    ],
    'token-missing',
  ],
  [
    'port, tried twice',
    [
      'stderr of the stdio server before restarting it: error: Failed to start server. Is port 8787 in use?\n',
      'Connection failed (CONNECTION_CLOSED): Connection closed',
    ],
    'port-taken',
  ],
  [
    'no cause, tried twice',
    [
      'stderr of the stdio server before restarting it: pager: cannot start\n',
      'Connection failed (CONNECTION_CLOSED): Connection closed',
    ],
    'connection-closed',
  ],
  ['no Bun', ['Connection failed (ENOENT): Executable not found in $PATH: "bun"'], 'bun-missing'],
  ['no Bun, 2.1.139', ['Connection failed: Executable not found in $PATH: "bun"'], 'bun-missing'],
  ['no Bun at its path', ['Connection failed: Executable not found in $PATH: "/opt/bun"'], 'bun-missing'],
  [
    'port, 2.1.330',
    [
      'Server stderr: $ bun server.ts\nerror: Failed to start server. Is port 8787 in use?',
      'Connection failed (CONNECTION_CLOSED): Connection closed',
    ],
    'port-taken',
  ],
  ['closed, 2.1.197', ['Connection failed: MCP error -32000: Connection closed'], 'connection-closed'],
  ['closed, 2.1.330', ['Connection failed (CONNECTION_CLOSED): Connection closed'], 'connection-closed'],
  ['another executable', ['Connection failed (ENOENT): Executable not found in $PATH: "deno"'], 'unknown'],
  ['one of a like name', ['Connection failed: Executable not found in $PATH: "bun-pager"'], 'unknown'],
  ['one in its folder', ['Connection failed (ENOENT): Executable not found in $PATH: "bun/x"'], 'unknown'],
  ['something new', ['Connection failed: the server said nothing'], 'unknown'],
])('failed: %s', (_, texts, why) => {
  const log = fold(line(starting), ...texts.map((text) => error(text, 4)))
  expect(log.failed?.why).toBe(why)
  expect(log.connectedAt).toBeNull()
})

test('a later connection undoes a failure; an earlier cause is not the cause of a later failure', () => {
  const failed = [
    line(starting),
    line('Server stderr: telegram channel: TELEGRAM_BOT_TOKEN required', 1),
    error('Connection failed: MCP error -32000: Connection closed', 2),
  ]
  expect(fold(...failed, line(starting, 10), line(connected, 11), line(registered, 12)).failed).toBeNull()
  expect(
    fold(...failed, line(starting, 10), error('Connection failed (CONNECTION_CLOSED): Connection closed', 11))
      .failed?.why,
  ).toBe('connection-closed')
})

test('a first try that failed is forgotten once the second one connects', () => {
  const said = 'stderr of the stdio server before restarting it: Is port 8787 in use?'
  expect(fold(line(starting), line(said, 1), line(connected, 2), line(registered, 2))).toMatchObject({
    failed: null,
    registeredAt: start + 2000,
    unknownLines: 0,
  })
})

test('a bad token registers all the same, and is said', () => {
  const said =
    "Server stderr: telegram channel: polling error: GrammyError: Call to 'deleteWebhook' failed! (401: Unauthorized), retrying in 1s"
  const log = fold(line(starting), error(said, 1), line(connected, 2), line(registered, 2))
  expect(log.tokenRejected?.at).toBe(start + 1000)
  expect(log.registeredAt).toBe(start + 2000)
})

test('a token in an error is not kept', () => {
  const token = '123456789:AAtest0000000000000000000000000000'
  const log = fold(
    line(starting),
    error(`Server stderr: fetch https://api.telegram.org/bot${token}/getMe failed (401: Unauthorized)`, 1),
  )
  expect(JSON.stringify(log)).not.toContain(token)
  expect(log.tokenRejected).not.toBeNull()
})

test('inbound lines of both versions count, and carry no text', () => {
  const log = fold(
    line('notifications/claude/channel: secret', 5),
    line('notifications/claude/channel (6 chars)', 6),
  )
  expect(log).toMatchObject({ inbound: 2, lastInboundAt: start + 6000 })
  expect(JSON.stringify(log)).not.toContain('secret')
})

test('the conversation moves with /clear; closing and starting again is a new attempt', () => {
  const log = fold(
    line(starting),
    line(connected, 1),
    line(registered, 1),
    line('Sending SIGINT to MCP server process', 9, 'c2'),
    line('MCP server process exited cleanly', 10, 'c2'),
  )
  expect(log).toMatchObject({ conversations: ['c1', 'c2'], conversation: 'c2', closingAt: start + 9000 })
  expect(foldMcpLog(log, line(starting, 20))).toMatchObject({
    closingAt: null,
    registeredAt: null,
    connectedAt: null,
    startedAt: start + 20_000,
  })
})

test('a server that a tool call started again is not registered, until a line says so', () => {
  const respawned = fold(
    line(starting),
    line(connected, 1),
    line(registered, 1),
    line(starting, 9),
    line(connected, 10),
  )
  expect(respawned).toMatchObject({
    registeredAt: null,
    connectedAt: start + 10_000,
    respawnedAt: start + 9_000,
  })
  // Dead once more, and started once more.
  expect(foldMcpLog(respawned, line(starting, 20))).toMatchObject({ respawnedAt: start + 9_000 })
  expect(foldMcpLog(respawned, line(registered, 20))).toMatchObject({ respawnedAt: null })
  expect(fold(line(starting), line(starting, 9)).respawnedAt).toBeNull()
})

test.each([
  '{"debug":"Starting conn',
  'null',
  '[]',
  '{"debug":7}',
  '{"debug":"Starting connection with timeout of 1ms"}',
  'garbage',
  line('a line of 2.1.900'),
])('unknown: %s', (text) =>
  expect(foldMcpLog(emptyMcpLog, text)).toMatchObject({ unknownLines: 1, startedAt: null }),
)

test('every row of the table says where it was seen', () => {
  for (const { seen } of mcpLogLines) expect(seen).not.toBe('')
})

test('each line that says how a channel is holds a mark, as it stands in the file', () => {
  const telling = mcpLogLines.filter(({ meaning }) => meaning.is !== 'ignore' && meaning.is !== 'inbound')
  expect(telling.length).toBeGreaterThan(15)
  for (const { start } of telling) expect(mcpLogMarks.filter((mark) => start.includes(mark))).toHaveLength(1)
  // JSON leaves these as they are.
  for (const mark of mcpLogMarks) expect(mark).toMatch(/^[A-Za-z :]{10,}$/)
})

test('a log that names another conversation in each line is no burden', () => {
  const log = fold(...Array.from({ length: 2_000 }, (_, i) => line('x', 0, `c${i}`)))
  expect(log).toMatchObject({ conversation: 'c1999' })
  expect(log.conversations).toHaveLength(100)
  expect(log.conversations[0]).toBe('c0')
})

test('folding never throws, whatever a line is cut or garbled to', () => {
  const real = [
    line(starting),
    line(connected),
    line(registered),
    error('Connection failed (ENOENT): Executable not found in $PATH: "bun"'),
  ]
  const cut = fc.tuple(fc.constantFrom(...real), fc.nat(200)).map(([text, at]) => text.slice(0, at))
  fc.assert(
    fc.property(fc.array(fc.oneof(cut, fc.string(), fc.json()), { maxLength: 30 }), (lines) => {
      const log = fold(...lines)
      expect(log.unknownLines).toBeLessThanOrEqual(lines.length)
    }),
  )
})

test('logs are found by their start times, newest last; one of a client half a second before is not its', () => {
  const folder = temporaryFolder()
  const names = [
    '2026-11-22T10-00-05-000Z.jsonl',
    '2026-11-22T09-59-59-500Z.jsonl',
    '2026-11-22T09-59-58-000Z.jsonl',
    '2026-11-22T10-00-01-250Z.jsonl',
    'notes.txt',
    'latest.jsonl',
  ]
  for (const name of names) writeFileSync(join(folder, name), `${line(starting)}\n`)
  mkdirSync(join(folder, 'sub'))
  const now = start + 60_000
  expect(latestMcpLogs(folder, start, now)).toEqual(
    [names[3], names[0]].map((name) => join(folder, name ?? '')),
  )
  expect(latestMcpLogs(join(folder, 'absent'), 0, now)).toEqual([])
})

test('a log named by a clock that was ahead is passed over, unless the client itself is from then', () => {
  const folder = temporaryFolder()
  const [own, ahead] = ['2026-11-22T10-00-05-000Z.jsonl', '2026-11-22T11-00-05-000Z.jsonl'].map((name) =>
    join(folder, name),
  )
  for (const path of [own, ahead]) writeFileSync(path ?? '', `${line(starting)}\n`)
  const now = start + 60_000
  expect(latestMcpLogs(folder, start, now)).toEqual([own])
  expect(latestMcpLogs(folder, start + 3_600_000, now)).toEqual([ahead])
})

test('a half-written last line is no harm', () => {
  const text = `${line(starting)}\n${line(connected)}\n${line(registered).slice(0, 20)}`
  expect(text.split('\n').reduce(foldMcpLog, emptyMcpLog)).toMatchObject({
    connectedAt: start,
    registeredAt: null,
    unknownLines: 1,
  })
})
