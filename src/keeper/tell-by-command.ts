import { commandEnvironment } from '../core/notify/command-environment.ts'
import type { Notice } from '../core/notify/notice.ts'
import { documentOf } from '../core/notify/text.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'
import { journalFault } from './journal-fault.ts'
import { noteTold } from './note-told.ts'

/** A program may count them: it gets each, one after the other. */
export type CommandLane = {
  readonly waiting: Notice[]
  running: boolean
  /** Ends what was started so far, and what that left behind. */
  stop: AbortController
}

const commandMs = 10_000
const mostWaiting = 8

export const newCommandLane = (): CommandLane => ({
  waiting: [],
  running: false,
  stop: new AbortController(),
})

export const queueForCommand = (lane: CommandLane, { notify }: Session, notice: Notice): void => {
  if (notify.command !== null && lane.waiting.length < mostWaiting) lane.waiting.push(notice)
}

/** Runs `notify.command` for each that waits, unless it is at that already. Never throws. */
export const tellByCommand = async (world: World, session: Session, lane: CommandLane): Promise<void> => {
  if (lane.running) return
  lane.running = true
  try {
    for (let notice = lane.waiting.shift(); notice !== undefined; notice = lane.waiting.shift())
      await runCommand(world, session, notice, lane.stop.signal)
  } catch (error) {
    journalFault(world, session.name, 'notify.command', error)
  } finally {
    lane.running = false
  }
}

/** Ends what runs, with all it started, and begins no other for what was to be told so far. */
export const endCommands = (world: World, session: Session, lane: CommandLane): void => {
  for (const notice of lane.waiting.splice(0))
    noteTold(world, session, notice, { by: 'command', outcome: 'dropped', detail: null })
  lane.stop.abort()
  lane.stop = new AbortController()
}

const runCommand = async (
  world: World,
  session: Session,
  notice: Notice,
  signal: AbortSignal,
): Promise<void> => {
  const { command } = session.notify
  if (command === null) return
  const { status, end } = await world.feed('/bin/sh', ['-c', command], {
    ...{ input: `${JSON.stringify(documentOf(notice, session))}\n`, timeoutMs: commandMs, signal },
    env: commandEnvironment(world.env, session.environment, { ...world.claude, redact: world.redact }),
  })
  const failed = end === 'exited' ? `it ended with ${status ?? 'a signal'}` : `it ${failures[end]}`
  const outcome =
    status === 0
      ? ({ outcome: 'sent', detail: null } as const)
      : ({ outcome: 'failed', detail: failed } as const)
  noteTold(world, session, notice, { by: 'command', ...outcome })
}

const failures = {
  'timed out': `did not end within ${commandMs / 1_000} s, and was ended`,
  stopped: 'was ended with the session or its keeper',
  'not started': 'could not be started',
} as const
