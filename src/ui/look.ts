/** What a terminal can show. */
export type Shows = { readonly colour: boolean; readonly unicode: boolean }

/**
 * What is written as this terminal can show it: without colours, in ASCII. Clack can't be told: it takes colours from
 * the process's own stdout and environment, and its signs from TERM (1.9 knows no locale). Cursor movements stay; C1
 * controls, which some terminals take for escape sequences, go.
 */
export const asShown = (text: string, { colour, unicode }: Shows): string => {
  const signs = text.replaceAll('│', ' ').replace(/[\u0080-\u009f]/g, '')
  const painted = colour ? signs : signs.replace(colours, '')
  return unicode ? painted : painted.replace(/[^\0-\x7f]/gu, (sign) => ascii[sign] ?? '?')
}

/** Sequences that begin with ESC [ and end with m: colours, bold, inverse. */
export const colours = new RegExp(`${'\u001b'}\\[[\\d;]*m`, 'g')

/** Signs of clack 1.9 and our own. The bar (│) goes above: `withGuide: false` forgets it in a long choice. */
const ascii: Readonly<Record<string, string>> = {
  '◆': '*',
  '◇': 'o',
  '■': 'x',
  '▲': 'x',
  '●': '>',
  '○': ' ',
  '█': '_',
  '•': '-',
  '↑': 'up',
  '↓': 'down',
  '✓': 'ok',
  '…': '...',
  '’': "'",
}
