import { expect, test } from 'vitest'
import { mcpLogLines } from '../../src/claude/mcp-log-lines.ts'
import { explainLogLine, withoutMessage } from '../../src/claude/mcp-log-words.ts'

test.each([
  ['Channel notifications registered', 'registered', /messages arrive/],
  ['notifications/claude/channel (12 chars)', 'inbound', /a message came in/],
  ['Channel notifications skipped: channels not enabled by org policy', 'skipped', /organization/],
  ['Server stderr: telegram channel: TELEGRAM_BOT_TOKEN required', 'cause', /no bot token/],
  ['Connection failed after 3ms: Connection closed', 'failed', /it ended before/],
])('%s', (text, meaning, words) => {
  expect(explainLogLine(text)).toMatchObject({ meaning, words: expect.stringMatching(words) })
})

test('nothing is said of what nothing follows from, or nobody knows', () => {
  for (const text of ['Server stderr: hello', 'Calling MCP tool: reply', 'of a later client', ''])
    expect(explainLogLine(text)).toBeNull()
})

test('whatever else the table knows is said in words', () => {
  const lines = mcpLogLines.filter(({ meaning, pattern }) => meaning.is !== 'ignore' && pattern === undefined)
  expect(lines.length).toBeGreaterThan(8)
  for (const { start } of lines) expect(explainLogLine(start)?.words.length, start).toBeGreaterThan(10)
})

test.each([
  ['notifications/claude/channel: my secret', 'notifications/claude/channel (9 chars)'],
  ['notifications/claude/channel: two\nlines: (6 chars)', 'notifications/claude/channel (20 chars)'],
  ['notifications/claude/channel: ', 'notifications/claude/channel (0 chars)'],
  ['notifications/claude/channel/permission: yes abcde', 'notifications/claude/channel/permission (9 chars)'],
  ['notifications/claude/channel (12 chars)', 'notifications/claude/channel (12 chars)'],
  ['Server stderr: hello: you', 'Server stderr: hello: you'],
])('of a message its length is left: %j', (text, left) => {
  expect(withoutMessage(text)).toBe(left)
})
