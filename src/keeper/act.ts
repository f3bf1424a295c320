import type { Effect } from '../core/machine.ts'
import { commandLine, type ProcessId } from '../core/process.ts'
import type { Orders } from '../core/records.ts'
import type { MultiplexerKind, Session } from '../core/session.ts'
import { underHold } from '../core/take-down.ts'
import type { World } from '../deps.ts'
import { ExpectedError, exitStatus } from '../errors.ts'
import type { Multiplexer } from '../multiplexer/port.ts'
import { answerDialog } from './answer.ts'
import { end } from './end.ts'
import { hush } from './hush.ts'
import { preflight } from './preflight.ts'
import { readOrders, readRun } from './session-records.ts'
import { terminalEnvironment, terminalPlace } from './terminal.ts'

/** An effect that does something to the session, as against one that only says or schedules something. */
export type Action = Exclude<Effect, { readonly do: 'journal' | 'look-again' }>

export const isAction = (effect: Effect): effect is Action =>
  effect.do !== 'journal' && effect.do !== 'look-again'

/** Carries one action out. The keeper does it, and a command in its place when no keeper answers. */
export const act = async (world: World, session: Session, action: Action): Promise<void> => {
  if (action.do === 'start-terminal') return startTerminal(world, session)
  if (action.do === 'wake') return world.files.writeText(world.folders.session(session.name).wake, '')
  if (action.do === 'end-poller') return signal(world, action.process, 'SIGTERM')
  if (action.do === 'continue-poller') return signal(world, action.process, 'SIGCONT')
  if (action.do === 'check-login' || action.do === 'check-client') return preflight(world, session)
  if (action.do === 'answer-dialog') return answerDialog(world, session, action)
  if (action.do === 'release') return release(world, session, action)
  await endClient(world, session, action)
}

const signal = (world: World, process: ProcessId, name: NodeJS.Signals): void => {
  world.processes.signal(process, name)
}

const endClient = async (
  world: World,
  session: Session,
  { process, gently, run, ended, hold, fresh }: Extract<Action, { do: 'end-client' }>,
): Promise<void> => {
  if (gently && !(await hush(world, session, process))) return
  const orders: Orders = { format: 1, run, ended, hold, fresh }
  const before = readOrders(world, session.name)
  try {
    // Written first: whoever sees the client end must find why.
    world.files.writeRecord(world.folders.session(session.name).orders, underHold(before, orders))
  } finally {
    await end(world, process)
  }
}

/** What was waited for is there: the loop starts the next client. */
const release = (
  world: World,
  session: Session,
  { why, orders }: Extract<Action, { do: 'release' }>,
): void => {
  const own = world.folders.session(session.name)
  world.files.writeRecord(own.orders, orders)
  world.journal.append(session.name, { type: 'healing', ...released[why] })
  world.files.writeText(own.wake, '')
}

const released = {
  'logged-in': { reason: 'login-expired', action: 'logged in again: start the client' },
  'keeper-back': { reason: 'taken-down', action: 'a keeper is at work again: let it go on' },
} as const

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
  const deadline = world.clock.elapsed() + 10_000
  while ((await start()) === 'already') {
    const program = await findProgram(world, session)
    if (program === 'loop') return
    if (world.clock.elapsed() >= deadline)
      throw new ExpectedError(
        exitStatus.wrong,
        `The terminal of ${session.name} is there, but nothing of ours runs in it.`,
        `\`channels attach ${session.name}\` shows what does; \`channels restart ${session.name}\` makes it anew.`,
      )
    // The terminal stands without its loop, say because somebody opened a second window and ended the first.
    if (program === 'other') {
      await multiplexer.end(place)
      world.journal.append(session.name, {
        type: 'terminal',
        what: 'ended',
        detail: 'another program was left in it',
      })
    }
    // It was there a moment ago: it is ending, or its socket is just being made anew. Nothing is ended for that.
    else await world.clock.sleep(50)
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
  world.files.writeText(path, launcherOf(world))

/** Has the loop of a session that runs already start its clients by this very program: the former may have moved away. */
export const followProgram = (world: World, session: Session): void => {
  const { launcher } = world.folders.session(session.name)
  const before = world.files.readText(launcher)
  if (before !== null && before !== launcherOf(world)) writeLauncher(world, launcher)
}

const launcherOf = ({ program }: World): string => `${program.node}\n${program.script}\n`

type Looking = Pick<World, 'folders' | 'processes'> & {
  readonly multiplexer: (kind: MultiplexerKind) => Promise<Pick<Multiplexer, 'state'>>
}

/** What runs in a session's terminal; our loop where that can't be told, none where the terminal can't be found. */
export const findProgram = async (world: Looking, session: Session): Promise<'loop' | 'other' | 'none'> => {
  const multiplexer = await world.multiplexer(session.multiplexer)
  const state = await multiplexer.state(terminalPlace(world, session.name))
  if (state.is !== 'yes') return state.is === 'unknown' ? 'loop' : 'none'
  const program = world.processes.find(state.value.pid)
  // Dead in a terminal that stays, as a user's `remain-on-exit` has it.
  if (program === null) return 'other'
  const command = world.processes.command(program)
  // Linux shows none between two programs of one process: it is being started.
  if (command === null || command.length === 0) return 'loop'
  return commandLine(command).includes(world.folders.session(session.name).loop) ? 'loop' : 'other'
}
