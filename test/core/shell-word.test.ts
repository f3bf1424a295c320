import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { shellWord } from '../../src/core/shell-word.ts'

test('a plain path stays as it is', () => {
  expect(shellWord('/home/me/.claude/channels/telegram-work')).toBe('/home/me/.claude/channels/telegram-work')
})

test.each(['', 'two words', '$(touch x)', "it's", '`id`', 'a;b', '~', 'über', '*', '!!', 'a\nb', '"'])(
  'a shell takes %j as one word',
  (text) => {
    const script = `printf %s ${shellWord(text)}`
    expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(text)
  },
)
