import { ctrlC, listen } from './keys.ts'
import { asShown } from './look.ts'
import { below, breakLines, layOut, type Room, redraw, type Size } from './picture.ts'
import { hideCursor, showCursor } from './sequences.ts'
import type { Line } from './status.ts'
import { columnsOf, type Terminal } from './terminal.ts'

/** Lines for the room there is. They may hold colours, and nothing else that a terminal obeys. */
export type Picture = (room: Room) => readonly Line[]

export type Canvas = {
  /** Shows a picture in place of the one before; where it is too tall all the same, its last line stays. */
  readonly draw: (picture: Picture) => void
  /** Leaves a last picture standing, and the terminal below it as it was. */
  readonly close: (last: Picture) => void
}

/**
 * A picture on the normal screen that is drawn anew in place, also when the terminal's size changes. What is typed is
 * swallowed; `leave` is called at q and Ctrl-C, and when nothing can be typed any more. Where stdin is no terminal there
 * are no keys.
 */
export const openCanvas = (terminal: Terminal, leave: () => void): Canvas => {
  const { input, output } = terminal
  let present: Picture = () => []
  let drawn: { readonly picture: readonly string[]; readonly size: Size } | null = null
  const inAscii = (lines: readonly Line[]): readonly Line[] =>
    terminal.unicode ? lines : lines.map(([line, ...as]): Line => [asShown(line, terminal), ...as])
  const paint = (): readonly string[] => {
    const size = sizeOf(terminal)
    const isKept = drawn?.size.columns === size.columns && drawn.size.rows === size.rows
    const heightOf = (lines: readonly Line[]) => breakLines(inAscii(lines), size.columns).length
    const lines = inAscii(present({ ...size, heightOf }))
    const picture = layOut(lines, size, terminal.unicode ? '…' : '...')
    output.write(
      (drawn === null ? hideCursor : '') + redraw(isKept ? (drawn?.picture ?? null) : null, picture),
    )
    drawn = { picture, size }
    return picture
  }
  const draw = (next: Picture): void => {
    present = next
    paint()
  }
  const resized = (): void => void paint()
  const stop = input.isTTY === true ? listen(input, { keys: leaveKeys(leave), end: leave }) : () => undefined
  output.on('resize', resized)
  return {
    draw,
    close: (last) => {
      output.off('resize', resized)
      present = last
      output.write(`${below(paint())}${showCursor}`)
      stop()
    },
  }
}

/** A q in the middle of what was pasted is none. */
const leaveKeys = (leave: () => void) => (chunk: Buffer) => {
  if (chunk.includes(ctrlC) || /^q$/i.test(chunk.toString('latin1'))) leave()
}

/** As wide and as tall as the terminal is by now; 24 rows where it doesn't know. */
const sizeOf = (terminal: Terminal): Size => {
  const { rows } = terminal.output
  return { columns: columnsOf(terminal), rows: rows !== undefined && rows > 0 ? rows : 24 }
}
