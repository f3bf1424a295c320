import { question, type Streams } from './question.ts'
import { type Check, labelOf, type Questions } from './question-kinds.ts'
import { linesOf, type Terminal } from './terminal.ts'
import { typedYesOrNo } from './typing.ts'

/**
 * The questions of clack 1.9, without its frame: that is in the way of reading at 60 columns and of copying. It draws
 * them anew in place at each key, its option `accessible` is about its spinner alone; so for a screen reader they are
 * our own.
 */
export const createQuestions = async (terminal: Terminal): Promise<Questions> => {
  if (terminal.accessible) return (await import('./plain-questions.ts')).createPlainQuestions(terminal)
  const clack = await import('@clack/prompts')
  const common = { withGuide: false }
  /** Beside what clack puts before it: clack breaks lines, but anywhere in a long word. */
  const lines = (text: string, taken: number): readonly string[] => linesOf(terminal, text, taken)
  /** After the sign and two spaces. Of what a message goes on with clack indents a choice's lines alone. */
  const message = (text: string): string => lines(text, 3).join('\n   ')
  const line = (
    ask: (
      options: Streams & { readonly validate: (value: string | undefined) => string | undefined },
    ) => Promise<string | symbol>,
    check: Check,
    answer: (value: string) => string,
    indent = '',
  ): Promise<string> =>
    question(terminal, async (streams) => {
      const wrong = (value = ''): string | undefined => {
        const sentence = check(answer(value))
        return sentence === null ? undefined : lines(sentence, 2).join(`\n${indent}`)
      }
      const value = await ask({ ...streams, validate: wrong })
      return typeof value === 'symbol' ? value : answer(value)
    })
  return {
    text: ({ message: text, initial = '', check }) => {
      const shown = lines(initial, 0).join(' ')
      return line(
        (options) =>
          clack.text({
            ...common,
            ...options,
            message: message(text),
            placeholder: shown,
            defaultValue: shown,
          }),
        check,
        (value) => (value.trim() === '' || value === shown ? initial : value.trim()),
        '  ',
      )
    },
    secret: ({ message: text, check }) =>
      line(
        // A part of a secret, as a paste with a break leaves it, can't be seen: the next try begins anew.
        (options) =>
          clack.password({
            ...common,
            ...options,
            message: message(text),
            clearOnError: true,
            mask: terminal.unicode ? '•' : '*',
          }),
        check,
        (value) => value.trim(),
      ),
    confirm: ({ message: text, initial }) =>
      question<boolean>(
        terminal,
        (streams) => clack.confirm({ ...common, ...streams, message: message(text), initialValue: initial }),
        typedYesOrNo(initial),
      ),
    choose: async ({ message: text, options, initial }) => {
      const chosen = await question<number>(terminal, (streams) =>
        clack.select({
          ...common,
          ...streams,
          message: lines(text, 3).join('\n'),
          initialValue: options.findIndex(({ value }) => value === initial),
          options: options.map((option, value) => ({
            value,
            // Clack shows a hint only beside the option that is chosen and breaks it anywhere, which moves all below.
            label: lines(labelOf(option), 2).join('\n  '),
          })),
        }),
      )
      const option = options[chosen]
      if (option === undefined) throw new Error('a choice of no options')
      return option.value
    },
  }
}
