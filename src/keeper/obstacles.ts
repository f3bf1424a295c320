import { approvedKeys, type Channel, parseChannelId, pluginKey } from '../core/channel.ts'
import type { ClientPaths } from '../core/client.ts'
import type { Obstacle } from '../core/evidence.ts'
import { runsOf } from '../core/exit.ts'
import { kinds } from '../core/kinds.ts'
import { describeSwitch } from '../core/org-switch.ts'
import { portOf } from '../core/port.ts'
import type { Session } from '../core/session.ts'
import type { LookWorld } from '../deps.ts'
import { type Holder, otherHolder } from './holder.ts'
import { readBotToken } from './platform.ts'
import { findChecked } from './preflight.ts'
import { readPlainRun } from './session-records.ts'
import { bunOf } from './where-now.ts'

/**
 * What keeps a client from being started, as far as files can tell, worst first. Cheap enough for every restart;
 * versions, the login and the platform are asked by `up`, `setup` and the keeper.
 */
export const findObstacles = (
  world: LookWorld,
  session: Session,
  paths: ClientPaths,
): readonly Obstacle[] => [
  ...(world.files.isWritable(world.folders.session(session.name).folder)
    ? []
    : [{ reason: 'state-unwritable', detail: world.folders.session(session.name).folder } as const]),
  ...(world.claude.findProgram(session.multiplexer, pathOf(world)) === null
    ? [{ reason: 'multiplexer-missing', detail: `no ${session.multiplexer} in ${pathOf(world)}` } as const]
    : []),
  ...(world.claude.whereNow(session.client) === null
    ? [{ reason: 'client-missing', detail: session.client } as const]
    : []),
  ...(world.files.isFolder(session.cwd) ? [] : [{ reason: 'folder-missing', detail: session.cwd } as const]),
  ...findChecked(world, session),
  ...switchedOff(world, session, paths),
  ...heldBy(otherHolder(world, session)),
  ...session.channels.flatMap((channel) =>
    channelObstacles(world, session, channel, paths).map((found) => ({ ...found, channel: channel.id })),
  ),
]

/** Only what is sure: of several channels one that an organization does not list keeps the others from nothing. */
const switchedOff = (world: LookWorld, session: Session, paths: ClientPaths): readonly Obstacle[] =>
  world.claude
    .readOrgSwitches(paths, {
      plugins: approvedKeys(session.channels),
      cwd: session.arguments.some((word) => /^--setting-sources(=|$)/.test(word)) ? null : session.cwd,
      env: session.environment,
    })
    .map((found) => ({ reason: found.reason, detail: describeSwitch(found, session.name) }))

const heldBy = (holder: Holder | null): readonly Obstacle[] =>
  holder === null
    ? []
    : [
        {
          reason: 'token-in-use',
          detail: `session ${holder.session} has this bot, too, and is wanted`,
          channel: holder.channel,
        },
      ]

const pathOf = (world: LookWorld): string => world.env.PATH ?? ''

const channelObstacles = (
  world: LookWorld,
  session: Session,
  channel: Channel,
  paths: ClientPaths,
): readonly Obstacle[] => {
  const obstacles: Obstacle[] = []
  const key = pluginKey(channel.id)
  const installed = key === null ? null : world.claude.pluginInstalled(paths, key)
  if (installed?.is === 'no') obstacles.push({ reason: 'plugin-missing', detail: installed.detail })
  if (key !== null && bunOf(world, session) === null)
    obstacles.push({ reason: 'bun-missing', detail: noBun(session) })
  // Of the others nobody but the plugin itself writes anything, and where is a guess.
  if (kinds[channel.kind].hasAccess && !world.files.isWritable(channel.stateDir))
    obstacles.push({ reason: 'state-unwritable', detail: channel.stateDir })
  const token = readBotToken(world, channel)
  if (token?.is === 'no') obstacles.push({ reason: 'token-missing', detail: token.detail })
  const port = portOf(session, channel)
  if (port !== null && isTaken(world, session, port))
    obstacles.push({ reason: 'port-taken', detail: `another program listens on port ${port}` })
  const parsed = parseChannelId(channel.id)
  if (parsed?.type === 'server') obstacles.push(...serverObstacles(world, session, parsed.server, paths))
  return obstacles
}

const noBun = ({ bun, environment: { PATH = 'an empty PATH' } }: Session): string =>
  bun === null ? `not in ${PATH}` : `${bun} is gone, and there is none in ${PATH}`

const serverObstacles = (
  world: LookWorld,
  session: Session,
  name: string,
  paths: ClientPaths,
): readonly Obstacle[] => {
  const missing = (detail: string): readonly Obstacle[] => [{ reason: 'server-missing', detail }]
  const found = world.claude.findMcpServer(paths, session, name)
  if (found.is === 'unknown') return []
  if (found.is === 'no-program') return missing(`${found.file} has no program for ${name}`)
  if (found.is === 'nothing')
    return missing(
      found.only === null
        ? `neither ${session.cwd}/.mcp.json nor ${paths.json} names ${name}`
        : `${found.only}, beside which no other file counts, does not name ${name}; this machine’s administrator can change it there`,
    )
  const { refusedIn } = found.server
  return refusedIn === null
    ? []
    : missing(
        `${refusedIn.file} refuses ${name} (disabledMcpjsonServers); ${refusedIn.whose === 'person' ? 'you can take it out there' : 'this machine’s administrator can change it there'}`,
      )
}

/**
 * Seen twice: one that a start ends between the two questions, who listens and who is there, looks like somebody else's.
 */
const isTaken = (world: LookWorld, session: Session, port: number): boolean =>
  isHeld(world, session, port) && isHeld(world, session, port)

/**
 * By what an ended client of this very session left behind it is not: a start ends that (field notes, section 2). Told by
 * the runs on record: sessions of other users and homes of ours may be called the same.
 */
const isHeld = (world: LookWorld, { name }: Session, port: number): boolean => {
  if (world.processes.listens(port) !== true) return false
  const runs = runsOf(readPlainRun(world, name))
  return !world.processes.all().some((process) => {
    const own = world.processes.ask(process, ({ variables }) =>
      variables('CHANNELS_RUN', 'CLAUDE_PLUGIN_ROOT'),
    )
    return (
      own?.CHANNELS_RUN != null && runs.includes(own.CHANNELS_RUN) && own.CLAUDE_PLUGIN_ROOT !== undefined
    )
  })
}
