import { join } from 'node:path'
import { cli } from '../../sim/cli.ts'
import { openTerminal } from '../../sim/terminal.ts'
import { until } from '../../sim/until.ts'
import { tmux } from '../../sim/watch.ts'
import type { Machine } from '../faults/kit.ts'

/** Somebody at a terminal in which `channels` runs. */
export type Person = {
  /** Waits until this stands below what was seen before; white space counts as one space each. */
  readonly sees: (what: RegExp, ms?: number) => Promise<void>
  /** Waits for a question, then types a text, if any, and the keys; Enter alone where none are told. */
  readonly answers: (question: RegExp, text?: string, ...keys: readonly string[]) => Promise<void>
  /** Waits for what is wrong with a line that was entered, and enters another in its place. */
  readonly corrects: (fault: RegExp, text: string) => Promise<void>
  readonly press: (...keys: readonly string[]) => Promise<void>
  readonly type: (text: string) => Promise<void>
  /** Waits for the command's end and hands back everything it showed. */
  readonly ends: (code: number, ms?: number) => Promise<string>
  readonly text: () => Promise<string>
}

export type Sitting = {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Behind the command, such as a redirection. */
  readonly after?: string
}

let opened = 0

/** Runs `channels` in a terminal of its own, which is closed once the command's end was seen, or with the home. */
export const atTerminal = async (
  home: Machine,
  args: readonly string[],
  { env = {}, cwd = home.project, after = '' }: Sitting = {},
): Promise<Person> => {
  const name = `p${++opened}`
  const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`)
  const words = ['env', ...settings, process.execPath, cli, ...args].map(quoted)
  const terminal = await openTerminal(home, name, cwd, `${words.join(' ')} ${after}`)
  const socket = join(home.root, `${name}.tmux`)
  const text = async () =>
    (await tmux(home, socket, 'capture-pane', '-p', '-J', '-S', '-')).replace(/\s+/g, ' ')
  let [seen, last] = [0, '']
  /** What stands below what was seen; of what was drawn anew since, only what is as it was counts as seen. */
  const below = async (): Promise<string> => {
    const now = (await text()).replaceAll('◇', '◆')
    seen = Math.min(seen, commonLength(last, now))
    last = now
    return now.slice(seen)
  }
  const sees: Person['sees'] = async (what, ms = 20_000) => {
    try {
      await until(
        `${what}`,
        async () => {
          const found = what.exec(await below())
          if (found !== null) seen += found.index + found[0].length
          return found !== null
        },
        ms,
      )
    } catch (cause) {
      throw new Error(`${what} is not below ${seen} in\n${await terminal.screen()}`, { cause })
    }
  }
  return {
    sees,
    answers: async (question, typed, ...keys) => {
      await sees(question)
      if (typed !== undefined && typed !== '') await terminal.type(typed)
      await terminal.press(...(keys.length === 0 ? ['Enter'] : keys))
    },
    corrects: async (fault, typed) => {
      await sees(fault)
      await terminal.press('C-u')
      await until('the fault to be gone', async () => !fault.test((await text()).slice(-400)))
      await terminal.type(typed)
      await terminal.press('Enter')
    },
    press: terminal.press,
    type: terminal.type,
    ends: async (code, ms) => {
      await sees(/\[ended with \d+\]/, ms)
      const all = await text()
      await terminal.close()
      if (!all.includes(`[ended with ${code}]`)) throw new Error(`not ${code}:\n${all}`)
      return all
    },
    text,
  }
}

const commonLength = (one: string, other: string): number => {
  const differs = one.split('').findIndex((character, i) => character !== other[i])
  return differs === -1 ? one.length : differs
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`
