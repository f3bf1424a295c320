import type { ProcessId } from '../core/process.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'

/** From a notification in the client's pipe to `busy` in its session file, with room for a busy machine. */
const settleMs = 250

/**
 * Keeps an idle client from being given another message, so that it can be ended without losing one: its pollers are
 * held, and when it is still idle after what was on its way has arrived, they are ended. What they had fetched and not
 * handed over comes again, since Telegram was not told that it arrived. Else they go on, and it was not at rest. Never
 * leaves one held.
 */
export const hush = async (world: World, session: Session, client: ProcessId): Promise<boolean> => {
  const pollers = session.channels.flatMap(({ stateDir }) => pollerBelow(world, stateDir, client) ?? [])
  const tell = (signal: NodeJS.Signals): void => {
    for (const poller of pollers) world.processes.signal(poller, signal)
  }
  tell('SIGSTOP')
  let rests = false
  try {
    await world.clock.sleep(settleMs)
    const paths = world.claude.sessionPaths(session)
    rests = world.claude.readSessionFile(paths, client)?.activity === 'idle'
  } finally {
    tell(rests ? 'SIGKILL' : 'SIGCONT')
  }
  return rests
}

const pollerBelow = (world: World, stateDir: string, client: ProcessId): ProcessId | null => {
  const pid = world.channels.readPollerPid(stateDir)
  if (pid === null) return null
  return world.processes.ancestors(pid).some((each) => each.pid === client.pid)
    ? world.processes.find(pid)
    : null
}
