import { plainAnswer, type Reading } from './plain-answer.ts'
import { question } from './question.ts'
import { labelOf, type Questions } from './question-kinds.ts'
import { linesOf, type Terminal } from './terminal.ts'

/**
 * Questions to have read aloud: written once, from top to bottom, and answered on a line of their own. Nothing is drawn
 * anew, so that what was said stays true and is not said again at each key.
 */
export const createPlainQuestions = (terminal: Terminal): Questions => {
  const lines = (text: string): readonly string[] => linesOf(terminal, text)
  const ask = <Answer extends string | boolean | number>(
    said: readonly string[],
    read: (typed: string) => Reading<Answer>,
    echo: 'shown' | 'hidden' = 'shown',
  ): Promise<Answer> =>
    question(terminal, (streams) => {
      streams.output.write(['', ...said, ''].join('\n'))
      return plainAnswer(terminal, streams, read, echo)
    })
  const checked = (answer: string, check: (answer: string) => string | null): Reading<string> => {
    const wrong = check(answer)
    return wrong === null ? { answer } : { wrong }
  }
  return {
    text: ({ message, initial = '', check }) =>
      ask(
        [...lines(message), ...(initial === '' ? [] : lines(enterAlone(terminal.printable(initial))))],
        (typed) => checked(typed.trim() === '' ? initial : typed.trim(), check),
      ),
    secret: ({ message, check }) =>
      ask(
        [...lines(message), ...lines('Nothing is shown while you type or paste.')],
        (typed) => checked(typed.trim(), check),
        'hidden',
      ),
    confirm: ({ message, initial }) =>
      ask([...lines(message), ...lines(`y or n; ${enterAlone(initial ? 'yes' : 'no')}`)], (typed) => {
        const word = typed.trim().toLowerCase()
        if (word === '') return { answer: initial }
        if (yes.includes(word)) return { answer: true }
        return no.includes(word) ? { answer: false } : { wrong: 'Type y for yes or n for no.' }
      }),
    choose: async ({ message, options, initial }) => {
      const first = Math.max(
        0,
        options.findIndex(({ value }) => value === initial),
      )
      const numbered = options.flatMap((option, i) => {
        const number = `${i + 1}. `
        const [begin = '', ...more] = linesOf(terminal, labelOf(option), number.length)
        return [number + begin, ...more.map((line) => ' '.repeat(number.length) + line)]
      })
      const how = `Type a number; ${enterAlone(String(first + 1))}`
      const chosen = await ask<number>([...lines(message), ...numbered, ...lines(how)], (typed) => {
        const number = typed.trim() === '' ? first + 1 : Number(/^(\d+)\.?$/.exec(typed.trim())?.[1] ?? 0)
        return number >= 1 && number <= options.length
          ? { answer: number - 1 }
          : { wrong: `Type a number from 1 to ${options.length}.` }
      })
      const option = options[chosen]
      if (option === undefined) throw new Error('a choice of no options')
      return option.value
    },
  }
}

const enterAlone = (answer: string): string => `Enter alone: ${answer}`
const yes = ['y', 'yes']
const no = ['n', 'no']
