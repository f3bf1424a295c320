import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ExpectedError } from '../../src/errors.ts'
import type { Questions } from '../../src/ui/question-kinds.ts'
import { createQuestions } from '../../src/ui/questions.ts'
import { until } from '../sim/until.ts'
import {
  ctrlC,
  down,
  enter,
  esc,
  fakeTerminal,
  hasColours,
  holdsAny,
  isAscii,
  left,
  longest,
  up,
} from './fake-terminal.ts'
import { longQuestions } from './long-questions.ts'

const any = (): null => null
const kinds = {
  text: (ask: Questions) => ask.text({ message: 'Which?', check: any }),
  secret: (ask: Questions) => ask.secret({ message: 'Which?', check: any }),
  confirm: (ask: Questions) => ask.confirm({ message: 'Which?', initial: true }),
  choose: (ask: Questions) =>
    ask.choose({
      message: 'Which?',
      options: [
        { value: 'one', label: 'One' },
        { value: 'two', label: 'Two', hint: 'the second' },
      ],
    }),
} as const
const isCancelled = (error: unknown): boolean =>
  error instanceof ExpectedError && error.status === 130 && error.hint === ''

describe('what is answered', () => {
  test('text, without the spaces around it', async () => {
    const { terminal, type, shows, leftovers } = fakeTerminal()
    const answer = kinds.text(await createQuestions(terminal))
    await shows('Which?')
    await type(...' web ', enter)
    expect(await answer).toBe('web')
    expect(leftovers()).toEqual([])
  })

  test('Enter alone gives the initial text, and what is typed takes its place', async () => {
    const { terminal, type, shows } = fakeTerminal()
    const ask = await createQuestions(terminal)
    const first = ask.text({ message: 'First?', initial: 'web', check: any })
    await shows('First?')
    await shows('web')
    await type(enter)
    expect(await first).toBe('web')
    const second = ask.text({ message: 'Second?', initial: 'web', check: any })
    await shows('Second?')
    await type(...'db', enter)
    expect(await second).toBe('db')
  })

  test('an initial text comes back whole, also what of it can not be shown', async () => {
    const { terminal, type, shows, written } = fakeTerminal()
    const initial = '/home/a\x1b]0;title\x07b'
    const answer = (await createQuestions(terminal)).text({ message: 'Where?', initial, check: any })
    await shows('Where?')
    await type(enter)
    expect(await answer).toBe(initial)
    expect(written()).not.toContain('\x1b]')
    expect(written()).not.toContain('\x07')
  })

  test('what is wrong is told, and the text can be mended', async () => {
    const { terminal, type, shows, leftovers } = fakeTerminal()
    const check = (text: string) => (text === 'web' ? null : `No \x1b[2J${text}.`)
    const answer = (await createQuestions(terminal)).text({ message: 'Which?', check })
    await shows('Which?')
    await type(...'we', enter)
    await shows('No [2Jwe.')
    await type('b', enter)
    expect(await answer).toBe('web')
    expect(leftovers()).toEqual([])
  })

  test('a secret never reaches the screen', async () => {
    const { terminal, type, shows, written, leftovers } = fakeTerminal()
    const answer = kinds.secret(await createQuestions(terminal))
    await shows('Which?')
    await type('qqq', 'www', left, 'z', enter)
    expect(await answer).toBe('qqqwwzw')
    expect(written()).not.toMatch(/[qwz]/)
    await shows('•••••••')
    expect(leftovers()).toEqual([])
  })

  test('a wrong secret is cleared: the next paste is taken alone', async () => {
    const { terminal, type, shows } = fakeTerminal()
    const check = (text: string) => (text === 'whole' ? null : 'Not whole.')
    const answer = (await createQuestions(terminal)).secret({ message: 'Which?', check })
    await shows('Which?')
    await type('who\rle\r')
    await shows('Not whole.')
    await type('whole\r')
    expect(await answer).toBe('whole')
  })

  test.each([
    [true, [enter], true],
    [false, [enter], false],
    [true, ['n', enter], false],
    [false, ['Y', enter], true],
    [false, [...'yes', enter], true],
    [true, [left, enter], false],
    [true, [left, up, enter], true],
    [true, [left, 'y', enter], true],
  ] as const)('yes or no, from %s: %j is %s', async (initial, keys, expected) => {
    const { terminal, type, shows, leftovers } = fakeTerminal()
    const answer = (await createQuestions(terminal)).confirm({ message: 'Which?', initial })
    await shows('Which?')
    await type(...keys)
    expect(await answer).toBe(expected)
    expect(leftovers()).toEqual([])
  })

  test('a choice by arrows, from the initial one', async () => {
    const { terminal, type, shows, leftovers } = fakeTerminal()
    const ask = await createQuestions(terminal)
    const options = ['a', 'b', 'c'].map((value) => ({ value, label: value.toUpperCase() }))
    const first = ask.choose({ message: 'First?', options })
    await shows('First?')
    await type(down, enter)
    expect(await first).toBe('b')
    const second = ask.choose({ message: 'Second?', options, initial: 'c' })
    await shows('Second?')
    await type(up, up, enter)
    expect(await second).toBe('a')
    expect(leftovers()).toEqual([])
  })
})

