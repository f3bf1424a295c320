import { renderUnicodeCompact } from 'uqr'
import { widthOf } from './width.ts'

/**
 * The QR code of `text` in lines of half blocks, or none where it would not fit. The light parts are what is drawn, so
 * that it is dark on light on a dark terminal; on a light one it is the other way round, which most readers take too.
 * Colour sequences would settle that, but not every terminal has them. The quiet zone is two modules, not the four of
 * the standard, so that a link's code fits on a screen of 24 lines.
 */
export const qrCode = (text: string, columns: number): readonly string[] => {
  const lines = renderUnicodeCompact(text, { border: 2, ecc: 'L' }).split('\n')
  return lines.every((line) => widthOf(line) <= columns) ? lines : []
}
