/**
 * A terminal's screen in memory, as far as a picture that is drawn in place needs one: what has scrolled away is kept,
 * so that nothing above the picture gets lost unseen. Throws at a sequence that it does not know.
 */
export const emulatedScreen = ({ columns, rows }: { readonly columns: number; readonly rows: number }) => {
  const lines: string[][] = Array.from({ length: rows }, () => [])
  let [x, y] = [0, 0]
  let mayBreak = true
  let cursor = true
  /** The first line that can still be reached. */
  const top = (): number => lines.length - rows
  const lineAt = (at: number): string[] => lines[at] ?? []
  const feed = (): void => {
    if (y === rows - 1) lines.push([])
    else y += 1
  }
  const put = (letter: string): void => {
    if (x >= columns && mayBreak) {
      x = 0
      feed()
    }
    x = Math.min(x, columns - 1)
    const line = lineAt(top() + y)
    while (line.length < x) line.push(' ')
    line[x] = letter
    x += 1
  }
  const obey = (sequence: string): void => {
    const [, count = '', name] = /^\[([?\d;]*)([A-Za-z])$/.exec(sequence) ?? []
    if (name === 'A') y = Math.max(0, y - Number(count || 1))
    else if (name === 'K' && count === '') lineAt(top() + y).splice(Math.min(x, columns - 1))
    else if (name === 'J' && count === '') {
      lineAt(top() + y).splice(x)
      for (let at = top() + y + 1; at < lines.length; at++) lineAt(at).splice(0)
    } else if (count === '?7') mayBreak = name === 'h'
    else if (count === '?25') cursor = name === 'h'
    else if (name !== 'm') throw new Error(`no such sequence: ${JSON.stringify(sequence)}`)
  }
  return {
    write: (text: string): void => {
      for (const part of text.match(parts) ?? []) {
        if (part.startsWith('\x1b')) obey(part.slice(1))
        else if (part === '\r') x = 0
        else if (part === '\n') feed()
        else put(part)
      }
    },
    /** Every line there ever was, without the empty ones at the end. */
    text: (): readonly string[] => {
      const all = lines.map((line) => line.join('').trimEnd())
      return all.slice(0, all.findLastIndex((line) => line !== '') + 1)
    },
    /** What can be seen of it. */
    visible: (): readonly string[] => lines.slice(top()).map((line) => line.join('').trimEnd()),
    /** From the top of the screen. */
    place: () => ({ x, y, line: top() + y }),
    isCursorShown: (): boolean => cursor,
    mayBreak: (): boolean => mayBreak,
  }
}

/** A sequence, or a letter. */
const parts = new RegExp(`${'\u001b'}\\[[?\\d;]*[A-Za-z]|[\\s\\S]`, 'gu')
