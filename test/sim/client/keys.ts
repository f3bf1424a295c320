export type Key =
  | { readonly is: 'text'; readonly text: string }
  | {
      readonly is:
        | 'up'
        | 'down'
        | 'left'
        | 'right'
        | 'enter'
        | 'escape'
        | 'backspace'
        | 'ctrl-c'
        | 'ctrl-d'
        | 'ctrl-u'
        | 'ctrl-z'
        | 'none'
    }

const named = {
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  '\x1b[C': 'right',
  '\x1bOC': 'right',
  '\x1b[D': 'left',
  '\x1bOD': 'left',
  '\r': 'enter',
  '\n': 'enter',
  '\x1b': 'escape',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x03': 'ctrl-c',
  '\x04': 'ctrl-d',
  '\x15': 'ctrl-u',
  '\x1a': 'ctrl-z',
} as const satisfies Readonly<Record<string, Key['is']>>

// A paste in its brackets, a key or a mouse report, a control character, text.
const token = new RegExp(
  [
    '\x1b\\[200~[\\s\\S]*?\x1b\\[201~',
    '\x1b[[O][0-9;<?]*[A-Za-z~]',
    '[\x00-\x1f\x7f]',
    '[^\x00-\x1f\x7f]+',
  ].join('|'),
  'g',
)

/**
 * The keys in what the terminal sent at once. Text with Enter in one go is taken as a paste: its Enter submits nothing
 * (field notes, section 5).
 */
export const readKeys = (chunk: string): readonly Key[] => {
  const tokens = chunk.match(token) ?? []
  const typed = tokens.some((one) => one >= ' ' && one !== '\x7f')
  const isPaste = typed && tokens.length > 1 && /[\r\n]$/.test(chunk) && !chunk.includes('\x1b')
  return isPaste ? [{ is: 'text', text: chunk.replaceAll('\r', '\n') }] : eachKey(chunk)
}

/** The keys of a chunk one by one: a dialog knows no paste. */
export const eachKey = (chunk: string): readonly Key[] => (chunk.match(token) ?? []).map(toKey)

const toKey = (one: string): Key => {
  if (one.startsWith('\x1b[200~')) return { is: 'text', text: one.slice(6, -6) }
  const is = Object.entries(named).find(([sequence]) => sequence === one)?.[1]
  if (is !== undefined) return { is }
  return one >= ' ' ? { is: 'text', text: one } : { is: 'none' }
}
