import { keptBy } from '../core/kept.ts'
import { type ProcessId, sameProcess } from '../core/process.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'

/**
 * From a notification in the client's pipe to `busy` in its session file: about 0.1 s, 0.39 s at worst beside a busy loop
 * (2.1.139 and 2.1.330, 20 times each).
 */
const settleMs = 600
/** One that is found running this often in a row has had its share of the processor, and spins. */
const mostRounds = 4

/**
 * Keeps an idle client from being given another message, so that it can be ended without losing one: its pollers are
 * held, and when it is still idle after what was on its way has arrived, they are ended. What they had fetched and not
 * handed over comes again, since Telegram was not told that it arrived. Else they go on, and it was not at rest. Never
 * leaves one held; killed meanwhile, it leaves that to the next look: the order stands, and asks for the same again.
 */
export const hush = async (world: World, session: Session, client: ProcessId): Promise<boolean> => {
  const pollers = pollersBelow(world, session, client)
  const tell = (signal: NodeJS.Signals): void => {
    for (const poller of pollers) world.processes.signal(poller, signal)
  }
  const keptAt = notedAt(world, session)
  tell('SIGSTOP')
  let rests = false
  try {
    rests =
      (await staysIdle(world, session, client)) &&
      // One that came up meanwhile fetches what this client is never handed.
      pollersBelow(world, session, client).every((each) => pollers.some((held) => sameProcess(held, each))) &&
      notedAt(world, session) === keptAt
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
    if (keepsMessages(world, session, client)) return false
    if (world.claude.readSessionFile(paths, client)?.activity !== 'idle') return false
    if (!world.processes.find(client.pid)?.state.startsWith('R')) return true
  }
  return true
}

/**
 * Whether a plugin of this client has fetched what it did not hand to it yet (`channels/hold.ts`): Telegram takes that for
 * delivered, and it would not come again.
 */
export const keepsMessages = (world: World, session: Session, client: ProcessId): boolean =>
  world.files.list(world.folders.session(session.name).bunFolder).some((name) => {
    const pid = keptBy(name)
    return pid !== null && isBelow(world, pid, client)
  })

/** Ends the plugins that fetch for this client: what they fetched and did not hand over comes again, unless they keep it. */
export const endPollers = (world: World, session: Session, client: ProcessId): void => {
  for (const poller of pollersBelow(world, session, client)) world.processes.signal(poller, 'SIGKILL')
}

/** When a plugin last began or ceased to keep something: what ceased within the hold may not have arrived yet. */
const notedAt = ({ folders, files }: World, { name }: Session): number | null =>
  files.changedAt(folders.session(name).bunFolder)

const pollersBelow = (world: World, session: Session, client: ProcessId): readonly ProcessId[] =>
  session.channels.flatMap(({ stateDir }) => {
    const pid = world.channels.readPollerPid(stateDir)
    return pid !== null && isBelow(world, pid, client) ? (world.processes.find(pid) ?? []) : []
  })

const isBelow = ({ processes }: World, pid: number, client: ProcessId): boolean =>
  processes.ancestors(pid).some((each) => each.pid === client.pid)
