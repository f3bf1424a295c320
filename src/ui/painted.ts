import { colours } from './look.ts'

const paint = new RegExp(`(${colours.source})`)

/** At most so many code points of a line; its colours count as nothing and are all kept, those that end one too. */
export const cutPainted = (line: string, columns: number): string => {
  let left = columns
  return line
    .split(paint)
    .map((part, i) => {
      if (i % 2 === 1) return part
      const letters = [...part].slice(0, left)
      left -= letters.length
      return letters.join('')
    })
    .join('')
}

/** A line in pieces of at most so many code points, for one without colours whose words are longer than that. */
export const chop = (line: string, columns: number): readonly string[] => {
  const letters = [...line]
  const pieces = Array.from({ length: Math.ceil(letters.length / columns) }, (_, i) =>
    letters.slice(i * columns, (i + 1) * columns).join(''),
  )
  return pieces.length === 0 ? [''] : pieces
}
