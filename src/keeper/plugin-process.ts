import { type Answer, no, yes } from '../core/answer.ts'
import { type Channel, parseChannelId, pluginKey } from '../core/channel.ts'
import type { Poller } from '../core/evidence.ts'
import { type ProcessId, type ProcessInfo, sameProcess } from '../core/process.ts'
import type { Health, Run } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { LookWorld } from '../deps.ts'
import { isClient } from './is-client.ts'

/**
 * Finds the process of a channel whose plugin writes no pid down: the server below our client. One that was seen there is
 * ours as long as it lives, reparented or not; one that only carries the run's marker may be anybody's by now.
 */
export const createPluginFinder = (world: LookWorld) => {
  const known = new Map<string, ProcessId & { readonly client: ProcessId }>()
  return (
    session: Session,
    channel: Channel,
    client: ProcessInfo | null,
    run: Run | null,
    health: Health | null,
  ): Answer<Poller> => {
    if (client === null) return no('there is no client above it')
    const key = `${session.name} ${channel.id}`
    const still = alive(world, ofRun(health, channel, run)) ?? alive(world, ofClient(known.get(key), client))
    const found = still ?? belowClient(world, session, channel, client)
    if (found !== null) {
      known.set(key, { pid: found.pid, start: found.start, client })
      return yes({ process: found, suspended: found.state === 'T', ours: 'yes', owner: null })
    }
    const stray = run === null ? null : reparented(world, channel, run)
    return stray === null
      ? no(`no process of ${channel.id} below client ${client.pid}`)
      : yes({ process: stray, suspended: stray.state === 'T', ours: 'unknown', owner: null })
  }
}

const ofRun = (health: Health | null, { id }: Channel, run: Run | null): ProcessId | null => {
  const seen = health?.pollers[id]
  return seen !== undefined && seen.run === run?.run ? seen : null
}

const ofClient = (
  seen: (ProcessId & { readonly client: ProcessId }) | undefined,
  client: ProcessId,
): ProcessId | null => (seen !== undefined && sameProcess(seen.client, client) ? seen : null)

const alive = (world: LookWorld, seen: ProcessId | null): ProcessInfo | null => {
  const found = seen === null ? null : world.processes.find(seen.pid)
  return sameProcess(found, seen) ? found : null
}

/** As the client starts it: `bun run … start`, below that `bun server.ts` (field notes, section 2), or one program alone. */
const belowClient = (
  world: LookWorld,
  session: Session,
  channel: Channel,
  client: ProcessInfo,
): ProcessInfo | null => {
  const isOf = recogniserOf(world, session, channel)
  const top = world.processes.children(client.pid).find((each) => !isClient(world, each) && isOf(each))
  return top === undefined ? null : (serverBelow(world, top, 0) ?? top)
}

/** A plugin's own helpers come and go below it: only what is called like a plugin's server is preferred to the first. */
const serverBelow = (world: LookWorld, above: ProcessInfo, depth: number): ProcessInfo | null => {
  if (runsServer(world, above)) return above
  if (depth >= mostDepth) return null
  for (const child of world.processes.children(above.pid)) {
    const found = serverBelow(world, child, depth + 1)
    if (found !== null) return found
  }
  return null
}

const mostDepth = 3

const runsServer = (world: LookWorld, process: ProcessInfo): boolean =>
  (world.processes.command(process) ?? []).some((word) => /(^|\/)server\.ts$/.test(word))

const recogniserOf = (
  world: LookWorld,
  session: Session,
  channel: Channel,
): ((process: ProcessInfo) => boolean) => {
  const parsed = parseChannelId(channel.id)
  if (parsed?.type !== 'server') {
    const root = pluginRoot(world, session, channel)
    return (process) => isOfPlugin(rootOf(world, process), root, parsed?.plugin ?? '')
  }
  const server = world.claude.mcpServer(world.claude.sessionPaths(session), session.cwd, parsed.server)
  return (process) =>
    server !== null && isCalled(world.processes.command(process) ?? [], server.command, server.args)
}

const pluginRoot = (world: LookWorld, session: Session, { id }: Channel): string | null => {
  const key = pluginKey(id)
  const installed =
    key === null ? null : world.claude.pluginInstalled(world.claude.sessionPaths(session), key)
  return installed?.is === 'yes' ? installed.value.root : null
}

/** The client gives every process of a plugin its root (seen on 2.1.139 and 2.1.330); updated since, it ran from another. */
const isOfPlugin = (root: string | undefined, installed: string | null, plugin: string): boolean =>
  root !== undefined && (root === installed || root.split('/').includes(plugin))

const rootOf = (world: LookWorld, process: ProcessInfo): string | undefined =>
  world.processes.ask(process, ({ variables }) => variables('CLAUDE_PLUGIN_ROOT'))?.CLAUDE_PLUGIN_ROOT

/** A script is shown behind its interpreter: what it was called with stands at the end. */
const isCalled = (words: readonly string[], command: string, args: readonly string[]): boolean => {
  const name = command.slice(command.lastIndexOf('/') + 1)
  const before = words.slice(0, words.length - args.length)
  return (
    before.some((word) => word.slice(word.lastIndexOf('/') + 1) === name) &&
    args.every((argument, i) => words[before.length + i] === argument)
  )
}

/** Its parent ended, and it goes on. */
const reparented = (world: LookWorld, { id }: Channel, { run }: Run): ProcessInfo | null => {
  const parsed = parseChannelId(id)
  if (parsed?.type !== 'plugin') return null
  return (
    world.processes.all().find((process) => {
      const own = world.processes.ask(process, ({ variables }) =>
        variables('CHANNELS_RUN', 'CLAUDE_PLUGIN_ROOT'),
      )
      return (
        own?.CHANNELS_RUN === run &&
        isOfPlugin(own.CLAUDE_PLUGIN_ROOT, null, parsed.plugin) &&
        !world.processes.ancestors(process.pid).some((above) => isClient(world, above))
      )
    }) ?? null
  )
}
