import type { Answer } from '../core/answer.ts'
import { no, unknown, yes } from '../core/answer.ts'

/** How a call of screen ended, as far as it matters here. */
export type ScreenResult = {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  readonly timedOut: boolean
  readonly notFound: boolean
}

/**
 * Screen 4.9 says on stdout, and with status 1, that nobody is there. What becomes of a command sent by `-X` it does not say
 * (field notes, section 7).
 */
export const screenTrouble = (
  result: ScreenResult,
): 'not-installed' | 'timeout' | 'no-terminal' | 'other' | null => {
  if (result.notFound) return 'not-installed'
  if (result.timedOut) return 'timeout'
  if (result.status === 0) return null
  return /^(No screen session found|There is no screen to be)/m.test(result.stdout) ? 'no-terminal' : 'other'
}

/** One sentence for what went wrong, in screen's own words where it had some; its list of options is none. */
export const screenWords = (result: ScreenResult): string => {
  if (result.notFound) return 'screen is not installed'
  if (result.timedOut) return 'screen did not answer in time'
  const words = `${result.stdout}\n${result.stderr}`.trim().replace(/\s*\n\s*/g, '; ')
  return words === '' || words.startsWith('Use: ')
    ? `screen ended with ${result.status ?? 'a signal'}`
    : words.replace(/\.$/, '')
}

/** Takes a refusal for an answer: no terminal there, or not known. */
export const screenRefusal = (result: ScreenResult): Answer<never> =>
  screenTrouble(result) === 'no-terminal' ? no(screenWords(result)) : unknown(screenWords(result))

/** The first release with `-Q` is 4.2; macOS ships 4.00.03. */
const oldest = [4, 2] as const

/** `screen --version` prints `Screen version 4.09.00 (GNU) 30-Jan-22`, with status 1 up to 4.8. */
export const parseScreenVersion = (printed: string): Answer<string> => {
  const [, major, minor, patch] = /^Screen version (\d+)\.(\d+)\.(\d+)/m.exec(printed) ?? []
  if (major === undefined || minor === undefined || patch === undefined)
    return unknown(`screen --version printed ${JSON.stringify(printed.slice(0, 80))}`)
  const version = [major, minor, patch].map(Number)
  const [first = 0, second = 0] = version
  const isOld = first < oldest[0] || (first === oldest[0] && second < oldest[1])
  return isOld
    ? no(`screen ${version.join('.')} is too old: ${oldest.join('.')} is needed`)
    : yes(version.join('.'))
}

/**
 * An argument of a command sent by `-X`: screen expands `$`, `^` and `\` in it, and takes bytes in octal. What it did with
 * over 750 letters was nothing at all (4.9).
 */
export const screenArgument = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const letter = String.fromCharCode(byte)
      return /[\w./-]/.test(letter) && byte < 128 ? letter : `\\${byte.toString(8).padStart(3, '0')}`
    })
    .join('')

const mostLetters = 500

/** A text as arguments of `stuff`, each short enough, none beginning within a character. */
export const stuffArguments = (text: string): readonly string[] => {
  const found: string[] = []
  let last = ''
  for (const character of text) {
    const next = screenArgument(character)
    if (last.length + next.length > mostLetters) {
      found.push(last)
      last = ''
    }
    last += next
  }
  return last === '' ? found : [...found, last]
}

/** A word of a POSIX shell. */
export const quoteForShell = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/**
 * The text of a hardcopy. Up to 4.9 it has one byte for each cell, the low one of the character's number: a rule of
 * U+2500 is a row of NULs, `❯` is an `o`, `é` is itself in Latin-1. What can only be such a rest stands as the rule or
 * bar it mostly was, else as a dot.
 */
export const decodeHardcopy = (bytes: Buffer): string =>
  [...bytes].map((byte) => (byte === newline ? '\n' : shownByte(byte))).join('')

const newline = 10

/**
 * How a text is read back off such a hardcopy; a wide character fills two cells and is shown once. What is put together of
 * several characters (`a` and an accent that combines) leaves nothing of itself in 4.9, and can't be told.
 */
export const asShown = (text: string): string =>
  [...text].map((character) => shownByte((character.codePointAt(0) ?? 0) & 0xff)).join('')

const shownByte = (byte: number): string => {
  if (byte === 0) return '\u2500'
  if (byte === 2) return '\u2502'
  return byte < 32 || (byte > 126 && byte < 160) ? '\u00b7' : String.fromCharCode(byte)
}
