/**
 * What of a line may reach a terminal: whoever writes to the bot, a plugin and a folder's name can hold sequences that
 * move the cursor, set the title or fill the clipboard. Control characters but tabs are left out, a line break becomes
 * a space. With colours the sequences of our own theme stay: from somebody else they do nothing worse than colour.
 */
export const printable = (line: string, colours: 'kept' | 'cut' = 'cut'): string =>
  isPlain(line)
    ? line
    : line
        .split(ownColours)
        .map((part, i) => (i % 2 === 0 ? withoutControls(part) : colours === 'kept' ? part : ''))
        .join('')

/** Most lines: told at once, where the other patterns take half a millisecond to compile. */
const isPlain = (line: string): boolean => /^[ -~]*$/.test(line)

/** Faint and the simple foreground colours, on and off, as chalk writes them: nothing that hides text. */
const ownColours = new RegExp(`(${'\u001b'}\\[(?:2|22|3[1-6]|39)m)`)

const withoutControls = (text: string): string => text.replace(/[\r\n]+/g, ' ').replace(/[^\P{Cc}\t]/gu, '')
