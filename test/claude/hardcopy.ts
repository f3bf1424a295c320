import { asShown, decodeHardcopy } from '../../src/multiplexer/screen-protocol.ts'

/** A screen as GNU screen's hardcopy hands it on: of each cell the low byte, blanks at the end of a line cut off. */
export const hardcopyOf = (screen: string): string =>
  decodeHardcopy(
    Buffer.from([...screen.replace(/ +$/gm, '')].map((character) => (character.codePointAt(0) ?? 0) & 0xff)),
  )

export { asShown }