const forms = [
  ['drawn', false],
  ['plain', true],
] as const
const formsOfKinds = forms.flatMap(([form, accessible]) =>
  Object.entries(kinds).map(([kind, ask]) => [`${form} ${kind}`, accessible, ask] as const),
)

describe.each(formsOfKinds)('%s is given up', (_, accessible, ask) => {
  const asked = async () => {
    const fake = fakeTerminal({ accessible })
    const answer = ask(await createQuestions(fake.terminal)).catch((error: unknown) => error)
    await fake.shows('Which?')
    return { ...fake, answer }
  }

  test.each([
    ['Ctrl-C', ctrlC],
    ['Ctrl-C in a paste', `a${ctrlC}`],
    ['Ctrl-C after an Enter', `\x1b[Zq${enter}${ctrlC}`],
    ['Ctrl-D', '\x04'],
    ['Escape', esc],
  ])('at %s', async (_, keys) => {
    const { answer, type, leftovers, raw } = await asked()
    await type(keys)
    expect(await answer).toSatisfy(isCancelled)
    expect(leftovers()).toEqual([])
    expect(raw[0]).toBe(true)
  })

  test('at the end of input, and the next question too', async () => {
    const { answer, input, terminal, leftovers } = await asked()
    input.end()
    expect(await answer).toSatisfy(isCancelled)
    await expect(ask(await createQuestions(terminal))).rejects.toSatisfy(isCancelled)
    expect(leftovers()).toEqual([])
  })

  test('when input breaks', async () => {
    const { answer, input, leftovers } = await asked()
    input.destroy(new Error('EIO'))
    expect(await answer).toSatisfy(isCancelled)
    expect(leftovers()).toEqual([])
  })

  test('when the signal fires, and after it nothing is asked', async () => {
    const { answer, abort, terminal, leftovers, writes } = await asked()
    abort.abort()
    expect(await answer).toSatisfy(isCancelled)
    expect(leftovers()).toEqual([])
    const before = writes.length
    await expect(ask(await createQuestions(terminal))).rejects.toSatisfy(isCancelled)
    expect(writes).toHaveLength(before)
  })
})

describe.each(forms)('what was typed ahead of a %s question', (_, accessible) => {
  const second = async (first: readonly string[], between: readonly string[] = []) => {
    const { terminal, type, shows } = fakeTerminal({ accessible })
    const ask = await createQuestions(terminal)
    const one = ask.secret({ message: 'First?', check: any })
    await shows('First?')
    await type(...first)
    const answer = await one
    terminal.input.unshift(Buffer.from(between.join('')))
    const two = ask.text({ message: 'Second?', check: any })
    await shows('Second?')
    await type(...'own', enter)
    return [answer, await two]
  }

  test('the rest of a paste never answers the next question', async () => {
    expect(await second(['token\r\n'])).toEqual(['token', 'own'])
    expect(await second(['abc\rdef\r'])).toEqual(['abc', 'own'])
    expect(await second(['\x1b[200~abc\r\ndef\r\n\x1b[201~'])).toEqual(['abc', 'own'])
  })

  test('nor what the terminal kept until it is asked', async () => {
    expect(await second(['token\r'], ['\ndef\r'])).toEqual(['token', 'own'])
  })

  test('a Ctrl-C among it counts', async () => {
    const { terminal, input, leftovers } = fakeTerminal({ accessible })
    input.write(`abc${ctrlC}`)
    await expect(kinds.text(await createQuestions(terminal))).rejects.toSatisfy(isCancelled)
    expect(leftovers()).toEqual([])
  })

  test('letters of a "yes" after its y stay with the question', async () => {
    const { terminal, type, shows } = fakeTerminal({ accessible })
    const ask = await createQuestions(terminal)
    const one = ask.confirm({ message: 'First?', initial: false })
    await shows('First?')
    await type(...'yes', enter)
    expect(await one).toBe(true)
    const two = ask.text({ message: 'Second?', check: any })
    await shows('Second?')
    await type(...'own', enter)
    expect(await two).toBe('own')
  })
})

