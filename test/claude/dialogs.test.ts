import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recogniseDialog } from '../../src/claude/dialogs.ts'

// Captured from the real clients by `tmux capture-pane -p`; each file is named by what it shows and the version.
import { hardcopyOf } from './hardcopy.ts'

const folder = join(import.meta.dirname, 'screens')
const screens = readdirSync(folder).map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }))
const names = [
  'trust-dialog',
  'development-dialog',
  'bypass-dialog',
  'mcp-dialog',
  'resume-dialog',
  'login-screen',
  'permission-prompt',
  'unknown-dialog',
]
const expected = (file: string) => names.find((name) => file.startsWith(name)) ?? null

/** What screen's hardcopy makes of it: the low byte of each character, read as UTF-8. */
const asHardcopy = (text: string) =>
  Buffer.from(Array.from(text, (char) => (char.codePointAt(0) ?? 0) & 0xff)).toString('utf8')

test.each(screens)('$file', ({ file, text }) => {
  expect(recogniseDialog(text)?.name ?? null).toBe(expected(file))
})

test.each(screens)('$file as a hardcopy of screen', ({ file, text }) => {
  expect(recogniseDialog(asHardcopy(text))?.name ?? null).toBe(expected(file))
  expect(recogniseDialog(hardcopyOf(text))?.name ?? null).toBe(expected(file))
})

test.each(screens)('$file in plain ASCII', ({ file, text }) => {
  const found = recogniseDialog(text.replace(/[^\x20-\x7e\n]/g, ' '))?.name ?? null
  if (expected(file) !== 'unknown-dialog') expect(found).toBe(expected(file))
})

test('there is a screen of both versions for every dialog that can be provoked', () => {
  for (const name of [
    'trust-dialog',
    'development-dialog',
    'bypass-dialog',
    'mcp-dialog',
    'login-screen',
    'permission-prompt',
  ])
    for (const version of ['2.1.139', '2.1.330'])
      expect(screens.some(({ file }) => file.startsWith(name) && file.endsWith(`${version}.txt`))).toBe(true)
})

test.each([
  [
    'an order turned around',
    ' Accessing workspace:\n ❯ 1. Yes, I trust this folder\n   2. No, exit\n',
    'trust-dialog',
  ],
  [
    'a resume dialog',
    ' ❯ 1. Resume from summary (recommended)\n   2. Resume full session as-is\n',
    'resume-dialog',
  ],
  ['a menu of a later client', 'Pick a plan\n ❯ 1. Upgrade your plan\n   2. Wait\n', 'unknown-dialog'],
  ['its second choice selected', 'Pick a plan\n   1. Upgrade your plan\n ❯ 2. Wait\n', 'unknown-dialog'],
  ['yes and no without numbers', 'Install it?\n   Yes\n ❯ No\n', 'unknown-dialog'],
  ['a footer alone', 'Something new\n\n Enter to confirm · Esc to cancel\n', 'unknown-dialog'],
  [
    'the trust dialog reworded',
    ' Accessing workspace:\n ❯ Trust it\n   Leave\n Enter to confirm\n',
    'unknown-dialog',
  ],
  ['nothing', '', null],
  ['a shell', '$ ls\na b c\n$ ', null],
  ['a list in an answer', '● Steps:\n  1. Do this\n  2. Do that\n', null],
])('%s', (_, screen, name) => {
  expect(recogniseDialog(screen)?.name ?? null).toBe(name)
})

test('words of a dialog in a conversation are no dialog while the prompt stands below', () => {
  const rule = '─'.repeat(60)
  for (const { text } of screens.filter(({ file }) => expected(file) !== null)) {
    const quoted = `● The dialog says:\n${text}\n${rule}\n❯ \n${rule}\n  ? for shortcuts\n`
    expect(recogniseDialog(quoted)).toBeNull()
    expect(recogniseDialog(asHardcopy(quoted))).toBeNull()
  }
})

test('the dialog of a client stands below the prompt that the one before has left there', () => {
  const session = readFileSync(join(folder, 'session-channels-2.1.139.txt'), 'utf8').trimEnd()
  for (const { file, text } of screens.filter((each) => expected(each.file) !== null)) {
    const left = `${session}\n\nResume this session with:\nclaude --resume 1\n\n${text}`
    expect(recogniseDialog(left)?.name).toBe(expected(file))
    expect(recogniseDialog(asHardcopy(left))?.name).toBe(expected(file))
  }
})

test.each([
  '\n',
  ' \n',
  '9',
  '9 ',
  'Do you want to ',
  '> 1. \n',
  'Yes\n',
  'o',
  '\0',
  '\0\0\0\0\0\0\0\0\no\n',
])('a screen of nothing but %j is no burden', (text) => {
  const before = performance.now()
  recogniseDialog(text.repeat(50_000 / text.length))
  expect(performance.now() - before).toBeLessThan(2_000)
})

test('never throws, and answers within milliseconds', () => {
  const pieces = [
    '❯ ',
    '1. ',
    'Yes',
    'No',
    '\n',
    '─'.repeat(70),
    'Do you want to ',
    '?',
    'Enter to ',
    '\0'.repeat(70),
    'o ',
    ' ',
  ]
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 300 }), (parts) => {
      const start = performance.now()
      recogniseDialog(parts.join(''))
      expect(performance.now() - start).toBeLessThan(250)
    }),
  )
})
