import { expect, test } from 'vitest'
import { basicDeps, type Process } from '../src/basic-deps.ts'
import type { Output } from '../src/deps.ts'

/** What stands on stdout and stderr, 20 columns wide where they are terminals. */
const written = (isTerminal: boolean, act: (output: Output) => void): readonly string[] => {
  const texts: string[] = []
  const process = {
    env: { HOME: '/home/me', TERM: 'xterm' },
    write: (descriptor: 1 | 2, text: string) => void texts.push(`${descriptor} ${text}`),
    isTerminal: () => isTerminal,
    columns: () => 20,
  } as unknown as Process
  act(basicDeps(process).output)
  return texts
}

const long = '  one two three four five six'

test('on a terminal prose is broken between words, and keeps its indentation', () => {
  const act = ({ print, say }: Output) => {
    print(long, 'prose')
    say(long)
  }
  expect(written(true, act)).toEqual([
    '1   one two three four\n  five six\n',
    '2   one two three four\n  five six\n',
  ])
  expect(written(false, act)).toEqual([`1 ${long}\n`, `2 ${long}\n`])
})

test('a command to copy is not broken where it fits on a line', () => {
  expect(written(true, ({ print }) => print('Next: `channels up web`.', 'prose'))).toEqual([
    '1 Next:\n`channels up web`.\n',
  ])
})

test('anything else stays a line, and so does what fits', () => {
  const act = ({ print, say }: Output) => {
    print(long)
    print('one   two', 'prose')
    say(' one  two')
  }
  expect(written(true, act)).toEqual([`1 ${long}\n`, '1 one   two\n', '2  one  two\n'])
})

test('a line break in what somebody else wrote begins no line', () => {
  expect(written(true, ({ print }) => print('one\ntwo', 'prose'))).toEqual(['1 one two\n'])
})
