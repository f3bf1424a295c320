import type { McpLog } from '../../../src/core/client.ts'
import { take } from './client.ts'
import { after, type Cause, type Client, clockOf, newProcess, type World } from './world.ts'

/** The client starts its channel's plugin, which registers and polls, unless something keeps it from that. */
export const serve = (world: World, client: Client, empty: McpLog): void => {
  if (world.causes.has('plugin-never')) return
  const startedAt = clockOf(world)
  const log = { ...empty, startedAt, conversations: [client.conversation], conversation: client.conversation }
  client.log = log
  after(world, 800, () => {
    if (!client.alive) return
    const at = clockOf(world)
    const fails = world.causes.has('no-token-seen')
      ? 'token-missing'
      : world.causes.has('plugin-fails')
        ? 'connection-closed'
        : null // prettier-ignore
    if (fails !== null) client.log = { ...log, failed: { at, why: fails, text: 'it failed' } }
    else if (world.causes.has('gate'))
      client.log = { ...log, connectedAt: at, skipped: { at, why: 'gate', text: 'not available' } }
    else register(world, client, log, at)
  })
}

const register = (world: World, client: Client, log: McpLog, at: number): void => {
  client.log = { ...log, connectedAt: at, registeredAt: at }
  client.plugin = { process: newProcess(world), writtenAt: at, alive: true, suspended: false, drains: true }
  fetchMessages(world)
  for (const cause of pluginCauses) strike(world, client, cause, () => befall(world, client, cause))
}

const pluginCauses = ['plugin-dies', 'plugin-stops', 'plugin-deaf', 'thief', 'replaced'] as const
export type PluginCause = (typeof pluginCauses)[number]
export const isPluginCause = (cause: Cause): cause is PluginCause =>
  pluginCauses.some((each) => each === cause)

/** What a cause does to a client once it strikes. */
export const befall = (world: World, client: Client, cause: PluginCause): void => {
  if (cause === 'replaced') client.replaced = true
  const { plugin } = client
  if (plugin?.alive !== true) return
  if (cause === 'plugin-dies') plugin.alive = false
  if (cause === 'plugin-stops') plugin.suspended = true
  if (cause === 'plugin-deaf') plugin.drains = false
  // A second poller ends the first one, and says so in the slot.
  if (cause === 'thief' && world.thief === null) {
    plugin.alive = false
    world.thief = newProcess(world)
    fetchMessages(world)
  }
}

/** Whatever is wrong strikes each client anew, after its own time. */
export const strike = (world: World, client: Client, cause: Cause, then: () => void): void => {
  const ms = world.causes.get(cause)
  if (ms === undefined) return
  after(world, ms, () => {
    if (client.alive && world.causes.has(cause)) then()
  })
}

/** Messages that wait at the platform go to whoever polls. */
export const fetchMessages = (world: World): void => {
  if (world.pending === 0 || world.causes.has('network') || world.causes.has('webhook')) return
  if (world.thief !== null) {
    world.stolen += world.pending
    world.pending = 0
    return
  }
  const client = world.clients.find(({ plugin }) => plugin?.alive && !plugin.suspended && plugin.drains)
  if (client === undefined || client.suspended || world.causes.has('token-rejected')) return
  for (; world.pending > 0; world.pending -= 1) take(world, client)
}

/** Why nobody would be heard now; null: whoever writes reaches Claude. */
export const deafness = (world: World): string | null => {
  const [client] = world.clients
  if (client === undefined) return 'no-client'
  if (client.suspended) return 'suspended'
  if (client.dialog !== null) return 'dialog'
  if (world.thief !== null) return 'thief'
  const { plugin } = client
  if (plugin === null) return 'not-registered'
  if (!plugin.alive) return 'plugin-dead'
  if (plugin.suspended) return 'plugin-stopped'
  if (!plugin.drains) return 'plugin-deaf'
  for (const cause of ['token-rejected', 'network', 'webhook'] as const)
    if (world.causes.has(cause)) return cause
  return null
}
