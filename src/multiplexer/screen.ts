import { existsSync, readFileSync, rmSync } from 'node:fs'
import type { Answer } from '../core/answer.ts'
import { no, unknown, yes } from '../core/answer.ts'
import { readAttached } from './attached.ts'
import type { Key, Multiplexer, TerminalPlace } from './port.ts'
import { callScreen, type ScreenParts, screenVariables } from './screen-call.ts'
import { screenFiles } from './screen-conf.ts'
import {
  asShown,
  decodeHardcopy,
  parseScreenVersion,
  screenArgument,
  screenRefusal,
  screenTrouble,
  stuffArguments,
} from './screen-protocol.ts'
import { endServers, findLoop, findServers, haveSocket, type Loop, nameOf } from './screen-server.ts'
import { startScreen } from './screen-start.ts'

/** GNU screen as a keeper of terminals: one server per session, with sockets and a configuration of our own. */
export const createScreen = (parts: ScreenParts): Multiplexer => {
  let pictures = 0
  return {
    kind: 'screen',
    version: async () => {
      const result = await parts.run(parts.program, ['--version'], { timeoutMs: 5000, env: parts.env })
      if (result.notFound) return no('screen is not installed')
      return result.timedOut ? screenRefusal(result) : parseScreenVersion(`${result.stdout}${result.stderr}`)
    },
    start: (place, command, options) => startScreen(parts, place, command, options),
    state: async (place) => {
      const loop = findLoop(parts, place)
      return loop === null
        ? missing(place)
        : yes({ pid: loop.program.pid, attached: readAttached(parts.processes)('screen', place) })
    },
    capture: async (place, { history }) => {
      pictures += 1
      const file = screenFiles(place.socket).hardcopy(process.pid, pictures)
      const all = history > 0 ? ['-h'] : []
      const done = await errand(parts, place, [['hardcopy', ...all, screenArgument(file)]])
      if (done.is !== 'yes') return done
      try {
        if (!existsSync(file)) return unknown('screen wrote no picture of its screen')
        return yes(lastLines(decodeHardcopy(readFileSync(file)), history, done.value.rows))
      } finally {
        rmSync(file, { force: true })
      }
    },
    shown: asShown,
    type: (place, text) => typed(parts, place, stuffArguments(text)),
    press: (place, key) => typed(parts, place, [screenArgument(keys[key])]),
    attach: (place) => {
      const [server] = findServers(parts, place)
      const name = server === undefined ? place.session : nameOf(server, place)
      return {
        file: 'env',
        args: [`SCREENDIR=${place.screens}`, parts.program, '-U', '-x', name],
        unset: [...screenVariables, 'TMUX', 'TMUX_PANE'],
        leave: 'Ctrl-a d',
      }
    },
    end: (place) => endServers(parts, place),
  }
}

const keys: Readonly<Record<Key, string>> = {
  Enter: '\r',
  Escape: '\u001b',
  'C-c': '\u0003',
  Up: '\u001b[A',
  Down: '\u001b[B',
}

const missing = ({ session }: TerminalPlace): Answer<never> =>
  no(`nothing of ours runs in a terminal of ${session}`)

/** Of a terminal that is gone: whether the commands had reached it. */
type Done = Answer<{ readonly rows: number }> & { readonly sent?: boolean }

/**
 * Sends commands to our window, and then a question: what is sent by `-X` is carried out in the order it comes, and only
 * the question has an answer. It says how high the screen is.
 */
const errand = async (
  parts: ScreenParts,
  place: TerminalPlace,
  commands: readonly (readonly string[])[],
): Promise<Done> => {
  const loop = findLoop(parts, place)
  if (loop === null || !(await haveSocket(parts, place, loop.server))) return missing(place)
  for (const words of commands) {
    const result = await callScreen(parts, place, [...to(loop), '-X', ...words])
    if (screenTrouble(result) !== null) return screenRefusal(result)
  }
  const result = await callScreen(parts, place, ['-S', loop.name, '-Q', 'info'])
  if (screenTrouble(result) !== null) return { ...screenRefusal(result), sent: true }
  const rows = /\(\d+,\d+\)\/\(\d+,(\d+)\)/.exec(result.stdout)?.[1]
  return rows === undefined
    ? unknown(`screen said ${JSON.stringify(result.stdout)}`)
    : yes({ rows: Number(rows) })
}

const to = ({ name, window }: Loop): readonly string[] => ['-S', name, '-p', window]

/** Sends keys. What ends the program, and the terminal with it, was taken all the same. */
const typed = async (
  parts: ScreenParts,
  place: TerminalPlace,
  pieces: readonly string[],
): Promise<Answer<true>> => {
  const done = await errand(
    parts,
    place,
    pieces.map((piece) => ['stuff', piece]),
  )
  return done.is === 'yes' || (done.is === 'no' && done.sent) ? yes(true) : done
}

const lastLines = (text: string, history: number, rows: number): string =>
  `${text
    .split('\n')
    .slice(0, -1)
    .slice(-(rows + history))
    .join('\n')}\n`
