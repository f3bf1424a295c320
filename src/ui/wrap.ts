import { widthOf } from './width.ts'

/**
 * Text in lines as wide as `columns`, broken between words. A line that begins with two spaces keeps its
 * indentation, the lines it continues on too; a word longer than the line is never broken, since it may be a link to
 * copy, and a command between backticks only where it is longer than a line, for the same reason.
 */
export const wrap = (text: string, columns: number): readonly string[] =>
  text.split('\n').flatMap((line) => wrapLine(line, columns))

/** The same, but lines that fit stay as they are, with the spaces that stand in them. */
export const wrapLong = (text: string, columns: number): string =>
  text
    .split('\n')
    .map((line) => (widthOf(line) <= columns ? line : wrapLine(line, columns).join('\n')))
    .join('\n')

const wrapLine = (line: string, columns: number): readonly string[] => {
  const indent = /^ {2,}(?=\S)/.exec(line)?.[0] ?? ''
  const words = joinCommands(
    line.split(/[ \t\r]+/).filter((word) => word !== ''),
    columns - indent.length,
  )
  const lines: string[] = []
  let last = ''
  for (const word of words) {
    const longer = last === '' ? indent + word : `${last} ${word}`
    if (last !== '' && widthOf(longer) > columns) {
      lines.push(last)
      last = indent + word
    } else last = longer
  }
  return [...lines, last]
}

/** The words between two backticks as one, where that fits on a line. */
const joinCommands = (words: readonly string[], columns: number): readonly string[] => {
  const joined: string[] = []
  for (let at = 0; at < words.length; ) {
    const end = isOdd(words[at]) ? words.findIndex((word, i) => i > at && isOdd(word)) : -1
    const next = Math.max(at, end) + 1
    const command = words.slice(at, next).join(' ')
    joined.push(...(widthOf(command) <= columns ? [command] : words.slice(at, next)))
    at = next
  }
  return joined
}

/** Whether a backtick in it opens or closes what another word ends or began. */
const isOdd = (word = ''): boolean => word.split('`').length % 2 === 0
