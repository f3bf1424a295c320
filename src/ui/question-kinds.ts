/** What somebody can be asked. Each throws the cancelled error (130), as question.ts says. */
export type Questions = {
  /** A line of text, without the spaces around it; Enter alone gives `initial`. */
  readonly text: (question: {
    readonly message: string
    readonly initial?: string
    readonly check: Check
  }) => Promise<string>
  /** The same, never shown; kept out of the screen after it was entered, too. */
  readonly secret: (question: { readonly message: string; readonly check: Check }) => Promise<string>
  /** Yes or no: y and n choose, Enter answers. */
  readonly confirm: (question: { readonly message: string; readonly initial: boolean }) => Promise<boolean>
  /** One of the options, of which there has to be one at least. */
  readonly choose: <Value extends string>(question: {
    readonly message: string
    readonly options: readonly (Labelled & { readonly value: Value })[]
    readonly initial?: Value
  }) => Promise<Value>
}

/** What is wrong with an answer, in a sentence; null: nothing. */
export type Check = (answer: string) => string | null

/** How an option is called. A hint stands beside it in brackets. */
export type Labelled = { readonly label: string; readonly hint?: string }

export const labelOf = ({ label, hint }: Labelled): string =>
  hint === undefined ? label : `${label} (${hint})`
