import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readAttached, socketsIn } from '../../src/multiplexer/attached.ts'
import type { Multiplexer, TerminalPlace } from '../../src/multiplexer/port.ts'
import { createScreen } from '../../src/multiplexer/screen.ts'
import { createTmux } from '../../src/multiplexer/tmux.ts'
import { systemClock } from '../../src/system/clock.ts'
import { withLock } from '../../src/system/lock.ts'
import { createProcesses } from '../../src/system/processes.ts'
import { replaceFile } from '../../src/system/replace-file.ts'
import { run } from '../../src/system/run.ts'
import { openPlainTerminal, type PlainTerminal } from '../multiplexer/plain-tmux.ts'
import { until } from '../sim/until.ts'
import { createFake } from './fake.ts'

export const processes = createProcesses(process.platform)

/** One multiplexer in folders of a test's own. */
export type Stage = {
  readonly multiplexer: Multiplexer
  readonly folder: string
  /** The fake has no terminal that anybody could look at. */
  readonly isReal: boolean
  /** The environment terminals are started with. */
  readonly env: Readonly<Record<string, string>>
  place(session: string): TerminalPlace
  /** The file that its server listens at; '' where there is none. */
  socketOf(place: TerminalPlace): string
  /** Ends what holds the terminal as `kill -9` does. */
  crash(place: TerminalPlace): Promise<void>
  /** A person attaches in a terminal of their own; leaves by the keys, or by having it closed. */
  visit(place: TerminalPlace): Promise<Visitor>
  attachedIs(place: TerminalPlace, count: number): Promise<void>
  close(): Promise<void>
}

export type Visitor = { leave(): Promise<void>; vanish(): Promise<void>; screen(): Promise<string> }

/** `env` is what the multiplexer is called with: a test makes it hostile. */
export type OpenStage = (env?: Readonly<Record<string, string>>) => Promise<Stage>

const base = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' }

export const openTmux: OpenStage = async (extra = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'))
  const env = { ...base, HOME: folder, ...extra }
  const multiplexer = createTmux({ run, program: 'tmux', env, processes, clock: systemClock, replaceFile })
  return stage(multiplexer, folder, ['C-b', 'd'], killServer(multiplexer))
}

export const openScreen: OpenStage = async (extra = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'))
  const env = { ...base, HOME: folder, ...extra }
  const parts = { run, program: 'screen', env, processes, clock: systemClock, replaceFile, withLock }
  const multiplexer = createScreen(parts)
  return stage(multiplexer, folder, ['C-a', 'd'], killServer(multiplexer))
}

const killServer =
  (multiplexer: Multiplexer): Stage['crash'] =>
  async (place) => {
    const state = await multiplexer.state(place)
    if (state.is !== 'yes') throw new Error(`no terminal of ${place.session} to crash`)
    const server = processes.find(state.value.pid)?.ppid ?? 0
    processes.signal(processes.find(server) ?? { pid: 0, start: '' }, 'SIGKILL')
    await until('the server to be gone', () => processes.find(server) === null)
  }

export const openFake: OpenStage = async () => {
  const multiplexer = createFake()
  const folder = mkdtempSync(join(tmpdir(), 'contract-'))
  return stage(multiplexer, folder, ['Enter'], async (place) => multiplexer.crash(place), false)
}

const stage = (
  multiplexer: Multiplexer,
  folder: string,
  leaveKeys: readonly string[],
  crash: Stage['crash'],
  isReal = true,
): Stage => {
  const places = new Map<string, TerminalPlace>()
  const place = (session: string): TerminalPlace => {
    const known = places.get(session) ?? {
      session,
      socket: join(folder, 'sockets', session),
      attachedFile: join(folder, `${session} it's "$(attached)"`),
      screens: join(folder, 'sockets', 'screen'),
      userConfig: {
        tmux: join(folder, `user's [conf] $HOME`),
        screen: join(folder, `user's [rc] "$HOME" ^A`),
      },
    }
    places.set(session, known)
    return known
  }
  const open: PlainTerminal[] = []
  const visit = async (place: TerminalPlace): Promise<Visitor> => {
    const { file, args, unset } = multiplexer.attach(place)
    const command = ['env', ...unset.flatMap((name) => ['-u', name]), file, ...args]
    const terminal = await openPlainTerminal(['sh', '-c', '"$@"; sleep 600', 'sh', ...command])
    open.push(terminal)
    return { leave: () => terminal.keys(...leaveKeys), vanish: terminal.close, screen: terminal.screen }
  }
  const attachedIs = async (place: TerminalPlace, count: number) => {
    let last = {}
    try {
      await until(`${count} to be attached`, async () => {
        const state = await multiplexer.state(place)
        const unasked = readAttached(processes)(multiplexer.kind, place)
        last = { state, unasked, socket: socketOf(place) }
        return state.is === 'yes' && state.value.attached === count && unasked === count
      })
    } catch (cause) {
      const screens = await Promise.all(open.map((each) => each.screen()))
      throw new Error(`not ${count} attached: ${JSON.stringify(last)}\n${screens.join('\n')}`, { cause })
    }
  }
  const socketOf = (place: TerminalPlace): string =>
    multiplexer.kind === 'tmux'
      ? existsSync(place.socket)
        ? place.socket
        : ''
      : (socketsIn(place.screens, place.session)[0]?.path ?? '')
  const close = async () => {
    for (const each of open) await each.close()
    for (const each of places.values()) await multiplexer.end(each)
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    multiplexer,
    folder,
    isReal,
    env: { ...base, HOME: folder },
    place,
    socketOf,
    crash,
    visit,
    attachedIs,
    close,
  }
}
