import { type Answer, no, unknown, yes } from '../core/answer.ts'
import type { Channel } from '../core/channel.ts'
import type { Poller } from '../core/evidence.ts'
import { kinds } from '../core/kinds.ts'
import { type ProcessInfo, sameProcess } from '../core/process.ts'
import type { Health, Run } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { LookWorld } from '../deps.ts'
import { isClient } from './is-client.ts'
import { createPluginFinder } from './plugin-process.ts'

/**
 * Finds the process that polls for a channel, and whose it is. Ours is one whose nearest `claude` ancestor is our
 * client; once reparented, one that was seen so before; else unknown (design, section 7, "Ours").
 */
export const createPollerFinder = (world: LookWorld) => {
  const findPlugin = createPluginFinder(world)
  // A pid file that names a process of another program is left over; what a process runs does not change.
  const known = new Map<string, { readonly process: ProcessInfo; readonly polls: boolean }>()
  return (
    session: Session,
    channel: Channel,
    client: ProcessInfo | null,
    run: Run | null,
    health: Health | null,
  ): Answer<Poller> => {
    if (kinds[channel.kind].pollerBy === 'descent') return findPlugin(session, channel, client, run, health)
    const pid = world.channels.readPollerPid(channel.stateDir)
    if (pid === null) return no('there is no bot.pid')
    const process = world.processes.find(pid)
    if (process === null) return no(`the process in bot.pid (${pid}) is gone`)
    const suspended = process.state === 'T'
    if (client !== null && isSeen(health?.pollers[channel.id], process, run))
      return yes({ process, suspended, ours: 'yes', owner: null })
    const before = known.get(channel.stateDir)
    const polls = sameProcess(before?.process ?? null, process) ? before?.polls : runsPlugin(world, process)
    if (polls === undefined) return unknown(`what process ${pid} runs could not be read`)
    known.set(channel.stateDir, { process, polls })
    return polls
      ? yes({ process, suspended, ...ownerOf(world, process, client) })
      : no(`process ${pid} is no plugin any more`)
  }
}

/**
 * The client gives every process of a plugin its root (seen on 2.1.139 and 2.1.330): anybody's own `server.ts` may have
 * come by the pid since. Undefined when it can't be read; an environment that can't be read says nothing against it.
 */
const runsPlugin = (world: LookWorld, process: ProcessInfo): boolean | undefined =>
  world.processes.ask(process, ({ command, variables }) => {
    const words = command()
    if (words === null) return undefined
    if (!words.some((word) => word.includes('server.ts'))) return false
    const environment = variables('CLAUDE_PLUGIN_ROOT')
    return environment === null || environment.CLAUDE_PLUGIN_ROOT !== undefined
  }) ?? undefined

/**
 * Seen below the client of this very run; one of an earlier run speaks for nobody. What it runs does not change, nobody
 * comes between the two, and reparented it is ours still: it need not be asked again, which costs most of a look.
 */
const isSeen = (seen: Health['pollers'][string] | undefined, poller: ProcessInfo, run: Run | null): boolean =>
  seen !== undefined && sameProcess(seen, poller) && seen.run === run?.run

const ownerOf = (
  world: LookWorld,
  poller: ProcessInfo,
  client: ProcessInfo | null,
): Pick<Poller, 'ours' | 'owner'> => {
  const nearest = nearestClient(world, poller, client)
  if (nearest === null) return { ours: 'unknown', owner: null }
  if (sameProcess(nearest, client)) return { ours: 'yes', owner: null }
  return { ours: 'no', owner: { pid: nearest.pid, folder: folderOf(world, poller, nearest) } }
}

/** No further up than it has to look: each process above costs a system call or two, in every look. */
const nearestClient = (
  world: LookWorld,
  poller: ProcessInfo,
  client: ProcessInfo | null,
): ProcessInfo | null => {
  // A pid can pass on while we climb: what was passed ends what would be a circle.
  const passed = new Set([poller.pid])
  let parent = poller.ppid
  while (parent > 0 && !passed.has(parent)) {
    const above = world.processes.find(parent)
    if (above === null) return null
    if (sameProcess(above, client) || isClient(world, above)) return above
    passed.add(parent)
    parent = above.ppid
  }
  return null
}

/** The client hands its folder to the plugin; the plugin itself works in its own. */
const folderOf = (world: LookWorld, poller: ProcessInfo, owner: ProcessInfo): string | null =>
  world.processes.environment(poller)?.CLAUDE_PROJECT_DIR ?? world.processes.folder(owner)
