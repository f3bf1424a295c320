import { expect, test } from 'vitest'
import { leftBehind, type Seen } from './left-behind.ts'

const folder = '/tmp/ch-AbCdEf'
const nothing: Seen = { files: [], processes: [], repository: ['README.md'], home: [] }
const running = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): Seen => ({
  ...nothing,
  processes: [{ pid: 7, argv, env }],
})

const cases: readonly (readonly [string, Seen, readonly string[]])[] = [
  ['nothing', nothing, []],
  ['a file', { ...nothing, files: ['chan-1/x'] }, ['file chan-1/x']],
  ['a tmux server', running(['tmux', '-S', `${folder}/chan-1/s`]), [`process 7: tmux -S ${folder}/chan-1/s`]],
  [
    'a screen server',
    running(['SCREEN', '-dmS', 'x'], { SCREENDIR: `${folder}/s` }),
    ['process 7: SCREEN -dmS x'],
  ],
  [
    'a process by its home',
    running(['sleep', '9'], { HOME: `${folder}/chan-1/home` }),
    ['process 7: sleep 9'],
  ],
  [
    'one that has but the temporary folder',
    running(['sleep', '9'], { TMPDIR: folder }),
    ['process 7: sleep 9'],
  ],
  ['a process of another run', running(['sleep', '9'], { HOME: '/tmp/ch-AbCdEfg/home' }), []],
  ['a process of nobody', running(['sleep', '9'], { HOME: '/root', TMPDIR: '/tmp' }), []],
  ['the runner', running(['node (vitest 3)', ''], { TMPDIR: folder }), []],
  [
    'a file in the repository',
    { ...nothing, repository: ['README.md', 'test/x.json'] },
    ['in the repository: test/x.json'],
  ],
  [
    'a configuration at home',
    { ...nothing, home: [{ path: '.config/channels', namesRun: false }] },
    ['at home: .config/channels'],
  ],
]

test.each(cases)('%s', (_, after, expected) => {
  expect(leftBehind(nothing, after, folder)).toEqual(expected)
})

test('what the person has at home is theirs, unless it names the run', () => {
  const theirs = { path: '.claude.json', namesRun: false }
  const before: Seen = { ...nothing, home: [theirs] }
  expect(leftBehind(before, before, folder)).toEqual([])
  expect(leftBehind(before, { ...nothing, home: [{ ...theirs, namesRun: true }] }, folder)).toEqual([
    'at home: .claude.json',
  ])
})
