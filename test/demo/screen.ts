/** Where the demo writes; read by people and by pipes, 80 columns wide or less. */
export type Screen = {
  readonly title: (text: string) => void
  /** Wrapped; a line that begins with a space stays as it is. */
  readonly say: (text: string) => void
  /** A command line as a person would type it. */
  readonly command: (words: readonly string[]) => void
  /** What the person at the phone sees. */
  readonly chat: (who: 'phone' | 'bot', text: string) => void
  /** Somebody else's text, as it is. */
  readonly raw: (text: string) => void
}

export type ScreenOptions = {
  readonly write: (text: string) => void
  readonly colour: boolean
  /** Of the terminal; undefined where there is none, and some say 0. */
  readonly columns: number | undefined
}

const widest = 78

/** Puts the demo's own words on the screen. */
export const createScreen = ({ write, colour, columns }: ScreenOptions): Screen => {
  const width = Math.min(widest, columns || widest)
  const bold = (text: string): string => (colour ? `\u001b[1m${text}\u001b[22m` : text)
  return {
    title: (text) => write(`\n${bold(`== ${text}`)}\n`),
    say: (text) =>
      write(
        `\n${text
          .split('\n')
          .map((line) => wrap(line, width))
          .join('\n')}\n`,
      ),
    command: (words) => write(`\n${bold(`$ ${breakLine(words.map(quoted), width)}`)}\n`),
    chat: (who, text) => write(who === 'phone' ? `\nphone  > ${text}\n` : `bot    < ${text}\n`),
    raw: write,
  }
}

/** A word longer than the line is never broken: it may be a path to copy. */
const wrap = (text: string, width: number): string =>
  text.startsWith(' ') ? text : text.replace(new RegExp(`(.{1,${width}}|\\S+)(?: |$)`, 'g'), '$1\n').trimEnd()

/** Breaks a command line as a shell takes it; an option stays with its value. */
const breakLine = (words: readonly string[], width: number): string => {
  const lines = ['']
  words.forEach((word, i) => {
    const value = words[i + 1]?.startsWith('-') === false ? ` ${words[i + 1]}` : ''
    const isTooLong = `${lines.at(-1)} ${word}${word.startsWith('-') ? value : ''}`.length > width - 6
    lines.push(isTooLong ? word : `${lines.pop()} ${word}`.trimStart())
  })
  return lines.join(' \\\n    ')
}

const quoted = (word: string): string => (/^[\w@%+=:,./~#-]+$/.test(word) ? word : `'${word}'`)
