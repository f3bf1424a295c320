import { expect, test } from 'vitest'
import { contains, holds, isAsBefore, type Prompt } from '../../src/core/prompt.ts'
import { lettersOf, refusalToSend, textFault } from '../../src/core/send.ts'
import { findSubmitted, type Submitted } from '../../src/core/submitted.ts'
import { client, evidence, sessionFile, wanted, withoutClient } from './evidence-builder.ts'

test.each([
  'hello',
  "it's; $(id) #{x}",
  'é漢字👍',
  '-l',
  '# x',
  '/compact keep it',
  'a \\ b',
  'x'.repeat(2_000),
])('can be typed: %j', (text) => expect(textFault(text)).toBeNull())

test.each([
  ['', 'nothing to send'],
  ['  ', 'nothing to send'],
  ['one\ntwo', 'several lines'],
  ['one\r', 'several lines'],
  ['one\u2028two', 'several lines'],
  ['a\tb', 'U+0009'],
  ['a\u001b[A', 'U+001B'],
  ['a\u0003', 'U+0003'],
  ['a\u007f', 'U+007F'],
  ['x'.repeat(2_001), '2001 characters; 2000'],
])('can not: %j', (text, why) => expect(textFault(text)?.what).toContain(why))

const asked = { text: 'hello', force: false }
const forced = { ...asked, force: true }
const withClient = (change: Parameters<typeof client>[0]) => evidence({ client: client(change) })
const at = (change: Parameters<typeof sessionFile>[0]) => withClient({ file: sessionFile(change) })

test('into an idle session anybody may, also one with a shell in the background', () => {
  expect(refusalToSend(at({ activity: 'idle' }), 0, asked)).toBeNull()
  expect(refusalToSend(at({ activity: 'shell' }), 0, asked)).toBeNull()
})

test.each([
  ['stopped', evidence({ wanted: wanted({ want: false }) }), 0, 'is stopped'],
  ['never started', evidence({ wanted: null }), 0, 'is stopped'],
  ['without a client', withoutClient(), 0, 'has no client'],
  ['starting', withClient({ file: null }), 0, 'no session file'],
  [
    'in a start-up dialog',
    withClient({ file: null, dialog: { name: 'trust-dialog', text: '' } }),
    0,
    'trust-dialog',
  ],
  ['asking', at({ activity: 'waiting', waitingFor: 'permission prompt' }), 0, 'permission prompt'],
  ['asking something', at({ activity: 'waiting', waitingFor: null }), 0, 'does not say for what'],
  ['at nobody knows what', at({ activity: 'unknown' }), 0, "can't be told"],
  ['in no conversation', at({ conversation: null }), 0, "can't be told"],
  ['without a terminal', at({ activity: 'idle' }), null, 'does not answer'],
] as const)('into one that is %s nobody may, forced or not', (_, seen, attached, why) => {
  for (const given of [asked, forced]) expect(refusalToSend(seen, attached, given)?.what).toContain(why)
})

test.each([
  ['somebody is attached', 'idle', 1, 'attached'],
  ['Claude is busy', 'busy', 0, 'busy'],
] as const)('while %s only who says --force', (_, activity, attached, why) => {
  expect(refusalToSend(at({ activity }), attached, asked)?.what).toContain(why)
  expect(refusalToSend(at({ activity }), attached, asked)?.remedy).toContain('--force')
  expect(refusalToSend(at({ activity }), attached, forced)).toBeNull()
})

const prompt = (text: string, change: Partial<Prompt> = {}): Prompt => ({
  text,
  shell: false,
  offers: [],
  ...change,
})

test.each([
  ['an empty prompt', '', 'hello you', 'hello you', true],
  ["the client's own words", 'Try "edit x"', 'hello you', 'hello you', true],
  ['a line the terminal broke', '', 'hel\n  lo you', 'hello you', true],
  ['a blank it cut off', '', 'hello', 'hello ', true],
  ['a half-typed line before it', 'old', 'oldhello', 'hello', false],
  ['one behind it', 'old', 'helloold', 'hello', false],
  ['what a command takes, in pale letters', '', '/clear  [name]', '/clear ', true],
  ['the rest of a command', '', 'what /clear', 'what /cle', true],
  ['something more, where there was something', 'x', '/clear x', '/clear', false],
  ['something more that nothing explains', '', 'hello you', 'hello', false],
  ['half of it', '', 'hel', 'hello', false],
  ['a word for a paste', '', '[Pasted text #1]', 'hello', false],
])('Enter would send the line alone: %s', (_, before, now, typed, expected) => {
  expect(holds(prompt(before), prompt(now), typed)).toBe(expected)
  expect(holds(prompt(before), prompt(now, { shell: true }), typed)).toBe(false)
})

test('what stands there in one piece may be taken back', () => {
  expect(contains(prompt('old\n  hello'), 'hello')).toBe(true)
  expect(contains(prompt('heXllo'), 'hello')).toBe(false)
  expect(isAsBefore(prompt('old'), prompt('old'))).toBe(true)
  expect(isAsBefore(prompt('pale words'), prompt(''))).toBe(true)
  expect(isAsBefore(prompt(''), prompt('h'))).toBe(false)
  expect([lettersOf('abc'), lettersOf('é'), lettersOf('e\u0301'), lettersOf('👨‍👩‍👧')]).toEqual([3, 1, 1, 1])
})

const row = (text: string, change: Partial<Submitted> = {}): Submitted => ({
  at: 10,
  text,
  is: 'taken',
  ...change,
})

test.each([
  ['the line', row('hello  you'), 'hello you ', true],
  ['another one', row('hello'), 'hello you', false],
  ['the same, earlier', row('hello', { at: 9 }), 'hello', false],
  ['one that waits', row('hello', { is: 'waiting' }), 'hello', true],
  ['a command', row('/clear'), '/clear', true],
  ['a command by another name', row('/usage'), '/cost', true],
  ['a command in place of a line', row('/clear'), 'clear', false],
  ['a line in place of a command', row('clear'), '/clear', false],
  ['one that there is not', row('/nosuch', { is: 'unknown' }), '/nosuch x', true],
  ['another that there is not', row('/other', { is: 'unknown' }), '/nosuch', false],
] as const)('arrived: %s', (_, submitted, text, expected) => {
  expect(findSubmitted([row('before', { at: 1 }), submitted], text, 10)).toEqual(expected ? submitted : null)
})

test('a wait that is over is none', () => {
  const rows = [row('hello', { is: 'waiting' }), row('hello', { at: 11 })]
  expect(findSubmitted(rows, 'hello', 10)).toMatchObject({ is: 'taken' })
})
