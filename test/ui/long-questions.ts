import type { Questions } from '../../src/ui/question-kinds.ts'

/** Longer than any line, with what moves a cursor, rings and colours. */
const foreign = 'A \x1b[2Jname\x07 of\u009b31m words and '.repeat(6)

/** One question of each kind, all of whose texts are foreign and long. */
export const longQuestions: { readonly [Kind in keyof Questions]: (ask: Questions) => Promise<unknown> } = {
  text: (ask) => ask.text({ message: `${foreign}?`, initial: foreign, check: () => foreign }),
  secret: (ask) => ask.secret({ message: `${foreign}?`, check: () => foreign }),
  confirm: (ask) => ask.confirm({ message: `${foreign}?`, initial: true }),
  choose: (ask) =>
    ask.choose({
      message: `${foreign}?`,
      options: [
        { value: 'one', label: foreign, hint: foreign },
        { value: 'two', label: foreign, hint: foreign },
      ],
    }),
}
