import { expect, test } from 'vitest'
import { endsInMenu, ownLine } from '../../src/claude/own-lines.ts'

test.each<readonly [string, string]>([
  ['ends so \\', 'backslash'],
  ['ends so \\  ', 'backslash'],
  ['!rm x', 'shell command'],
  ['  ! ls', 'shell command'],
  ['?', 'list of keys'],
  [' ? ', 'list of keys'],
  ['/exit', 'would end the client'],
  [' /quit now', 'would end the client'],
  ...['exit', 'quit', ':q', ':q!', ':wq', ':wq!', '  exit '].map(
    (line) => [line, 'would end the client'] as const,
  ),
  ['/logout', 'sign the client out'],
  ['/tui fullscreen', 'a second time'],
])('the client makes something of its own of %j', (text, why) => {
  const own = ownLine(text)
  expect(own?.what).toContain(why)
})

test('a line that would end it names what ends a session, and what begins it anew', () => {
  for (const line of ['exit', ':wq!', '/exit'])
    expect(ownLine(line)?.remedy).toMatch(/`channels down` .* `channels restart`/)
})

// All of these were sent to both versions, or told from them by case or by a word more.
test.each([
  ...[
    'hello',
    '# x',
    '#',
    '& do it',
    '&',
    'what ?',
    '?what',
    'a \\ b',
    '/compact keep it',
    '/clear',
    '/exits',
  ],
  ...['exit now', 'Exit', 'please quit', ':q please', ':wq!!', '/logouts', 'a ! b'],
])('the client takes %j as it is', (text) => expect(ownLine(text)).toBeNull())

test.each([
  ...['read @notes.md', '@', 'read @no', '(@no', 'ask me@example.org', 'so :smi', ':smile:', 'see http://x'],
  ...['/compact @no', '/compact :smi', 'in #gen', 'read @"my no'],
])('a menu may stand open behind %j', (text) => expect(endsInMenu(text)).toBe(true))

test.each([
  ...[
    'hello',
    'read @notes.md, please',
    'read @notes.md ',
    'fix #12 now',
    '/clear',
    '/plugin:do',
    ' /plugin:do',
  ],
  ...['read @"my notes" now', 'it is 10:30 now'],
])('none does behind %j', (text) => expect(endsInMenu(text)).toBe(false))
