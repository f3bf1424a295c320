import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldSubmitted } from '../../src/claude/submitted.ts'
import type { Submitted } from '../../src/core/submitted.ts'

const at = Date.parse('2026-11-28T18:48:24.187Z')
const row = (fields: object, second = 0) =>
  JSON.stringify({ timestamp: new Date(at + second * 1_000).toISOString(), sessionId: 's', ...fields })
const fold = (...lines: readonly string[]) => lines.reduce<readonly Submitted[]>(foldSubmitted, [])
const user = (content: unknown, more: object = {}) =>
  row({ type: 'user', message: { role: 'user', content }, ...more })
const command = (name: string, args = '') =>
  `<command-name>${name}</command-name>\n            <command-message>${name.slice(1)}</command-message>\n            <command-args>${args}</command-args>`
const system = (subtype: string, content: string) => row({ type: 'system', subtype, content })
const enqueue = (content: string) => row({ type: 'queue-operation', operation: 'enqueue', content })

/** As both versions wrote them. */
const rows: readonly (readonly [string, string, Omit<Submitted, 'at'> | null])[] = [
  ['a line, 2.1.139', user('plain words'), { is: 'taken', text: 'plain words' }],
  [
    'a line, 2.1.330',
    user('plain words', { origin: { kind: 'human' }, promptSource: 'typed' }),
    { is: 'taken', text: 'plain words' },
  ],
  ['one that names a file', user([{ type: 'text', text: 'look @x' }]), { is: 'taken', text: 'look @x' }],
  ['one that waits', enqueue('typed while busy'), { is: 'waiting', text: 'typed while busy' }],
  ['a command that Claude is told of', user(command('/clear')), { is: 'taken', text: '/clear' }],
  ['with something behind it', user(command('/compact', 'a b')), { is: 'taken', text: '/compact a b' }],
  [
    'one that only the person sees',
    system('local_command', command('/context')),
    { is: 'taken', text: '/context' },
  ],
  [
    'one that there is not',
    system('informational', 'Unknown command: /nosuch'),
    { is: 'unknown', text: '/nosuch' },
  ],
  ['what a command printed', system('local_command', '<local-command-stdout>x</local-command-stdout>'), null],
  ['a note of the client', user('<local-command-caveat>…', { isMeta: true }), null],
  [
    'a message of the channel',
    user('<channel source="x">\nhi\n</channel>', { isMeta: true, origin: { kind: 'channel' } }),
    null,
  ],
  ['one that waits', enqueue('<channel source="plugin:telegram:telegram">\nhi\n</channel>'), null],
  ['the end of a wait', row({ type: 'queue-operation', operation: 'dequeue' }), null],
  ["a tool's result", user([{ type: 'tool_result', tool_use_id: 'x', content: 'out' }]), null],
  ['an answer', row({ type: 'assistant', message: { content: [{ type: 'text', text: 'hi' }] } }), null],
  ['a kind of row that has the name of a method', row({ type: 'constructor' }), null],
]

test.each(rows)('%s', (_, line, expected) => {
  expect(fold(line)).toEqual(expected === null ? [] : [{ at, ...expected }])
})

test('the last 50 are kept, and what is cut or garbled changes nothing', () => {
  const many = Array.from({ length: 60 }, (_, second) =>
    row({ type: 'user', message: { content: `line ${second}` } }, second),
  )
  expect(fold(...many).map(({ text }) => text)).toEqual(
    Array.from({ length: 50 }, (_, line) => `line ${line + 10}`),
  )
  fc.assert(
    fc.property(fc.constantFrom(...rows.map(([, line]) => line)), fc.nat(), (line, end) => {
      expect(fold(line.slice(0, end % line.length))).toEqual([])
    }),
  )
  fc.assert(fc.property(fc.json(), (line) => void fold(line)))
})
