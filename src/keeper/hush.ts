import { isKeptName } from '../core/kept.ts'
import type { ProcessId } from '../core/process.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'

/**
 * From a notification in the client's pipe to `busy` in its session file: about 0.1 s, 0.39 s at worst beside a busy loop
 * (2.1.139 and 2.1.330, 20 times each).
 */
const settleMs = 600
/** A plugin keeps messages for a second or five, until its client listens. Longer ago, it was ended while it did. */
const keptMs = 30_000
/** One that is found running this often in a row has had its share of the processor, and spins. */
const mostRounds = 4

/**
 * Keeps an idle client from being given another message, so that it can be ended without losing one: its pollers are
 * held, and when it is still idle after what was on its way has arrived, they are ended. What they had fetched and not
 * handed over comes again, since Telegram was not told that it arrived. Else they go on, and it was not at rest. Never
 * leaves one held; killed meanwhile, it leaves that to the next look: the order stands, and asks for the same again.
 */
export const hush = async (world: World, session: Session, client: ProcessId): Promise<boolean> => {
  const pollers = session.channels.flatMap(({ stateDir }) => pollerBelow(world, stateDir, client) ?? [])
  const tell = (signal: NodeJS.Signals): void => {
    for (const poller of pollers) world.processes.signal(poller, signal)
  }
  tell('SIGSTOP')
  let rests = false
  try {
    rests = await staysIdle(world, session, client)
  } finally {
    tell(rests ? 'SIGKILL' : 'SIGCONT')
  }
  return rests
}

/** On a busy machine a client that runs may only be waiting for the processor, with a message unread in its pipe. */
const staysIdle = async (world: World, session: Session, client: ProcessId): Promise<boolean> => {
  const paths = world.claude.sessionPaths(session)
  for (let round = 0; round < mostRounds; round += 1) {
    await world.clock.sleep(settleMs)
    if (world.claude.readSessionFile(paths, client)?.activity !== 'idle' || isKept(world, session))
      return false
    if (!world.processes.find(client.pid)?.state.startsWith('R')) return true
  }
  return true
}

/** Whether a plugin has fetched what it did not hand to its client yet (`channels/hold.ts`): that would not come again. */
const isKept = ({ folders, files, clock }: World, { name }: Session): boolean => {
  const folder = folders.session(name).bunFolder
  return files.list(folder).some((each) => {
    const since = isKeptName(each) ? files.changedAt(`${folder}/${each}`) : null
    return since !== null && clock.now() - since < keptMs
  })
}

const pollerBelow = (world: World, stateDir: string, client: ProcessId): ProcessId | null => {
  const pid = world.channels.readPollerPid(stateDir)
  if (pid === null) return null
  return world.processes.ancestors(pid).some((each) => each.pid === client.pid)
    ? world.processes.find(pid)
    : null
}
