import { describe, expect, test } from 'vitest'
import type { Questions } from '../../src/ui/question-kinds.ts'
import { createQuestions } from '../../src/ui/questions.ts'
import { ctrlC, down, enter, esc, fakeTerminal, isAscii, left, longest, up } from './fake-terminal.ts'
import { longQuestions } from './long-questions.ts'

const any = (): null => null
const backspace = '\x7f'
const ctrlU = '\x15'
const ctrlW = '\x17'

/** Asks once, types when it is open, and hands back the answer and all that was written. */
const asked = async <Answer>(
  ask: (questions: Questions) => Promise<Answer>,
  keys: readonly string[],
  given: Parameters<typeof fakeTerminal>[0] = {},
) => {
  const fake = fakeTerminal({ accessible: true, ...given })
  const answer = ask(await createQuestions(fake.terminal))
  await fake.shows('> ')
  await fake.type(...keys)
  return { answer: await answer, written: fake.written(), leftovers: fake.leftovers }
}
const which = (questions: Questions) => questions.text({ message: 'Which?', check: any })

describe('is written as lines, from top to bottom', () => {
  test('text', async () => {
    const { answer, written, leftovers } = await asked(which, [...' web ', enter])
    expect(answer).toBe('web')
    expect(written).toBe('\nWhich?\n>  web \n')
    expect(leftovers()).toEqual([])
  })

  test('an initial text, in words', async () => {
    const ask = (questions: Questions) =>
      questions.text({ message: 'Which?', initial: 'a\x1b[2J\nb', check: any })
    const { answer, written } = await asked(ask, [enter])
    expect(answer).toBe('a\x1b[2J\nb')
    expect(written).toBe('\nWhich?\nEnter alone: a[2J b\n> \n')
    expect(await asked(ask, ['c', enter])).toMatchObject({ answer: 'c' })
  })

  test('what is wrong, and the prompt again', async () => {
    const check = (text: string) =>
      text === 'web' ? null : `No \x1b[2J${text}, of the words that there are.`
    const { answer, written } = await asked(
      (questions) => questions.text({ message: 'Which?', check }),
      [...'we', enter, ...'web', enter],
      { columns: 20 },
    )
    expect(answer).toBe('web')
    expect(written).toBe('\nWhich?\n> we\nNo [2Jwe, of the\nwords that there\nare.\n> web\n')
  })

  test('a secret, of which nothing is shown, nor what was wrong of it kept', async () => {
    const check = (text: string) => (text === 'qqqwwzw' ? null : 'Not whole.')
    const { answer, written, leftovers } = await asked(
      (questions) => questions.secret({ message: 'Which?', check }),
      ['qq', enter, 'qqq', 'wwwx', backspace, left, 'z', enter],
    )
    expect(answer).toBe('qqqwwzw')
    expect(written).toBe('\nWhich?\nNothing is shown while you type or paste.\n> \nNot whole.\n> \n')
    expect(leftovers()).toEqual([])
  })

  test.each([
    [true, [enter], true],
    [false, [enter], false],
    [true, ['n', enter], false],
    [false, ['Y', enter], true],
    [false, [...'yes', enter], true],
    [true, [...' No ', enter], false],
    [true, ['y', backspace, 'n', enter], false],
  ] as const)('yes or no, from %s: %j is %s', async (initial, keys, expected) => {
    const ask = (questions: Questions) => questions.confirm({ message: 'Which?', initial })
    const { answer, written } = await asked(ask, keys)
    expect(answer).toBe(expected)
    expect(written).toContain(`\nWhich?\ny or n; Enter alone: ${initial ? 'yes' : 'no'}\n> `)
  })

  test('anything but yes or no is asked again', async () => {
    const ask = (questions: Questions) => questions.confirm({ message: 'Which?', initial: true })
    const { answer, written } = await asked(ask, [...'yn', enter, 'n', enter])
    expect(answer).toBe(false)
    expect(written.slice(written.indexOf('> '))).toBe('> yn\nType y for yes or n for no.\n> n\n')
  })

  const options = [
    { value: 'one', label: 'One' },
    { value: 'two', label: 'Two', hint: 'of all there are the second' },
    { value: 'three', label: 'Three' },
  ] as const
  const choose =
    (initial?: 'one' | 'two' | 'three') =>
    (questions: Questions): Promise<string> =>
      questions.choose({ message: 'Which?', options, ...(initial === undefined ? {} : { initial }) })

  test('a choice, by number', async () => {
    const { answer, written, leftovers } = await asked(choose(), ['3', enter], { columns: 24 })
    expect(answer).toBe('three')
    expect(written).toBe(
      [
        '',
        'Which?',
        '1. One',
        '2. Two (of all there are',
        '   the second)',
        '3. Three',
        'Type a number; Enter',
        'alone: 1',
        '> 3',
        '',
      ].join('\n'),
    )
    expect(leftovers()).toEqual([])
  })

  test.each([
    [undefined, '', 'one'],
    ['two', '', 'two'],
    ['two', '1.', 'one'],
  ] as const)('a choice from %s: "%s" is %s', async (initial, typed, expected) => {
    expect(await asked(choose(initial), [...typed, enter])).toMatchObject({ answer: expected })
  })

  test.each(['0', '4', '-1', 'two', '1e0'])('a choice of %s is asked again', async (typed) => {
    const { answer, written } = await asked(choose(), [...typed, enter, '2', enter])
    expect(answer).toBe('two')
    expect(written).toContain(`> ${typed}\nType a number from 1 to 3.\n> 2\n`)
  })
})

