import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openPlainTerminal } from '../../multiplexer/plain-tmux.ts'
import { cli } from '../../sim/cli.ts'
import type { Home } from '../../sim/home.ts'
import type { TestProcess } from '../../sim/processes.ts'
import { until } from '../../sim/until.ts'
import { scriptOf } from './script.ts'
import { type Bottom, formOf } from './seen.ts'

export type WizardOptions = {
  readonly columns?: number
  readonly rows?: number
  /** After `channels`. */
  readonly args?: readonly string[]
  /** Of the command alone; beside the home's. */
  readonly env?: Readonly<Record<string, string>>
  /** Whether `written` is asked for. */
  readonly recorded?: boolean
  /** The shell script of the terminal, where it is another than one that runs `channels`. */
  readonly script?: string
}

/** What a person at the terminal sees at a moment. */
export type Seen = Bottom & {
  /** Exit status; null while it runs. */
  readonly ended: number | null
  readonly screen: string
}

/** A terminal in which `channels` runs, as a person has it: keys in, a screen out. */
export type Wizard = {
  readonly columns: number
  readonly look: () => Promise<Seen>
  /** Waits until this question is open, then presses keys (as tmux names them), types a line, and Enter by itself. */
  readonly answer: (question: string, typed?: string, ...keys: readonly string[]) => Promise<void>
  readonly press: (...keys: readonly string[]) => Promise<void>
  /** As it comes from a keyboard, in one go. */
  readonly type: (text: string) => Promise<void>
  /** As terminals paste: line breaks as they are sent by them, in one chunk. */
  readonly paste: (text: string) => Promise<void>
  readonly screen: () => Promise<string>
  /**
   * The screen and everything that was scrolled out of it. `joined`: lines that the terminal broke made one again;
   * `painted`: with colours, as escape sequences.
   */
  readonly all: (lines?: Lines) => Promise<string>
  /** What the terminal was sent from the start, byte for byte as far as it has come. */
  readonly written: () => string
  /** Exit status, once it has ended; with 128 and more for a signal, as a shell has it. */
  readonly ended: (ms?: number) => Promise<number>
  /** What is not as in a terminal at rest, after the end: no echo, no line mode, no cursor. */
  readonly disorder: () => Promise<readonly string[]>
  /** The `channels` in this terminal. */
  readonly process: () => TestProcess
  readonly close: () => Promise<void>
}

type Lines = 'as-shown' | 'joined' | 'painted'

const flags = { 'as-shown': [], joined: ['-J'], painted: ['-e'] } satisfies Record<Lines, readonly string[]>

let count = 0

/** Opens a terminal and runs `channels setup` with the home's channel, or other arguments, in the project's folder. */
export const openWizard = async (home: Home, options: WizardOptions = {}): Promise<Wizard> => {
  const { columns = 80, rows = 40, args = ['setup', home.channel], env = {}, recorded = false } = options
  const form = formOf(env)
  count += 1
  const files = join(home.root, `terminal-${count}`)
  const script = `${files}.sh`
  writeFileSync(script, options.script ?? scriptOf(home, files, args, env))
  chmodSync(script, 0o700)
  // HOME is not the home's, so that the terminal itself is none of its processes.
  const command = recorded ? ['sh', '-c', `tmux wait-for recorded; exec '${script}'`] : [script]
  const terminal = await openPlainTerminal(command, { size: `${columns}x${rows}` })
  if (recorded) {
    await terminal.tmux('pipe-pane', '-t', 't', `cat >'${files}.written'`)
    await terminal.tmux('wait-for', '-S', 'recorded')
  }
  const code = (): number | null =>
    existsSync(`${files}.code`) ? Number(readFileSync(`${files}.code`, 'utf8')) : null
  let lookedAt = 0
  const look = async (): Promise<Seen> => {
    await paced(lookedAt)
    lookedAt = Date.now()
    // In this order: what is on the screen of one that has ended stays.
    const ended = code()
    const both = await terminal.tmux(
      ...['capture-pane', '-p', '-t', 't', ';', 'display-message', '-p', '-t', 't', '#{cursor_y}'],
    )
    const at = both.trimEnd().lastIndexOf('\n') + 1
    const screen = both.slice(0, at)
    return { ...form.bottom(screen, Number(both.slice(at))), ended, screen }
  }
  const settled = async (seen: Bottom): Promise<number> => form.answered(await capture('as-shown'), seen)
  const capture = (lines: Lines): Promise<string> =>
    terminal.tmux('capture-pane', '-p', '-t', 't', '-S', '-', ...flags[lines])
  const ended = async (ms = 30_000): Promise<number> => {
    try {
      const said = await until(
        'the end of the wizard',
        () => (code() === null ? null : { code: code() ?? -1 }),
        ms,
      )
      return said.code
    } catch (cause) {
      throw new Error(`not ended:\n${await terminal.screen()}`, { cause })
    }
  }
  return {
    columns,
    look,
    answer: async (question, typed = '', ...keys) => {
      const before = await settled(await untilAsks(look, question))
      if (keys.length > 0) await terminal.keys(...keys)
      if (typed !== '') await terminal.text(typed)
      await terminal.keys('Enter')
      // Until it is drawn as answered, the next look would find it open still.
      await until(`the answer to ${question} to be taken:\n${await terminal.screen()}`, async () => {
        const seen = await look()
        return seen.ended !== null || /^▲/m.test(seen.screen) || (await settled(seen)) > before
      })
    },
    press: terminal.keys,
    type: terminal.text,
    paste: async (text) => {
      const file = `${files}.paste`
      writeFileSync(file, text)
      await terminal.tmux('load-buffer', '-b', 'paste', file)
      // -r: line breaks stay what they are.
      rmSync(file)
      await terminal.tmux('paste-buffer', '-d', '-r', '-b', 'paste', '-t', 't')
    },
    screen: terminal.screen,
    all: (lines = 'as-shown') => capture(lines),
    written: () => readFileSync(`${files}.written`, 'utf8'),
    ended,
    disorder: async () => {
      await ended()
      const modes = readFileSync(`${files}.stty`, 'utf8').split(/[\s;]+/)
      const off = ['icanon', 'echo', 'isig', 'icrnl', 'opost'].filter((mode) => !modes.includes(mode))
      return [...off, ...((await terminal.format('#{cursor_flag}')) === '1' ? [] : ['cursor'])]
    },
    process: () => {
      const found = home
        .processes()
        .filter(({ argv, env: own }) => own.CHANNELS_TEST_TERMINAL === files && argv[1] === cli)
      const [one] = found
      if (one === undefined || found.length > 1) throw new Error(`${found.length} processes of the wizard`)
      return one
    },
    close: terminal.close,
  }
}

/** Each look is a process; every 20 ms, for many terminals at once, they would be what the machine does. */
const paced = (lookedAt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, lookedAt + 60 - Date.now())))

/** Waits until a question is the open one. */
export const untilAsks = async (look: Wizard['look'], question: string, ms = 20_000): Promise<Seen> => {
  let last: Seen | null = null
  try {
    return await until(
      question,
      async () => {
        const seen = await look()
        last = seen
        if (seen.ended !== null) throw new Error(`ended with ${seen.ended}`)
        return seen.asks?.startsWith(question) === true ? seen : null
      },
      ms,
    )
  } catch (cause) {
    throw new Error(`is to ask: ${question}\n${(last as Seen | null)?.screen}`, { cause })
  }
}
