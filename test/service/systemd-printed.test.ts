import { expect, test } from 'vitest'
import { printedProperties, printedWords } from '../../src/service/systemd-printed.ts'

test.each([
  ['', []],
  ['/home/me', ['/home/me']],
  ["$'/home/my self'", ['/home/my self']],
  [
    '"/home/my self/.config/systemd/user" /etc/systemd/user',
    ['/home/my self/.config/systemd/user', '/etc/systemd/user'],
  ],
  ['"a \\"b\\" \\\\ \\$c"', ['a "b" \\ $c']],
  ["$'it\\'s' b", ["it's", 'b']],
  ['"open', ['"open']],
])('%s', (printed, words) => {
  expect(printedWords(printed)).toEqual(words)
})

test('properties are lines with a name', () => {
  expect(printedProperties('A=1\nnothing\nB=\nC=x=y\nA=2\n')).toEqual({ A: '2', B: '', C: 'x=y' })
})
