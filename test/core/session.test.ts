import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSessionName } from '../../src/core/session.ts'

test.each(['work', 'a', '7', 'Work-2_b', 'x'.repeat(32)])('%s may be the name of a session', (name) => {
  expect(isSessionName(name)).toBe(true)
})

// tmux turns `.` and `:` into `_`; a name also stands in paths, environments and on screens.
test.each([
  '',
  '-a',
  '_a',
  '.',
  '..',
  'a.b',
  'a:b',
  'a/b',
  'a b',
  'a\n',
  '\na',
  'ä',
  '=a',
  '$a',
  'x'.repeat(33),
  '__proto__',
])('%j may not', (name) => {
  expect(isSessionName(name)).toBe(false)
})

test('no name holds what a shell, a path or tmux reads as something else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      if (isSessionName(name)) expect(name).toMatch(/^[\w][\w-]{0,31}$/)
    }),
  )
})
