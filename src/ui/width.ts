import stringWidth from 'fast-string-width'

/**
 * How many columns of a terminal a text takes: two for a wide letter or an emoji, none for what is added to a letter and
 * for colours. Signs whose width depends on the terminal (Unicode's "ambiguous") count as one.
 */
export const widthOf = (text: string): number => (isPlain(text) ? text.length : stringWidth(text))

/** As much of a text's beginning as fits into so many columns; no letter is taken apart. */
export const cut = (text: string, columns: number): string =>
  widthOf(text) <= columns ? text : (inPieces(text, columns)[0] ?? '')

/** A text in pieces of at most so many columns. A letter that is wider than that is left out. */
export const inPieces = (text: string, columns: number): readonly string[] => {
  const pieces: string[] = []
  let [last, width] = ['', 0]
  for (const letter of lettersOf(text)) {
    const wide = widthOf(letter)
    if (wide > columns) continue
    if (width + wide > columns) {
      pieces.push(last)
      ;[last, width] = ['', 0]
    }
    last += letter
    width += wide
  }
  return last === '' ? pieces : [...pieces, last]
}

/** What takes one key to type, for most: an emoji may be seven code points. */
const lettersOf = (text: string): readonly string[] =>
  isPlain(text) ? [...text] : Array.from(letters().segment(text), ({ segment }) => segment)

let segmenter: Intl.Segmenter | undefined
const letters = (): Intl.Segmenter => {
  segmenter ??= new Intl.Segmenter()
  return segmenter
}

const isPlain = (text: string): boolean => /^[ -~]*$/.test(text)
