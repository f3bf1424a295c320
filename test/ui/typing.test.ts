import { expect, test } from 'vitest'
import { typed, typedYesOrNo } from '../../src/ui/typing.ts'

const keys = (text: string): string => typed(Buffer.from(text))

test('ends at the first Enter, however the paste breaks its lines', () => {
  expect(keys('token\r\n')).toBe('token\r')
  expect(keys('abc\rdef\r')).toBe('abc\r')
  expect(keys('abc\ndef\n')).toBe('abc\r')
  expect(keys('abc')).toBe('abc')
})

test('Ctrl-C and Ctrl-D anywhere are a Ctrl-C, and Ctrl-Z is nothing', () => {
  expect(keys('abc\r\x03')).toBe('\x03')
  expect(keys('\x04')).toBe('\x03')
  expect(keys('a\x1ab')).toBe('ab')
})

test('bytes of other letters come through as they are', () => {
  expect(Buffer.from(keys('grüße 日本\r'), 'latin1').toString()).toBe('grüße 日本\r')
})

test.each([
  [true, 'y\r', '\r'],
  [true, 'n\r', '\x1b[C\r'],
  [false, 'yes\r', '\x1b[C\r'],
  [true, 'yn', '\x1b[C'],
  [true, 'nyN', '\x1b[C\x1b[C\x1b[C'],
  [true, '\x1b[Dn', '\x1b[C'],
  [true, '\x1bOC', '\x1b[C'],
  [true, ' ', '\x1b[C'],
  [true, '\x1b[200~y\x1b[201~', ''],
  [true, '\x1b[H', ''],
  [true, 'hjkl?é', ''],
  [true, '\x1b', '\x1b'],
  [true, '\x03', '\x03'],
] as const)('yes or no, from %s: %j becomes %j', (initial, text, expected) => {
  expect(typedYesOrNo(initial)(Buffer.from(text))).toBe(expected)
})

test('yes or no remembers what was chosen before', () => {
  const take = typedYesOrNo(true)
  expect(take(Buffer.from('n'))).toBe('\x1b[C')
  expect(take(Buffer.from('n'))).toBe('')
  expect(take(Buffer.from('y'))).toBe('\x1b[C')
})
