import { isApproved, isFeatureOn } from './gate.ts'
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
  const flag =
    options.developmentChannels.length > 0 ? '--dangerously-load-development-channels' : '--channels'
  const isNew = since(world.version, '2.1.300')
  const mark = isNew ? '▎' : ' '
  if (!isFeatureOn(world))
    return [`${mark} ${flag} ignored (${list})`, `${mark} Channels are not currently available`]
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
  const unapproved = options.channels.filter((id) => !isListed(world, id))
  return [...fine, ...unapproved.map((id) => `${mark} ${id} · not on the approved channels allowlist`)]
}

const isListed = (world: World, id: string): boolean => {
  const [, plugin = '', marketplace = ''] = /^plugin:([^@]+)@(.+)$/.exec(id) ?? []
  return isApproved(world, { plugin, marketplace })
}
