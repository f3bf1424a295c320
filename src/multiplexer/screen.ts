import { existsSync, readFileSync, rmSync } from 'node:fs'
import type { Answer } from '../core/answer.ts'
import { no, unknown, yes } from '../core/answer.ts'
import { becomes } from '../core/becomes.ts'
import { lives } from '../core/process.ts'
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
export const createScreen = (parts: ScreenParts): Multiplexer => ({
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
    const screen = picture(place)
    // The whole scroll-back, of which as many lines count as the screen has, and those above.
    const all = history > 0 ? picture(place) : null
    const files = all === null ? [screen] : [screen, all]
    try {
      const done = await errand(parts, place, [
        ['hardcopy', screenArgument(screen)],
        ...(all === null ? [] : [['hardcopy', '-h', screenArgument(all)]]),
      ])
      if (done.is !== 'yes') return done
      if (!files.every(existsSync)) return unknown('screen wrote no picture of its screen')
      const shown = readText(screen)
      return yes(all === null ? shown : lastLines(readText(all), linesOf(shown).length + history))
    } finally {
      for (const file of files) rmSync(file, { force: true })
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
})

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
type Done = Answer<true> & { readonly sent?: boolean }

/** A server does what it is told within milliseconds. */
const doneMs = 3_000

/**
 * Sends commands to our window. What is sent by `-X` is carried out in the order it comes and has no answer, and a question
 * by `-Q` would be shown to whoever is attached (4.9): so the last one writes a picture, and is done once that is there.
 */
const errand = async (
  parts: ScreenParts,
  place: TerminalPlace,
  commands: readonly (readonly string[])[],
): Promise<Done> => {
  const loop = findLoop(parts, place)
  if (loop === null || !(await haveSocket(parts, place, loop.server))) return missing(place)
  const last = picture(place)
  try {
    for (const [at, words] of [...commands, ['hardcopy', screenArgument(last)]].entries()) {
      const result = await callScreen(parts, place, [...to(loop), '-X', ...words])
      const trouble = screenTrouble(result)
      if (trouble !== null) return { ...screenRefusal(result), sent: at === commands.length }
    }
    const isOver = () => existsSync(last) || !lives(parts.processes, loop.server)
    await becomes(parts.clock, doneMs, isOver, 5)
    if (existsSync(last)) return yes(true)
    return lives(parts.processes, loop.server)
      ? unknown('screen did not answer in time')
      : { ...missing(place), sent: true }
  } finally {
    rmSync(last, { force: true })
  }
}

let pictures = 0

/** A file of its own for each picture: the folder is readable by its owner only. */
const picture = ({ socket }: TerminalPlace): string => {
  pictures += 1
  return screenFiles(socket).hardcopy(process.pid, pictures)
}

const readText = (file: string): string => decodeHardcopy(readFileSync(file))

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

const lastLines = (text: string, count: number): string => `${linesOf(text).slice(-count).join('\n')}\n`

const linesOf = (text: string): readonly string[] => text.split('\n').slice(0, -1)
