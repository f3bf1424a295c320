/** What stands at the bottom of a screen, by the signs of how the wizard was asked to be shown. */
export type Bottom = {
  /** The question that is open, its line breaks made spaces; null: none is. */
  readonly asks: string | null
  /** What is waited for, without the sign in front; null: nothing. */
  readonly waits: string | null
}

export type Form = {
  readonly bottom: (screen: string, cursorRow: number) => Bottom
  /** How many questions were answered or cancelled, in all that was shown. */
  readonly answered: (text: string, bottom: Bottom) => number
  /** The line of the answer to a question, or its first one. */
  readonly answer: RegExp
}

/** As clack draws it. */
const drawn: Form = {
  bottom: (screen) => {
    const lines = screen.trimEnd().split('\n')
    const open = /^(?:◆|▲|\*) {2}(.*)$/
    const at = lines.findLastIndex((line) => open.test(line))
    const first = open.exec(lines[at] ?? '')?.[1]
    return {
      asks: first === undefined ? null : inOneLine([first, ...lines.slice(at + 1)]),
      waits: /^(?:…|\.\.\.) (.*?)(?: \(\d+ s\))?$/.exec(lines.at(-1) ?? '')?.[1] ?? null,
    }
  },
  answered: (text) => text.match(/^(?:◇|■|o|x) {2}/gm)?.length ?? 0,
  answer: /^(?:◇|o) {2}/,
}

/** With ACCESSIBLE=1: an empty line, the question, a prompt; it is open as long as the cursor stands there. */
const plain: Form = {
  bottom: (screen, cursorRow) => {
    const lines = screen.split('\n').slice(0, cursorRow + 1)
    if (!isPrompt(lines.at(-1) ?? ''))
      return { asks: null, waits: screen.trimEnd().split('\n').at(-1) ?? null }
    return { asks: inOneLine(lines.slice(lines.lastIndexOf('') + 1, -1)), waits: null }
  },
  answered: (text, { asks }) => text.split('\n').filter(isPrompt).length - (asks === null ? 0 : 1),
  answer: /^>(?: |$)/,
}

export const formOf = (env: Readonly<Record<string, string>>): Form =>
  env.ACCESSIBLE === undefined ? drawn : plain

const isPrompt = (line: string): boolean => plain.answer.test(line)
const inOneLine = (lines: readonly string[]): string =>
  lines
    .map((line) => line.trim())
    .join(' ')
    .replace(/ +/g, ' ')
