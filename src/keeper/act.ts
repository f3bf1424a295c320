import type { Effect } from '../core/machine.ts'
import { commandLine } from '../core/process.ts'
import type { Orders } from '../core/records.ts'
import type { MultiplexerKind, Session } from '../core/session.ts'
import type { World } from '../deps.ts'
import type { Multiplexer } from '../multiplexer/port.ts'
import { end } from './end.ts'
import { readRun } from './session-records.ts'
import { terminalEnvironment, terminalPlace } from './terminal.ts'

/** An effect that does something to the session, as against one that only says or schedules something. */
export type Action = Exclude<Effect, { readonly do: 'journal' | 'look-again' }>

export const isAction = (effect: Effect): effect is Action =>
  effect.do !== 'journal' && effect.do !== 'look-again'

/** Carries one action out. The keeper does it, and a command in its place when no keeper answers. */
export const act = async (world: World, session: Session, action: Action): Promise<void> => {
  if (action.do === 'start-terminal') return startTerminal(world, session)
  if (action.do === 'wake') return world.files.writeText(world.folders.session(session.name).wake, '')
  if (action.do === 'end-poller') {
    world.processes.signal(action.process, 'SIGTERM')
    return
  }
  const orders: Orders = { format: 1, run: action.run, ended: action.ended, hold: null, fresh: action.fresh }
  try {
    // Written first: whoever sees the client end must find why.
    world.files.writeRecord(world.folders.session(session.name).orders, orders)
  } finally {
    await end(world, action.process)
  }
}

/** Starts the terminal with the loop in it; harmless when it runs. */
export const startTerminal = async (world: World, session: Session): Promise<void> => {
  const multiplexer = await world.multiplexer(session.multiplexer)
  const own = world.folders.session(session.name)
  prepare(world, session.name)
  const before = readRun(world, session.name)
  const place = terminalPlace(world, session.name)
  const start = () =>
    multiplexer.start(place, ['/bin/sh', own.loop, session.name, own.folder], {
      cwd: own.folder,
      env: { ...terminalEnvironment(world), CHANNELS_LEAVE: multiplexer.attach(place).leave },
      server: before === null ? null : (world.processes.ancestors(before.loop.pid)[0] ?? null),
    })
  if ((await start()) === 'already') {
    if (await hasLoop(world, session)) return
    // The terminal stands without its loop, say because somebody opened a second window and ended the first.
    await multiplexer.end(place)
    await start()
  }
  world.journal.append(session.name, { type: 'terminal', what: 'started', detail: session.multiplexer })
}

/** The loop and what it starts are copied and named anew, so that an upgrade or another Node is followed. */
const prepare = (world: World, session: string): void => {
  const own = world.folders.session(session)
  world.files.writeText(own.loop, shipped(world, world.program.loop))
  writeLauncher(world, own.launcher)
}

/** A file that ships with the program. Throws when it is not there: the installation is broken. */
export const shipped = ({ files }: World, path: string): string => {
  const text = files.readText(path)
  if (text === null) throw new Error(`${path} is missing from this installation of channels`)
  return text
}

/** Names node and script for a loop that runs already, too: it reads them anew in every round. */
export const writeLauncher = (world: World, path: string): void =>
  world.files.writeText(path, `${world.program.node}\n${world.program.script}\n`)

type Looking = Pick<World, 'folders' | 'processes'> & {
  readonly multiplexer: (kind: MultiplexerKind) => Promise<Pick<Multiplexer, 'state'>>
}

/** Whether a session's terminal runs our loop; yes where that can't be told. */
export const hasLoop = async (world: Looking, session: Session): Promise<boolean> => {
  const multiplexer = await world.multiplexer(session.multiplexer)
  const state = await multiplexer.state(terminalPlace(world, session.name))
  const program = state.is === 'yes' ? world.processes.find(state.value.pid) : null
  if (program === null) return state.is === 'unknown'
  const command = world.processes.command(program)
  return command === null || commandLine(command).includes(world.folders.session(session.name).loop)
}
