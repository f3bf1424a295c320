import { ctrlC, ctrlD } from './keys.ts'

/**
 * What of a chunk of keys a question gets to see: all up to the first Enter, since what comes after it in one go was
 * pasted and answers nothing that was asked. Ctrl-D stands for Ctrl-C: readline closes at it without a word and clack
 * would wait for ever. Ctrl-Z is left out: readline stops the process and is deaf when it is back. A line feed is an
 * Enter, which readline takes for another key that empties the line.
 */
export const typed = (chunk: Buffer): string => {
  if (chunk.includes(ctrlC) || chunk.includes(ctrlD)) return '\x03'
  const keys = chunk.toString('latin1').replaceAll('\x1a', '').replaceAll('\n', '\r')
  const enter = keys.indexOf('\r')
  return enter === -1 ? keys : keys.slice(0, enter + 1)
}

/**
 * Keys for a question of yes or no, where y and n choose as the arrows do. Clack takes them for the answer at once, and
 * the rest of a typed "yes" and Enter would answer the next question.
 */
export const typedYesOrNo = (initial: boolean): ((chunk: Buffer) => string) => {
  let yes = initial
  const choose = (next: boolean): string => {
    const keys = next === yes ? '' : arrow
    yes = next
    return keys
  }
  const take = (key: string): string => {
    if (/^y$/i.test(key)) return choose(true)
    if (/^n$/i.test(key)) return choose(false)
    if (toggles.test(key)) return choose(!yes)
    return passed.includes(key) ? key : ''
  }
  return (chunk) => (typed(chunk).match(oneKey) ?? []).map(take).join('')
}

const arrow = '\x1b[C'
const passed = ['\r', '\x03', '\x1b']
const esc = '\u001b'
/** An escape sequence (an arrow, Home, the marks of a paste), or one character. */
const oneKey = new RegExp(`${esc}[[O][\\d;]*[A-Za-z~]|[^]`, 'g')
const toggles = new RegExp(`^(${esc}[[O][A-D]| |\\t)$`)