describe('how it looks', () => {
  describe.each(Object.entries(longQuestions))('%s', (_, ask) => {
    test.each([60, 80])('fits %s columns, and foreign text moves nothing', async (columns) => {
      const fake = fakeTerminal({ columns })
      const answer = ask(await createQuestions(fake.terminal)).catch((error: unknown) => error)
      await fake.shows('?')
      await fake.type('x', down, up, enter)
      await fake.type(ctrlC)
      await answer
      expect(longest(fake.writes)).toBeLessThanOrEqual(columns)
      expect(holdsAny(fake.written(), ['\x1b[2J', '\x07', '\u009b'])).toBe(false)
      expect(fake.written()).not.toContain('│')
      expect(fake.text()).toContain('A [2Jname of31m words')
    })
  })

  describe('on a terminal that has colours', () => {
    const before = process.env.FORCE_COLOR
    beforeEach(() => {
      process.env.FORCE_COLOR = '1'
    })
    afterEach(() => {
      if (before === undefined) delete process.env.FORCE_COLOR
      else process.env.FORCE_COLOR = before
    })

    test.each(Object.entries(kinds))('%s writes them only when it may', async (_, ask) => {
      const written = async (colour: boolean): Promise<string> => {
        const fake = fakeTerminal({ colour })
        const answer = ask(await createQuestions(fake.terminal))
        await fake.shows('Which?')
        await fake.type('x', left, down, enter)
        await answer
        return fake.written()
      }
      expect(hasColours(await written(true))).toBe(true)
      expect(hasColours(await written(false))).toBe(false)
    })
  })

  test.each(Object.entries(kinds))('%s is ASCII without unicode', async (_, ask) => {
    const fake = fakeTerminal({ unicode: false })
    const answer = ask(await createQuestions(fake.terminal))
    await fake.shows('Which?')
    await fake.type('x', 'é', left, down, enter)
    await answer
    expect(isAscii(fake.written())).toBe(true)
    expect(fake.written()).not.toContain('?  Which')
  })

  test('a choice shows every hint, below its label where it is long', async () => {
    const fake = fakeTerminal({ columns: 30 })
    const answer = (await createQuestions(fake.terminal)).choose({
      message: 'Where does it work, of these folders?',
      options: [
        { value: 'here', label: '/home/a/web', hint: 'this folder' },
        { value: 'home', label: '/home/a', hint: 'all that you have on this machine' },
      ],
    })
    await fake.shows('navigate')
    expect(fake.text()).toContain(
      [
        '◆  Where does it work, of',
        '   these folders?',
        '● /home/a/web (this folder)',
        '○ /home/a (all that you have',
        '  on this machine)',
        '',
      ].join('\n'),
    )
    await fake.type(enter)
    expect(await answer).toBe('here')
  })

  test.each(['text', 'secret'] as const)('what is wrong with a %s stands in a column', async (kind) => {
    const fake = fakeTerminal({ columns: 20 })
    const answer = (await createQuestions(fake.terminal))
      [kind]({ message: 'Which?', check: () => 'Only one to ten words.' })
      .catch((error: unknown) => error)
    await fake.shows('Which?')
    await fake.type('x', enter)
    await fake.shows('words.')
    const [, wrong = ''] = /\n( *Only one to ten\n *words\.)\n/.exec(fake.text()) ?? []
    expect(new Set(wrong.split('\n').map((line) => line.search(/\S/))).size).toBe(1)
    await fake.type(ctrlC)
    expect(await answer).toSatisfy(isCancelled)
  })

  test('drawn anew when the window changes', async () => {
    const fake = fakeTerminal({ columns: 80 })
    const answer = kinds.text(await createQuestions(fake.terminal))
    await fake.shows('Which?')
    await fake.type(...'a'.repeat(70))
    const before = fake.writes.length
    fake.output.columns = 40
    fake.output.emit('resize')
    await until('a frame of 40 columns', () => fake.writes.length > before)
    expect(longest(fake.writes.slice(before))).toBeLessThanOrEqual(40)
    await fake.type(enter)
    expect(await answer).toBe('a'.repeat(70))
  })
})
