import { expect, test } from 'vitest'
import { createScreen } from './screen.ts'

const printed = (
  colour: boolean,
  act: (screen: ReturnType<typeof createScreen>) => void,
  columns?: number,
): string => {
  const texts: string[] = []
  act(createScreen({ write: (text) => texts.push(text), colour, columns }))
  return texts.join('')
}

test('what is said is wrapped below 80 columns, and not a word is lost', () => {
  const words = Array.from({ length: 60 }, (_, i) => 'x'.repeat(1 + (i % 11)))
  const text = printed(false, ({ say }) => say(words.join(' ')))
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThan(80)
  expect(text.trim().split(/\s+/)).toEqual(words)
})

test.each([
  [60, 60],
  [200, 78],
  [undefined, 78],
  [0, 78],
])('in %s columns lines have up to %i', (columns, width) => {
  const words = Array.from({ length: 60 }, (_, i) => 'x'.repeat(1 + (i % 11)))
  const act = ({ say, command }: ReturnType<typeof createScreen>) => {
    say(words.join(' '))
    command(words)
  }
  const text = printed(false, act, columns)
  const longest = Math.max(...text.split('\n').map(({ length }) => length))
  expect(longest).toBeLessThanOrEqual(width)
  expect(longest).toBeGreaterThan(width - 12)
})

test('a long word stays whole, so that a path can be copied', () => {
  const path = `/tmp/${'x'.repeat(40)}`
  expect(printed(false, ({ say }) => say(`All of it is in ${path}, which is removed.`), 30)).toBe(
    `\nAll of it is in\n${path},\nwhich is removed.\n`,
  )
})

test('lines that begin with a space stay as they are', () => {
  const line = `  ${'word '.repeat(30)}`
  expect(printed(false, ({ say }) => say(`short\n${line}`))).toBe(`\nshort\n${line}\n`)
})

test('a command line breaks as a shell takes it, an option beside its value', () => {
  const words = ['channels', 'setup', 'telegram', '--session', 'demo', '--cwd', '~/project', '--token-file']
  expect(printed(false, ({ command }) => command([...words, '~/bot-token', '--trust', '--yes']))).toBe(
    '\n$ channels setup telegram --session demo --cwd ~/project \\\n    --token-file ~/bot-token --trust --yes\n',
  )
})

test('colour only where it is wanted', () => {
  const act = ({ title, command, say, chat }: ReturnType<typeof createScreen>) => {
    title('1. A step')
    command(['channels', 'up'])
    say('Said.')
    chat('phone', 'hello')
    chat('bot', 'echo: hello')
  }
  const plain = printed(false, act)
  expect(plain).toBe('\n== 1. A step\n\n$ channels up\n\nSaid.\n\nphone  > hello\nbot    < echo: hello\n')
  const coloured = printed(true, act)
  expect(coloured).not.toBe(plain)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of.
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain)
})
