// What a terminal obeys (ECMA-48, and DEC's private modes, which every terminal since the VT100 has).

/** A line of wide letters is longer than it counts: at the last column it stays, so that one line is all there is. */
export const noBreak = '\x1b[?7l'
export const mayBreak = '\x1b[?7h'
export const hideCursor = '\x1b[?25l'
export const showCursor = '\x1b[?25h'
/** From the cursor to the end of its line, and of the screen. */
export const eraseRight = '\x1b[K'
export const eraseBelow = '\x1b[J'
/** To the begin of a line that many above. */
export const up = (lines: number): string => (lines > 0 ? `\r\x1b[${lines}A` : '\r')
