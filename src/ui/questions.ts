import { question, type Streams } from './question.ts'
import { clean, columnsOf, type Terminal } from './terminal.ts'
import { typedYesOrNo } from './typing.ts'
import { wrap } from './wrap.ts'

type Check = (answer: string) => string | null

/** What somebody can be asked. Each throws the cancelled error (130), as question.ts says. */
export type Questions = {
  /**
   * A line of text, without the spaces around it; `check` returns what is wrong with it in a sentence, or null. Enter
   * alone gives `initial`.
   */
  readonly text: (question: {
    readonly message: string
    readonly initial?: string
    readonly check: Check
  }) => Promise<string>
  /** The same, shown as dots; kept out of the screen after it was entered, too. */
  readonly secret: (question: { readonly message: string; readonly check: Check }) => Promise<string>
  /** Yes or no: y, n and the arrows choose, Enter answers. */
  readonly confirm: (question: { readonly message: string; readonly initial: boolean }) => Promise<boolean>
  /** One of the options, of which there has to be one at least. */
  readonly choose: <Value extends string>(question: {
    readonly message: string
    readonly options: readonly { readonly value: Value; readonly label: string; readonly hint?: string }[]
    readonly initial?: Value
  }) => Promise<Value>
}

/** The questions of clack 1.9, without its frame: that is in the way of reading at 60 columns and of copying. */
export const createQuestions = async (terminal: Terminal): Promise<Questions> => {
  const clack = await import('@clack/prompts')
  const common = { withGuide: false, accessible: terminal.accessible }
  /** Foreign text in lines, beside what clack puts before it: clack breaks lines, but anywhere in a long word. */
  const lines = (text: string, taken: number): readonly string[] =>
    wrap(clean(terminal, text), columnsOf(terminal) - taken)
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
          options: options.map(({ label, hint }, value) => ({
            value,
            // Clack shows a hint only beside the option that is chosen and breaks it anywhere, which moves all below.
            label: lines(hint === undefined ? label : `${label} (${hint})`, 2).join('\n  '),
          })),
        }),
      )
      const option = options[chosen]
      if (option === undefined) throw new Error('a choice of no options')
      return option.value
    },
  }
}
