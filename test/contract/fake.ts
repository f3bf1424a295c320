import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { no, yes } from '../../src/core/answer.ts'
import type { Multiplexer, TerminalPlace } from '../../src/multiplexer/port.ts'
import { isGone } from '../multiplexer/plain-tmux.ts'
import { until } from '../sim/until.ts'

export type FakeMultiplexer = Multiplexer & {
  /** As if the server had been killed with -9: its program gets its SIGHUP, its socket file stays. */
  crash(place: TerminalPlace): void
}

type Terminal = { readonly child: ChildProcess; screen: string; line: string }

/**
 * A multiplexer in memory. Programs are real, their terminal is not: what is typed is a line until Enter, what they
 * print is the screen, Ctrl-C is a SIGINT to their group. Keeps the promises of multiplexer.test.ts.
 */
export const createFake = (): FakeMultiplexer => {
  const terminals = new Map<string, Terminal>()
  const find = (place: TerminalPlace) => {
    const terminal = terminals.get(place.socket)
    return terminal !== undefined && terminal.child.exitCode === null && terminal.child.signalCode === null
      ? terminal
      : null
  }
  const within = <T>(place: TerminalPlace, value: (terminal: Terminal) => T) => {
    const terminal = find(place)
    return terminal === null ? no(`no terminal of ${place.session}`) : yes(value(terminal))
  }
  return {
    kind: 'tmux',
    version: async () => yes('fake'),
    start: async (place, command, { cwd, env }) => {
      if (find(place) !== null) return 'already'
      const [file = '', ...args] = command
      mkdirSync(viewers(place), { recursive: true, mode: 0o700 })
      const child = spawn(file, args, { cwd, env: withoutOthers(env), detached: true, stdio: 'pipe' })
      const terminal: Terminal = { child, screen: '', line: '' }
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          terminal.screen += text
        })
      // A program that ends while something is typed is no error of the terminal.
      child.stdin.on('error', () => undefined)
      child.on('error', () => undefined)
      terminals.set(place.socket, terminal)
      for (const file of [place.socket, place.attachedFile]) writeFileSync(file, '')
      return 'started'
    },
    state: async (place) =>
      within(place, ({ child }) => ({ pid: child.pid ?? 0, attached: countViewers(place) })),
    capture: async (place, { history }) =>
      within(
        place,
        ({ screen, line }) =>
          `${(screen + line)
            .split('\n')
            .slice(-(40 + history))
            .join('\n')}\n`,
      ),
    shown: (text) => text,
    type: async (place, text) =>
      within(place, (terminal) => {
        terminal.line += text
        return true as const
      }),
    press: async (place, key) =>
      within(place, (terminal) => {
        if (key === 'C-c') signal(terminal, 'SIGINT')
        const sent = {
          Enter: `${terminal.line}\n`,
          Escape: `${terminal.line}\u001b`,
          'C-c': '',
          Up: '\u001b[A',
          Down: '\u001b[B',
        }[key]
        terminal.child.stdin?.write(sent)
        terminal.screen += sent
        terminal.line = ''
        return true as const
      }),
    attach: (place) => ({
      file: 'sh',
      // A viewer is a file of that name for as long as its process lives; any line it is given is the key to leave.
      args: ['-c', ': >"$1/$$"; read -r line; rm "$1/$$"', 'sh', viewers(place)],
      unset: [],
      leave: 'Enter',
    }),
    end: async (place) => {
      const terminal = terminals.get(place.socket)
      terminals.delete(place.socket)
      if (terminal !== undefined) {
        signal(terminal, 'SIGKILL')
        await until('the program to end', () => isGone(terminal.child.pid ?? 0))
      }
      for (const file of [place.socket, place.attachedFile]) rmSync(file, { force: true })
      rmSync(viewers(place), { recursive: true, force: true })
    },
    crash: (place) => {
      const terminal = terminals.get(place.socket)
      terminals.delete(place.socket)
      if (terminal !== undefined) signal(terminal, 'SIGHUP')
    },
  }
}

// As every multiplexer does: what leads to another one is not handed on.
const withoutOthers = (env: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(TMUX|STY|SCREENDIR)/.test(name)))

const viewers = (place: TerminalPlace) => join(dirname(place.socket), `${place.session}.viewers`)

const countViewers = (place: TerminalPlace): number => {
  const folder = viewers(place)
  const count = existsSync(folder) ? readdirSync(folder).filter((pid) => !isGone(Number(pid))).length : 0
  writeFileSync(place.attachedFile, `${count}\n`)
  return count
}

const signal = ({ child }: Terminal, name: NodeJS.Signals) => {
  if (child.pid === undefined || isGone(child.pid)) return
  process.kill(-child.pid, name)
}
