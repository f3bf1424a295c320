import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readPrompt } from '../../src/claude/prompt.ts'
import { asShown, hardcopyOf } from './hardcopy.ts'

const versions = ['2.1.139', '2.1.330'] as const
const screens = new URL('screens/', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

const rule = '─'.repeat(72)
const screen = (...lines: readonly string[]) => ['● said before', '', ...lines, ''].join('\n')

test.each(versions)('an empty prompt of %s, also below the notices of its channels', (version) => {
  const empty = { text: '', shell: false, offers: [] }
  for (const name of ['session', 'session-channels', 'session-tools'])
    expect(readPrompt(read(`screens/${name}-${version}.txt`)), name).toEqual(empty)
})

test.each(versions)('commands that %s offers', (version) => {
  const prompt = readPrompt(read(`prompts/menu-${version}.txt`))
  expect(prompt).toMatchObject({ text: '/comp', shell: false })
  expect(prompt?.offers[0]).toBe('/compact')
  expect(prompt?.offers).not.toContain('/comp')
})

test.each(versions)('what is typed for a shell, and the own words of %s', (version) => {
  expect(readPrompt(read(`prompts/shell-${version}.txt`))).toEqual({ text: 'ls', shell: true, offers: [] })
  expect(readPrompt(read(`prompts/queued-${version}.txt`))).toEqual({
    text: 'Press up to edit queued messages',
    shell: false,
    offers: [],
  })
})

const dialogs = readdirSync(screens).filter((file) => /dialog|login-screen|permission-prompt/.test(file))

test.each(dialogs)('no prompt in %s', (file) => {
  expect(readPrompt(read(`screens/${file}`))).toBeNull()
})

test('a line that is broken, another name of a command, a mark without anything behind it', () => {
  expect(readPrompt(screen(rule, '❯\u00a0first', '  second', rule, '  ? for shortcuts'))).toMatchObject({
    text: 'first\n  second',
  })
  expect(readPrompt(screen(rule, '❯ /cost', rule, '  ❯ /usage (cost, stats)   Show'))).toMatchObject({
    offers: ['/usage', '/cost', '/stats'],
  })
  expect(readPrompt(screen(rule, '❯', rule))).toMatchObject({ text: '' })
  expect(readPrompt(screen(rule, '❯ x', `${rule} work ─`))).toMatchObject({ text: 'x' })
})

test('a hardcopy of screen: the mark is an o, and only below a rule', () => {
  for (const blank of ['\u00a0', ' '])
    expect(readPrompt(hardcopyOf(screen(rule, `❯${blank}o no`, rule)))).toMatchObject({ text: 'o no' })
  expect(readPrompt(screen('o no', 'text', rule))).toBeNull()
})

test('what somebody said is no prompt, nor is one whose beginning or end is not to be seen', () => {
  expect(readPrompt(screen('❯ said before', rule))).toBeNull()
  expect(readPrompt(screen('  the rest of a long line', rule, '  ? for shortcuts'))).toBeNull()
  expect(readPrompt(screen(rule, '❯ without an end'))).toBeNull()
  expect(readPrompt(screen(rule, '❯ old', rule, rule, '❯ new', rule))).toMatchObject({ text: 'new' })
  expect(readPrompt('')).toBeNull()
})

const sessions = readdirSync(screens).filter((file) => file.startsWith('session-'))
const prompts = readdirSync(new URL('prompts/', import.meta.url))

test.each([...sessions.map((file) => `screens/${file}`), ...prompts.map((file) => `prompts/${file}`)])(
  '%s as a hardcopy of screen shows the same prompt',
  (file) => {
    const whole = readPrompt(read(file))
    const shown = readPrompt(hardcopyOf(read(file)))
    expect(shown).toMatchObject({ text: asShown(whole?.text ?? '-'), shell: whole?.shell })
    // What follows the name of a command may hold letters of any kind.
    expect(shown?.offers.filter((name) => /^\/[a-z]+$/.test(name))).toEqual(
      whole?.offers.filter((name) => /^\/[a-z]+$/.test(name)),
    )
  },
)

test.each(dialogs)('no prompt in %s as a hardcopy of screen', (file) => {
  expect(readPrompt(hardcopyOf(read(`screens/${file}`)))).toBeNull()
})
