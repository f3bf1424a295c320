/**
 * Text in lines of at most `columns` code points, broken between words. A line that begins with two spaces keeps its
 * indentation, the lines it continues on too; a word longer than the line is never broken, since it may be a link to
 * copy. Width is the number of code points: a line of wide letters (Chinese, emoji) comes out too long, and it is the
 * terminal that breaks it.
 */
export const wrap = (text: string, columns: number): readonly string[] =>
  text.split('\n').flatMap((line) => wrapLine(line, columns))

export const widthOf = (text: string): number => [...text].length

const wrapLine = (line: string, columns: number): readonly string[] => {
  const indent = /^ {2,}(?=\S)/.exec(line)?.[0] ?? ''
  const words = line.split(/[ \t\r]+/).filter((word) => word !== '')
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
