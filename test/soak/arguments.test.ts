import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'

test('what is not given is the short soak', () => {
  expect(readArguments([])).toEqual({ minutes: 2, seed: 1, faults: 12, sessions: 4, kinds: null })
  expect(
    readArguments([
      '--minutes',
      '10',
      '--seed',
      '7',
      '--faults=60',
      '--sessions',
      '3',
      '--kinds',
      'thief,restart',
    ]),
  ).toEqual({
    minutes: 10,
    seed: 7,
    faults: 60,
    sessions: 3,
    kinds: ['thief', 'restart'],
  })
})

test.each([
  [['--minutes', '0'], '--minutes'],
  [['--minutes', 'ten'], '--minutes'],
  [['--seed', '1.5'], '--seed'],
  [['--faults', '-1'], '--faults'],
  [['--faults=-1'], '--faults'],
  [['--sessions', '0'], '--sessions'],
  [['--sessions', '21'], '--sessions'],
  [['--often'], '--often'],
  [['10'], '10'],
])('%j is refused, and it is said why', (words, named) => {
  expect(readArguments(words)).toMatchObject({ fault: expect.stringContaining(named) })
})
