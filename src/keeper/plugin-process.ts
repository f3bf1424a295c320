import { type Answer, no, unknown, yes } from '../core/answer.ts'
import { type Channel, parseChannelId, pluginKey } from '../core/channel.ts'
import type { Poller } from '../core/evidence.ts'
import { expandCall } from '../core/mcp-call.ts'
import { type ProcessId, type ProcessInfo, sameProcess } from '../core/process.ts'
import type { Health, Run } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { LookWorld } from '../deps.ts'
import { isClient } from './is-client.ts'
import { answersTo, serverProcess } from './server-process.ts'

/**
 * Finds the process of a channel whose plugin writes no pid down: the server below our client. One that was seen there is
 * ours as long as it lives, reparented or not; one that only carries the run's marker may be anybody's by now.
 */
export const createPluginFinder = (world: LookWorld) => {
  const known = new Map<string, Seen>()
  const findStray = createStrayFinder(world)
  return (
    session: Session,
    channel: Channel,
    client: ProcessInfo | null,
    run: Run | null,
    health: Health | null,
  ): Answer<Poller> => {
    if (client === null) return no('there is no client above it')
    const key = `${session.name} ${channel.id}`
    const seen = ofClient(known.get(key), client)
    const parsed = parseChannelId(channel.id)
    const former = alive(world, ofRun(health, channel, run)) ?? alive(world, seen)
    // A wrapper was seen before its server was there.
    const still = former !== null && parsed?.type === 'plugin' ? serverOrTop(world, former) : former
    const found =
      still !== null
        ? yes(still)
        : parsed?.type === 'server'
          ? serverProcess(world, session, parsed.server, client, seen?.isCalled ?? false)
          : pluginBelow(world, session, channel, client, seen?.isCalled ?? false)
    if (found.is === 'yes') {
      const { pid, start, state } = found.value
      const isCalled = still === null ? 'isCalled' in found : (seen?.isCalled ?? false)
      known.set(key, { pid, start, client, isCalled })
      return yes({ process: found.value, suspended: state === 'T', ours: 'yes', owner: null })
    }
    const stray = run === null ? null : findStray(session, channel, client, run)
    return stray === null
      ? found
      : yes({ process: stray, suspended: stray.state === 'T', ours: 'unknown', owner: null })
  }
}

type Seen = ProcessId & {
  readonly client: ProcessId
  /** It was called as its file says, so that nothing else is it. */
  readonly isCalled: boolean
}

const ofRun = (health: Health | null, { id }: Channel, run: Run | null): ProcessId | null => {
  const seen = health?.pollers[id]
  return seen !== undefined && seen.run === run?.run ? seen : null
}

const ofClient = (seen: Seen | undefined, client: ProcessId): Seen | null =>
  seen !== undefined && sameProcess(seen.client, client) ? seen : null

const alive = (world: LookWorld, seen: ProcessId | null): ProcessInfo | null => {
  const found = seen === null ? null : world.processes.find(seen.pid)
  return sameProcess(found, seen) ? found : null
}

/**
 * As the client starts it: `bun run … start`, below that `bun server.ts` (field notes, section 2), or one program alone.
 * A plugin may have further servers, and hooks: the channel's process is the one that was called as the plugin says. `npx`
 * is called otherwise by then: the one child that is no other server's is taken, and of several it is unknown. Not so of
 * one that was seen as the plugin says (`wasCalled`).
 */
const pluginBelow = (
  world: LookWorld,
  session: Session,
  channel: Channel,
  client: ProcessInfo,
  wasCalled: boolean,
): Answer<ProcessInfo> & { readonly isCalled?: true } => {
  const isOf = recogniserOf(world, session, channel)
  const tops = childrenOf(world, client).flatMap((process) => {
    const root = rootOf(world, process)
    return root !== undefined && isOf(root)
      ? [{ process, is: partOf(world, session, channel, client, root, process) }]
      : []
  })
  const called = tops.find(({ is }) => is === 'channel')
  if (called !== undefined) return { ...yes(serverOrTop(world, called.process)), isCalled: true }
  const [only, ...more] = wasCalled ? [] : tops.filter(({ is }) => is === 'unknown')
  if (only === undefined) return no(`no process of ${channel.id} below client ${client.pid}`)
  if (more.length === 0) return yes(serverOrTop(world, only.process))
  return unknown(`which process below client ${client.pid} is ${channel.id} could not be told`)
}

