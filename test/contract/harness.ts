import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Multiplexer, TerminalPlace } from '../../src/multiplexer/port.ts'
import { createTmux } from '../../src/multiplexer/tmux.ts'
import { systemClock } from '../../src/system/clock.ts'
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
  /** The environment terminals are started with. */
  readonly env: Readonly<Record<string, string>>
  place(session: string): TerminalPlace
  /** Ends what holds the terminal as `kill -9` does. */
  crash(place: TerminalPlace): Promise<void>
  /** A person attaches in a terminal of their own; leaves by the keys, or by having it closed. */
  visit(place: TerminalPlace): Promise<Visitor>
  attachedIs(place: TerminalPlace, count: number): Promise<void>
  close(): Promise<void>
}

export type Visitor = { leave(): Promise<void>; vanish(): Promise<void> }

/** `env` is what the multiplexer is called with: a test makes it hostile. */
export type OpenStage = (env?: Readonly<Record<string, string>>) => Promise<Stage>

const base = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' }

export const openTmux: OpenStage = async (extra = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'))
  const env = { ...base, HOME: folder, ...extra }
  const multiplexer = createTmux({ run, program: 'tmux', env, processes, clock: systemClock, replaceFile })
  return stage(multiplexer, folder, ['C-b', 'd'], async (place) => {
    const state = await multiplexer.state(place)
    if (state.is !== 'yes') throw new Error(`no terminal of ${place.session} to crash`)
    const server = processes.find(state.value.pid)?.ppid ?? 0
    processes.signal(processes.find(server) ?? { pid: 0, start: '' }, 'SIGKILL')
    await until('the server to be gone', () => processes.find(server) === null)
  })
}

export const openFake: OpenStage = async () => {
  const multiplexer = createFake()
  const folder = mkdtempSync(join(tmpdir(), 'contract-'))
  return stage(multiplexer, folder, ['Enter'], async (place) => multiplexer.crash(place))
}

const stage = (
  multiplexer: Multiplexer,
  folder: string,
  leaveKeys: readonly string[],
  crash: Stage['crash'],
): Stage => {
  const places = new Map<string, TerminalPlace>()
  const place = (session: string): TerminalPlace => {
    const known = places.get(session) ?? {
      session,
      socket: join(folder, 'sockets', session),
      attachedFile: join(folder, `${session} it's "$(attached)"`),
      userConfig: join(folder, `user's [conf] $HOME`),
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
    return { leave: () => terminal.keys(...leaveKeys), vanish: terminal.close }
  }
  const attachedIs = async (place: TerminalPlace, count: number) => {
    let last = {}
    try {
      await until(`${count} to be attached`, async () => {
        const state = await multiplexer.state(place)
        const inFile = existsSync(place.attachedFile) ? readFileSync(place.attachedFile, 'utf8') : ''
        last = { state, inFile, socket: existsSync(place.socket) }
        return state.is === 'yes' && state.value.attached === count && inFile === `${count}\n`
      })
    } catch (cause) {
      const screens = await Promise.all(open.map((each) => each.screen()))
      throw new Error(`not ${count} attached: ${JSON.stringify(last)}\n${screens.join('\n')}`, { cause })
    }
  }
  const close = async () => {
    for (const each of open) await each.close()
    for (const each of places.values()) await multiplexer.end(each)
    rmSync(folder, { recursive: true, force: true })
  }
  return { multiplexer, folder, env: { ...base, HOME: folder }, place, crash, visit, attachedIs, close }
}
