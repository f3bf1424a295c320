import { describe, expect, test } from 'vitest'
import { createAsk } from '../../src/ui/ask.ts'
import { fakeTerminal, holdsAny, longest } from './fake-terminal.ts'

const words = 'Some words about what is to be done now, '.repeat(5)
const link = 'https://t.me/some_bot?start=abcdef'

test('nothing is written and nothing heard before the first call', async () => {
  const { terminal, writes, raw, leftovers, input } = fakeTerminal()
  await createAsk(terminal)
  expect(writes).toEqual([])
  expect(raw).toEqual([])
  expect(input.listenerCount('data')).toBe(0)
  expect(leftovers().filter((left) => left !== 'input flows')).toEqual([])
})

describe.each([60, 80])('at %s columns', (columns) => {
  test('no line is longer', async () => {
    const { terminal, writes, text } = fakeTerminal({ columns })
    const ask = await createAsk(terminal)
    ask.say(`${words}\n\n  ${words}`)
    ask.done(words)
    ask.warn(words)
    ask.title(words)
    ask.link(link)
    expect(longest(writes)).toBeLessThanOrEqual(columns)
    expect(longest(writes)).toBeGreaterThan(columns - 12)
    expect(text()).toContain('█ ▄▄▄▄▄ █')
  })
})

test('paragraphs, and lines that keep their indentation', async () => {
  const { terminal, written } = fakeTerminal({ columns: 12 })
  const ask = await createAsk(terminal)
  ask.say('One two three\n\n  four five six')
  expect(written()).toBe('One two\nthree\n\n  four five\n  six\n')
})

test('what was done and what is to be watched, with the lines that follow below their text', async () => {
  const { terminal, written } = fakeTerminal({ columns: 12 })
  const ask = await createAsk(terminal)
  ask.done('one two three')
  ask.warn('one two three')
  ask.title('Part')
  expect(written()).toBe('✓ one two\n  three\n! one two\n  three\n\nPart\n')
})

test('ASCII only, without unicode', async () => {
  const { terminal, written } = fakeTerminal({ columns: 12, unicode: false })
  const ask = await createAsk(terminal)
  ask.done('one two three')
  ask.say('Grüße …')
  ask.link(link)
  expect(written()).toBe(`ok one two\n   three\nGr??e ...\n${link}\n`)
})

test('words in place of signs, for a screen reader', async () => {
  const { terminal, written } = fakeTerminal({ columns: 24, accessible: true })
  const ask = await createAsk(terminal)
  ask.done('one two three')
  ask.warn('one two three four')
  expect(written()).toBe('ok one two three\nWarning: one two three\n         four\n')
})

test('bold and green with colour, nothing without', async () => {
  const say = async (colour: boolean): Promise<string> => {
    const { terminal, written } = fakeTerminal({ colour })
    const ask = await createAsk(terminal)
    ask.title('Part')
    ask.done('one')
    ask.warn('two')
    ask.say('\x1b[31mred')
    return written()
  }
  expect(await say(true)).toBe('\n\x1b[1mPart\x1b[22m\n\x1b[32m✓ \x1b[39mone\n\x1b[33m! \x1b[39mtwo\nred\n')
  expect(await say(false)).toBe('\nPart\n✓ one\n! two\nred\n')
})

test('foreign text moves nothing', async () => {
  const { terminal, written } = fakeTerminal()
  const ask = await createAsk(terminal)
  const foreign = 'a\x1b[2J\x07\u009b5A\rb'
  for (const show of [ask.say, ask.done, ask.warn, ask.title, ask.link]) show(foreign)
  expect(holdsAny(written(), ['\x1b', '\x07', '\u009b', '\r'])).toBe(false)
})

describe('a link', () => {
  const lines = async (given: Parameters<typeof fakeTerminal>[0]): Promise<readonly string[]> => {
    const { terminal, written } = fakeTerminal(given)
    const ask = await createAsk(terminal)
    ask.link(link)
    return written().trimEnd().split('\n')
  }

  test('has a line of its own and its code below', async () => {
    expect(await lines({})).toHaveLength(18)
    expect((await lines({}))[0]).toBe(link)
  })

  test.each([
    ['too narrow', { columns: 32 }],
    ['ASCII only', { unicode: false }],
    ['a screen reader', { accessible: true }],
  ])('stands alone: %s', async (_, given) => {
    expect(await lines(given)).toEqual([link])
  })
})

test('waiting is part of it', async () => {
  const { terminal, text } = fakeTerminal()
  expect(await (await createAsk(terminal)).wait('Waiting', async () => 7)).toBe(7)
  expect(text()).toContain('Waiting')
})
