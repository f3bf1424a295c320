import type { Dialog } from './dialogs.ts'
import { eachKey, type Key, readKeys } from './keys.ts'

export type Screen = {
  /** Adds to the conversation on screen. */
  readonly show: (line: string) => void
  /** The line below the prompt; null for the usual one. */
  readonly hint: (line: string | null) => void
  /** What it is at, above the prompt; null: nothing. */
  readonly working: (line: string | null) => void
  /** Asks; resolves with the index of the option chosen, -1 for Esc. */
  readonly ask: (dialog: Dialog, given?: AbortSignal) => Promise<number>
  readonly setInput: (text: string) => void
  readonly suspend: () => void
  readonly restore: () => void
  /** Gives the terminal back and leaves `farewell` on it. */
  readonly close: (farewell: string) => void
}

// Alternate screen, mouse tracking, focus and bracketed paste: what stays behind after SIGKILL (field notes, section 5).
const enter = '\x1b[?1049h\x1b[?1000h\x1b[?1002h\x1b[?1003h\x1b[?1006h\x1b[?1004h\x1b[?2004h\x1b[?25l'
const leave = '\x1b[?25h\x1b[?2004l\x1b[?1004l\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?1049l'

/** The terminal, raw; keys that answer no dialog go to `pressed`. */
export const openScreen = (usualHint: string, pressed: (key: Key) => void): Screen => {
  const lines: string[] = []
  let dialog: { readonly of: Dialog; at: number; readonly done: (chosen: number) => void } | null = null
  let input = ''
  let hint: string | null = null
  let working: string | null = null
  let suspended = false

  const paint = () => {
    if (suspended) return
    const rows = process.stdout.rows || 24
    const doing = working === null ? [] : [`✻ ${working}`, '']
    const prompt = lines.length === 0 ? [] : [...doing, rule, `❯ ${input}`, rule, `  ${hint ?? usualHint}`]
    const below = dialog === null ? prompt : [rule, ...dialogLines(dialog.of, dialog.at)]
    const shown = [...lines.slice(-Math.max(rows - below.length - 1, 1)), ...below]
    process.stdout.write(`\x1b[H${shown.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J`)
  }
  const choose = (chosen: number) => {
    const asked = dialog
    dialog = null
    asked?.done(chosen)
    paint()
  }
  const answer = (key: Key, open: { readonly of: Dialog; at: number }) => {
    const count = open.of.options.length
    if (key.is === 'up') open.at = (open.at + count - 1) % count
    if (key.is === 'down') open.at = (open.at + 1) % count
    if (key.is === 'enter') return choose(open.at)
    if (key.is === 'escape' || key.is === 'ctrl-c') return choose(-1)
    const digit = key.is === 'text' && open.of.numbered ? Number(key.text.trim()) : 0
    if (digit >= 1 && digit <= count) return choose(digit - 1)
    paint()
  }
  // What comes before there is anything to answer waits for the first dialog or prompt (field notes, section 5).
  const early: Key[] = []
  const isReady = () => lines.length > 0
  const route = (key: Key) => {
    if (dialog !== null) answer(key, dialog)
    else if (isReady()) pressed(key)
    else early.push(key)
  }
  const routeEarly = () => {
    for (const key of early.splice(0)) route(key)
  }
  const take = (chunk: string) => {
    if (suspended) return
    for (const key of dialog === null && isReady() ? readKeys(chunk) : eachKey(chunk)) route(key)
  }
  const restore = () => {
    suspended = false
    process.stdin.setRawMode(true)
    process.stdout.write(enter)
    paint()
  }
  process.stdin.setEncoding('utf8').on('data', take)
  // A terminal that is gone: SIGHUP says so.
  process.stdin.on('error', () => undefined)
  process.stdout.on('error', () => undefined)
  process.stdout.on('resize', paint)
  restore()

  return {
    restore,
    show: (line) => {
      lines.push(...line.split('\n'))
      paint()
      if (early.length > 0) setImmediate(routeEarly)
    },
    hint: (line) => {
      hint = line
      paint()
    },
    working: (line) => {
      working = line
      paint()
    },
    setInput: (text) => {
      input = text
      paint()
    },
    ask: (of, given) =>
      new Promise((done) => {
        dialog = { of, at: of.first ?? 0, done }
        setImmediate(routeEarly)
        given?.addEventListener('abort', () => (dialog?.of === of ? choose(-1) : undefined))
        paint()
      }),
    suspend: () => {
      suspended = true
      process.stdout.write(leave)
      process.stdin.setRawMode(false)
    },
    close: (farewell) => {
      process.stdout.write(`${leave}${farewell}`)
      if (process.stdin.isTTY) process.stdin.setRawMode(false)
      process.stdin.destroy()
    },
  }
}

const rule = '─'.repeat(72)

const dialogLines = (dialog: Dialog, at: number): readonly string[] => [
  ...dialog.lines.map((line) => ` ${line}`),
  '',
  ...dialog.options.map(
    (option, index) => ` ${index === at ? '❯' : ' '} ${dialog.numbered ? `${index + 1}. ` : ''}${option}`,
  ),
  '',
  ' Enter to confirm · Esc to cancel',
]

/** No terminal: shows nothing and waits for ever where somebody would have to answer. */
export const noScreen: Screen = {
  show: () => undefined,
  hint: () => undefined,
  working: () => undefined,
  ask: () => new Promise(() => undefined),
  setInput: () => undefined,
  suspend: () => undefined,
  restore: () => undefined,
  close: () => undefined,
}
