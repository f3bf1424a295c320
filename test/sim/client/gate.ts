import { join } from 'node:path'
import type { McpServer, Plugin } from './installed.ts'
import { type Fields, fields, readJson } from './json.ts'
import type { Options } from './options.ts'
import { since, type World } from './world.ts'

/**
 * Whether this session listens to a channel: null, or the reason that follows `Channel notifications skipped: ` in the
 * MCP log (field notes, sections 2 and 8).
 */
export const skippedWhy = (
  world: World,
  options: Options,
  server: McpServer,
  declared: Fields,
): string | null => {
  const { plugin } = server
  const id = plugin === null ? `server:${server.name}` : `plugin:${plugin.key}`
  if (!('claude/channel' in fields(declared.experimental)))
    return 'server did not declare claude/channel capability'
  // As a client to come may have it, in words of its own.
  const { skipped_for_stand_in: later } = flags(world)
  if (typeof later === 'string') return later
  if (!isFeatureOn(world)) return 'channels feature is not currently available'
  // Keys are accepted from 2.1.128 (field notes, head).
  if ((world.environment.ANTHROPIC_API_KEY ?? '') !== '' && !since(world.version, '2.1.128'))
    return 'channels requires claude.ai authentication (run /login)'
  if (isBlockedByOrg(world))
    return 'channels not enabled by org policy (set channelsEnabled: true in managed settings)'
  // One in both lists is judged as one of the first (seen on both versions).
  if (!options.channels.includes(id))
    return options.developmentChannels.includes(id)
      ? null
      : `server ${server.name} not in --channels list for this session`
  if (plugin !== null && isApproved(world, plugin)) return null
  if (plugin !== null && orgList(world) !== null)
    return `plugin ${plugin.key} is not on your org's approved channels list (set allowedChannelPlugins in managed settings)`
  const what = plugin === null ? `server ${server.name}` : `plugin ${plugin.key}`
  return `${what} is not on the approved channels allowlist (use --dangerously-load-development-channels for local dev)`
}

/** Whether channels are to be had at all: without that nobody is asked about development either (seen on both versions). */
export const isOpen = (world: World): boolean => isFeatureOn(world) && !isBlockedByOrg(world)

export const isBlockedByOrg = (world: World): boolean => isSwitchedOff(managed(world))

/** The cached feature flag, and the two variables that close it, set to anything (section 1). */
export const isFeatureOn = (world: World): boolean => {
  const { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC, DISABLE_TELEMETRY } = world.environment
  const off = CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC !== undefined || DISABLE_TELEMETRY !== undefined
  return !off && flags(world).tengu_harbor === true
}

export const isApproved = (world: World, plugin: Pick<Plugin, 'marketplace' | 'plugin'>): boolean => {
  const ledger = orgList(world) ?? flags(world).tengu_harbor_ledger
  return (Array.isArray(ledger) ? ledger : [])
    .map(fields)
    .some((entry) => entry.marketplace === plugin.marketplace && entry.plugin === plugin.plugin)
}

/** Where an administrator has set anything, channels are off until it says they are on (seen on 2.1.139 and 2.1.330). */
const isSwitchedOff = (settings: Fields): boolean =>
  Object.keys(settings).length > 0 && settings.channelsEnabled !== true

/** The organization's list takes the place of the service's. */
const orgList = (world: World): unknown => managed(world).allowedChannelPlugins ?? null

const managed = ({ knobs }: World): Fields =>
  knobs.managed === null ? {} : readJson(join(knobs.managed, 'managed-settings.json'))

const flags = (world: World) => fields(readJson(world.json).cachedGrowthBookFeatures)
