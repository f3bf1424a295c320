import { expect, test } from 'vitest'
import { findProgram, missing } from './requirements.ts'

test('nothing is missing on Linux with tmux', () => {
  expect(missing({ platform: 'linux', tmux: '/usr/bin/tmux' })).toBeNull()
})

test('each missing thing is named', () => {
  expect(missing({ platform: 'linux', tmux: null })).toContain('apt install tmux')
  expect(missing({ platform: 'darwin', tmux: '/opt/homebrew/bin/tmux' })).toContain('Linux only')
})

test('a program is looked for in absolute folders of PATH', () => {
  expect(findProgram('sh', '/nonexistent:/bin')).toBe('/bin/sh')
  expect(findProgram('sh', '.:bin:')).toBeNull()
  expect(findProgram('no-such-program', '/bin:/usr/bin')).toBeNull()
})
