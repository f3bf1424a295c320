import { configuredServers } from './configured.ts'
import { isApproved, isBlockedByOrg, isFeatureOn } from './gate.ts'
import { installedPlugin } from './installed.ts'
import type { Options } from './options.ts'
import { since, type World } from './world.ts'

/**
 * What stands at the top of the screen. Of channels it says that all is well even when no plugin process was ever
 * started (field notes, section 2).
 */
export const bannerLines = (world: World, options: Options): readonly string[] => {
  const head = [
    ` ▐▛███▛█   Claude Code v${world.version}`,
    '▝▜██████▀  Stand-in',
    ` ▝▝   ▝▝   ${world.cwd}`,
    '',
  ]
  const channels = [...options.channels, ...options.developmentChannels]
  return channels.length === 0 ? head : [...head, ...channelLines(world, options, channels), '']
}

const channelLines = (world: World, options: Options, channels: readonly string[]): readonly string[] => {
  const list = channels.join(', ')
  const flag = flagOf(options)
  const isNew = since(world.version, '2.1.300')
  const mark = isNew ? '▎' : ' '
  if (!isFeatureOn(world))
    return [`${mark} ${flag} ignored (${list})`, `${mark} Channels are not currently available`]
  if (isBlockedByOrg(world))
    return [
      `${mark} Channels blocked by org policy (${list})`,
      `${mark} Inbound messages will be silently dropped`,
      `${mark} Have an administrator set channelsEnabled: true in managed settings to enable`,
    ]
  const fine = isNew
    ? [
        `▎ Channels (experimental) messages from ${list} inject directly in this session · restart without`,
        `▎ ${flag} to stop`,
      ]
    : [
        `  Listening for channel messages from: ${list}`,
        '  Experimental · inbound messages will be pushed into this session, this carries prompt injection risks. Restart Claude',
        `  Code without ${flag} to disable.`,
      ]
  const remarks = channels.flatMap((id) => {
    const remark = remarkOn(world, options, id)
    return remark === null ? [] : [`${mark} ${id} · ${remark}`]
  })
  return [...fine, ...remarks]
}

/** With both lists it is called so, literally (seen on both versions). */
const flagOf = ({ channels, developmentChannels }: Options): string => {
  if (developmentChannels.length === 0) return '--channels'
  return channels.length === 0 ? '--dangerously-load-development-channels' : 'Channels'
}

const remarkOn = (world: World, options: Options, id: string): string | null => {
  const [, server] = /^server:(.+)$/.exec(id) ?? []
  if (server !== undefined) {
    if (!configuredServers(world, options).some(({ name }) => name === server))
      return 'no MCP server configured with that name'
    return options.channels.includes(id)
      ? 'server: entries need --dangerously-load-development-channels'
      : null
  }
  const [, plugin = '', marketplace = ''] = /^plugin:([^@]+)@(.+)$/.exec(id) ?? []
  if (installedPlugin(world, `${plugin}@${marketplace}`) === null) return 'plugin not installed'
  const isFine = !options.channels.includes(id) || isApproved(world, { plugin, marketplace })
  return isFine ? null : 'not on the approved channels allowlist'
}
