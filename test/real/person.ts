import type { PlainTerminal } from '../multiplexer/plain-tmux.ts'
import { openPlainTerminal } from '../multiplexer/plain-tmux.ts'
import { cli } from '../sim/cli.ts'
import type { Home } from '../sim/home.ts'
import { until } from '../sim/until.ts'

/** A person who has run a command in a terminal of their own, and answers it by keys. */
export type Person = {
  /** Waits until this stands on the screen. */
  readonly sees: (text: string, ms?: number) => Promise<void>
  /** Waits for a question, then gives keys to it, or a text and Enter. */
  readonly presses: (question: string, ...keys: readonly string[]) => Promise<void>
  readonly answers: (question: string, text: string) => Promise<void>
  readonly screen: () => Promise<string>
  readonly close: () => Promise<void>
}

/** Starts of a client on a machine with much else to do. */
const patienceMs = 60_000

/** `channels` with these words; so wide and tall that nothing of what it says is wrapped or scrolls away. */
export const runByHand = (home: Home, ...words: readonly string[]): Promise<Person> =>
  runInTerminal(home, [process.execPath, cli, ...words], '200x150')

/** Any program in the session's folder; `[ended with 0]` is shown when it is over. */
export const runInTerminal = async (
  home: Home,
  words: readonly string[],
  size = '110x40',
): Promise<Person> => {
  const held = 'cd "$1"; shift; "$@"; echo "[ended with $?]"; exec cat'
  const env = { ...home.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' }
  const terminal = await openPlainTerminal(['sh', '-c', held, 'sh', home.project, ...words], { env, size })
  const sees = (text: string, ms?: number) => see(terminal, text, ms)
  return {
    sees,
    presses: async (question, ...keys) => {
      await sees(question)
      await terminal.keys(...keys)
    },
    answers: async (question, text) => {
      await sees(question)
      await terminal.text(text)
      await terminal.keys('Enter')
    },
    screen: async () => (await terminal.screen()).trim(),
    close: terminal.close,
  }
}

const see = async (terminal: PlainTerminal, text: string, ms = patienceMs): Promise<void> => {
  try {
    await until(text, async () => (await terminal.screen()).includes(text), ms)
  } catch (cause) {
    throw new Error(`no ${JSON.stringify(text)} on\n${(await terminal.screen()).trim()}`, { cause })
  }
}
