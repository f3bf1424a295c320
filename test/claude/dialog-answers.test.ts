import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { keyTowards } from '../../src/claude/dialog-answers.ts'

const screen = (name: string) => readFileSync(new URL(`screens/${name}.txt`, import.meta.url), 'utf8')
const marked = (text: string, option: string) =>
  text
    .replace('❯', ' ')
    .split('\n')
    .map((line) => (line.includes(option) ? line.replace(/^(\s*) {2}(?=\S)/, '$1❯ ') : line))
    .join('\n')

test.each([
  ['development-dialog-2.1.330', 'development-dialog', 'accept', 'Enter'],
  ['development-dialog-2.1.139', 'development-dialog', 'accept', 'Enter'],
  ['resume-dialog-2.1.139', 'resume-dialog', 'summary', 'Enter'],
  ['resume-dialog-2.1.139', 'resume-dialog', 'full', 'Down'],
  ['resume-dialog-2.1.330', 'resume-dialog', 'full', 'Enter'],
  ['resume-dialog-2.1.330', 'resume-dialog', 'summary', 'Down'],
] as const)('%s: %s, %s', (name, dialog, answer, key) => {
  expect(keyTowards(screen(name), dialog, answer)).toBe(key)
})

test('whatever was typed to the client before', () => {
  const rule = '─'.repeat(60)
  const before = `❯ /clear\n\n${rule}\n❯ Try "fix it"\n${rule}\n  ? for shortcuts\n`
  expect(keyTowards(before + screen('resume-dialog-2.1.139'), 'resume-dialog', 'full')).toBe('Down')
})

test('upwards where the mark stands below, whatever the order', () => {
  const moved = marked(screen('development-dialog-2.1.330'), '2. Exit')
  expect(moved).toMatch(/❯ 2\. Exit/)
  expect(keyTowards(moved, 'development-dialog', 'accept')).toBe('Up')
})

test.each([
  ['another dialog', screen('trust-dialog-2.1.330')],
  ['no mark', screen('development-dialog-2.1.330').replace('❯', ' ')],
  ['two marks', screen('development-dialog-2.1.330').replace('  2. Exit', '❯ 2. Exit')],
  [
    'the option twice',
    screen('development-dialog-2.1.330').replace('2. Exit', '2. I am using this for local development'),
  ],
  ['nothing', ''],
])('no key for %s', (_, text) => {
  expect(keyTowards(text, 'development-dialog', 'accept')).toBeNull()
})

test('a dialog whose answer nobody can agree to beforehand gets none', () => {
  expect(keyTowards(screen('trust-dialog-2.1.330'), 'trust-dialog', 'accept')).toBeNull()
})
