import { colours } from './look.ts'
import { cut, inPieces, widthOf } from './width.ts'

const paint = new RegExp(`(${colours.source})`)

/** At most so many columns of a line; its colours count as nothing and are all kept, those that end one too. */
export const cutPainted = (line: string, columns: number): string => {
  let left = columns
  return line
    .split(paint)
    .map((part, i) => {
      if (i % 2 === 1) return part
      const shown = cut(part, left)
      // What comes after a letter that has no room has none either.
      left = shown === part ? left - widthOf(shown) : 0
      return shown
    })
    .join('')
}

/** A line in pieces of at most so many columns, for one without colours whose words are longer than that. */
export const chop = (line: string, columns: number): readonly string[] => {
  const pieces = inPieces(line, columns)
  return pieces.length === 0 ? [''] : pieces
}