/** What a process with a plugin's root is in it, by how the plugin there says that its servers are called. */
const partOf = (
  world: LookWorld,
  session: Session,
  { id, server }: Channel,
  client: ProcessInfo,
  root: string,
  process: ProcessInfo,
): 'channel' | 'another server' | 'unknown' => {
  const parsed = parseChannelId(id)
  const name = server ?? (parsed?.type === 'plugin' ? parsed.plugin : null)
  const own = world.processes.environment(client) ?? session.environment
  const variables = { ...own, CLAUDE_PLUGIN_ROOT: root }
  const is = world.claude
    .pluginServers(root)
    .filter((each) => answersTo(world, process, expandCall(each, variables)))
  if (is.some((each) => each.name === name)) return 'channel'
  return is.length === 0 ? 'unknown' : 'another server'
}

const serverOrTop = (world: LookWorld, top: ProcessInfo): ProcessInfo => serverBelow(world, top, 0) ?? top

/** What another client has below it is its own. */
const childrenOf = (world: LookWorld, { pid }: ProcessInfo): readonly ProcessInfo[] =>
  world.processes.children(pid).filter((each) => !isClient(world, each))

/** A plugin's own helpers come and go below it: only what is called like a plugin's server is preferred to the first. */
const serverBelow = (world: LookWorld, above: ProcessInfo, depth: number): ProcessInfo | null => {
  if (runsServer(world, above)) return above
  if (depth >= mostDepth) return null
  for (const child of childrenOf(world, above)) {
    const found = serverBelow(world, child, depth + 1)
    if (found !== null) return found
  }
  return null
}

const mostDepth = 3

const runsServer = (world: LookWorld, process: ProcessInfo): boolean =>
  (world.processes.command(process) ?? []).some((word) => /(^|\/)server\.ts$/.test(word))

/**
 * Whether a process is of a channel's plugin, by the root that the client gives every process of one (seen on 2.1.139 and
 * 2.1.330). Updated since, it ran from another folder of the cache, `…/<marketplace>/<plugin>/<version>`.
 */
const recogniserOf = (
  world: LookWorld,
  session: Session,
  { id }: Channel,
): ((root: string | undefined) => boolean) => {
  const parsed = parseChannelId(id)
  const key = pluginKey(id)
  if (parsed?.type !== 'plugin' || key === null) return () => false
  const installed = world.claude.pluginInstalled(world.claude.sessionPaths(session), key)
  const { plugin, marketplace } = parsed
  return (root) => {
    if (root === undefined) return false
    if (installed.is === 'yes' && root === installed.value.root) return true
    const [market, name, last] = root.split('/').slice(-3)
    // Where it is can't be told: one that a marketplace's folder holds is called like its plugin.
    return (market === marketplace && name === plugin) || (installed.is !== 'yes' && last === plugin)
  }
}

const rootOf = (world: LookWorld, process: ProcessInfo): string | undefined =>
  world.processes.ask(process, ({ variables }) => variables('CLAUDE_PLUGIN_ROOT'))?.CLAUDE_PLUGIN_ROOT

/** One that stays away may stay so for days, and each time takes a look at every process there is. */
const againMs = 30_000

/** Looks for a server whose parent ended, and that goes on: at once for each run, then now and then. */
const createStrayFinder = (world: LookWorld) => {
  const looked = new Map<string, { readonly run: string; readonly at: number }>()
  return (session: Session, channel: Channel, client: ProcessInfo, run: Run): ProcessInfo | null => {
    const key = `${session.name} ${channel.id}`
    const before = looked.get(key)
    const at = world.clock.elapsed()
    if (before?.run === run.run && at - before.at < againMs) return null
    const found = reparented(world, session, channel, client, run)
    if (found === null) looked.set(key, { run: run.run, at })
    return found
  }
}

const reparented = (
  world: LookWorld,
  session: Session,
  channel: Channel,
  client: ProcessInfo,
  { run }: Run,
): ProcessInfo | null => {
  if (pluginKey(channel.id) === null) return null
  const isOf = recogniserOf(world, session, channel)
  return (
    world.processes.all().find((process) => {
      const own = world.processes.ask(process, ({ variables }) =>
        variables('CHANNELS_RUN', 'CLAUDE_PLUGIN_ROOT'),
      )
      const root = own?.CLAUDE_PLUGIN_ROOT
      return (
        own?.CHANNELS_RUN === run &&
        root !== undefined &&
        isOf(root) &&
        partOf(world, session, channel, client, root, process) !== 'another server' &&
        !world.processes.ancestors(process.pid).some((above) => isClient(world, above))
      )
    }) ?? null
  )
}