describe('what is typed is echoed without an escape sequence', () => {
  const echo = async (keys: readonly string[], given: Parameters<typeof fakeTerminal>[0] = {}) => {
    const { answer, written } = await asked(which, [...keys, enter], given)
    return [answer, written.slice(written.indexOf('> '), -1)]
  }

  test.each([
    ['a backspace', [...'abc', backspace, 'd'], 'abd', '> abc\b \bd'],
    ['a backspace at the begin', [backspace, 'd'], 'd', '> d'],
    ['Ctrl-U', [...'abc', ctrlU, 'd'], 'd', `> abc${'\b \b'.repeat(3)}d`],
    ['Ctrl-W', [...'ab cd', ctrlW, 'e'], 'ab e', `> ab cd${'\b \b'.repeat(2)}e`],
    ['a letter of Latin', ['é', backspace, 'x'], 'x', '> é\b \bx'],
    ['keys of no letter', [up, down, '\x1b[5~', '\x1bOP', 'x'], 'x', '> x'],
    ['a paste in marks', ['\x1b[200~web\x1b[201~'], 'web', '> web'],
    ['Ctrl-Z', ['a', '\x1a', 'b'], 'ab', '> ab'],
  ])('%s', async (_, keys, answer, written) => {
    expect(await echo(keys)).toEqual([answer, written])
  })

  test('a change in the midst of the line is written on a new one', async () => {
    expect(await echo([...'ac', left, 'b'])).toEqual(['abc', '> ac\n> abc'])
  })

  test('so is what is left of a letter whose width is the terminal’s to know', async () => {
    expect(await echo([...'a日', backspace])).toEqual(['a', '> a日\n> a'])
  })

  test('a line longer than the terminal is left to it, and erased on its last row', async () => {
    const columns = 10
    // With the prompt 12 columns: two on the second row, the third to go is on the first.
    const long = [...'0123456789']
    expect(await echo([...long, 'x'], { columns })).toEqual(['0123456789x', '> 0123456789x'])
    expect(await echo([...long, backspace, backspace, backspace], { columns })).toEqual([
      '0123456',
      `> 0123456789${'\b \b'.repeat(2)}\n> 0123456`,
    ])
    expect(await echo([...long, ctrlU, 'x'], { columns })).toEqual(['x', '> 0123456789\n> x'])
  })

  test('what can not be shown is not', async () => {
    expect(await echo(['é', '│', '…', backspace], { unicode: false })).toEqual([
      'é│',
      `> ? ...${'\b \b'.repeat(3)}`,
    ])
  })
})

describe('however long and foreign what is said', () => {
  test.each(
    Object.entries(longQuestions).flatMap(([kind, ask]) =>
      [60, 80].map((columns) => [kind, columns, ask] as const),
    ),
  )('%s at %s columns is lines that fit', async (_, columns, ask) => {
    const fake = fakeTerminal({ accessible: true, unicode: false, columns })
    const answer = ask(await createQuestions(fake.terminal)).catch((error: unknown) => error)
    await fake.shows('> ')
    await fake.type('x', 'ä', backspace, enter)
    await fake.type(ctrlC)
    await answer
    expect(longest(fake.writes)).toBeLessThanOrEqual(columns)
    expect(longest(fake.writes)).toBeGreaterThan(columns - 12)
    expect(isAscii(fake.written())).toBe(true)
    expect(fake.written()).not.toMatch(/[^\n\b -~]/)
  })
})

test.each([
  ['Ctrl-C', ctrlC],
  ['Escape', esc],
])('given up by %s in a line, what is said next begins one', async (_, key) => {
  const fake = fakeTerminal({ accessible: true })
  const answer = which(await createQuestions(fake.terminal)).catch((error: unknown) => error)
  await fake.shows('> ')
  await fake.type('x', key)
  expect(await answer).toMatchObject({ status: 130 })
  expect(fake.written()).toBe('\nWhich?\n> x\n')
  expect(fake.leftovers()).toEqual([])
})
