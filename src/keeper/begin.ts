import { pluginKey, serverName } from '../core/channel.ts'
import { clientOf } from '../core/client-of.ts'
import { runsOf, startedAfter } from '../core/exit.ts'
import type { LaunchDecision } from '../core/launch.ts'
import type { ExitRecord, Run, Wanted } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'
import { chooseConversation } from './conversation.ts'
import { readBotToken } from './platform.ts'
import { reap } from './reap.ts'
import { writeLaunch } from './write-launch.ts'

/** The loop that asks, and the version of the contract it keeps. */
export type Caller = Pick<Run, 'loop' | 'protocol'>

/**
 * Prepares the next client: ends what the last one left, writes `launch.sh` and puts the run on record. Returns its id.
 * Throws an ExpectedError (73, 77) where something cannot be written.
 */
export const begin = async (
  world: World,
  session: Session,
  decision: Extract<LaunchDecision, { do: 'start' }>,
  wanted: Wanted | null,
  caller: Caller,
): Promise<string> => {
  const { name } = session
  const { after } = decision
  await reap(world, name, runsOf(after))
  const paths = world.claude.sessionPaths(session)
  // A plugin whose start failed once is passed over by every new client for 15 minutes (field notes, section 2).
  const dropped = world.claude.dropNeedsAuth(
    paths,
    session.channels.filter(({ id }) => pluginKey(id) !== null).map(serverName),
  )
  if (dropped === 'removed')
    world.journal.append(name, { type: 'fault', what: 'needs-auth', detail: 'entry of the plugin removed' })
  const conversation = chooseConversation(world, session, paths, after, decision.choice)
  const now = world.clock.now()
  // Another conversation knows nothing of what the last client was at.
  const interrupted = decision.interruptedTurn && conversation.resume
  const run: Run = {
    format: 1,
    run: world.uuid(),
    ...caller,
    machine: world.processes.machine(),
    // Of the order that was decided upon; a newer one is answered by another run.
    generation: wanted?.generation ?? 0,
    conversation: conversation.id,
    resumed: conversation.resume,
    cwd: session.cwd,
    botIds: botIdsOf(world, session),
    client: startedFrom(world, session),
    interrupted,
    startedAt: now,
    waiting: null,
    streak: decision.streak,
    // An `up` after a `down` is a start, no restart.
    restarts:
      (after?.restarts ?? 0) +
      (after !== null && !isStart(after.exits.at(-1)?.reason) && after.run !== '' ? 1 : 0),
    exits: startedAfter(after?.exits ?? [], now, interrupted),
  }
  writeLaunch(world, session, run, interrupted)
  journalEnd(world, name, decision.exit)
  world.journal.append(name, {
    type: 'client-started',
    run: run.run,
    conversation: run.conversation,
    resumed: run.resumed,
    pid: null,
  })
  return run.run
}

const startedFrom = (world: World, session: Session): Run['client'] => {
  const path = clientOf(world, session)
  const file = world.claude.readProgramFile(path)
  return file === null ? null : { path, ...file }
}

/** Down and up again is no restart, nor is the unit or container stopped and started. */
const isStart = (ended: ExitRecord['reason'] | undefined): boolean =>
  ended === 'stopped' || ended === 'taken-down'

const botIdsOf = (world: World, { channels }: Session): readonly string[] =>
  channels.flatMap((channel) => {
    const token = readBotToken(world, channel)
    return (token?.is === 'yes' ? world.channels.messengerOf(channel.kind)?.botId(token.value) : null) ?? []
  })

/** How the last client ended, once that is on record. */
export const journalEnd = (world: World, name: string, exit: LaunchDecision['exit']): void => {
  if (exit === null) return
  const { run, code, signal, reason, unexplained } = exit
  world.journal.append(name, { type: 'client-ended', run, code, signal, reason, unexplained })
}
