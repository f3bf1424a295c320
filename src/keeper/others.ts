import type { SessionFile } from '../core/client.ts'
import { kinds } from '../core/kinds.ts'
import type { Other, OthersAsked } from '../core/other.ts'
import type { ProcessId, ProcessInfo } from '../core/process.ts'
import type { World } from '../deps.ts'
import { isClient } from './is-client.ts'

/**
 * Every client that was started with `--channels` for this plugin, every client whose plugin works in one of these state
 * folders or with this bot, and every such plugin process without a client; ours among them, by `session`. Looks at each
 * process once. What can't be read (another user's, or gone by now) is left out; never throws.
 */
export const findOthers = (world: World, asked: OthersAsked): readonly Other[] => {
  const all = tried(() => world.processes.all()) ?? []
  const byPid = new Map(all.map((process) => [process.pid, process]))
  const looks = all.flatMap((process) => tried(() => look(world, asked, process)) ?? [])
  const clients = new Map(looks.flatMap((each) => (each.is === 'client' ? [[each.process.pid, each]] : [])))
  const pollers = looks
    .flatMap((each) => (each.is === 'poller' ? [each] : []))
    .map((each) => ({ ...each, below: nearest(each.process, byPid, clients) }))
    .sort((a, b) => Number(b.uses) - Number(a.uses))
  const withClient = [...clients.values()].flatMap((client) => {
    const poller = pollers.find(({ below }) => below === client) ?? null
    if (!client.listens && poller?.uses !== true) return []
    const isNested = nearest(client.process, byPid, clients) !== null
    return tried(() => ofClient(world, asked, client, poller, isNested)) ?? []
  })
  const orphans = pollers
    .filter(({ below, uses }) => below === null && uses)
    .map((each) => ofOrphan(world, asked, each))
  return [...withClient, ...orphans]
}

type Environment = Readonly<Record<string, string>>

/** `environment` is null for a client of somebody else's. */
type Client = {
  readonly is: 'client'
  readonly process: ProcessInfo
  readonly environment: Environment | null
  readonly listens: boolean
}

type Poller = {
  readonly is: 'poller'
  readonly process: ProcessInfo
  readonly environment: Environment
  readonly stateDir: string
  /** One of the folders, or the bot, that were asked for. */
  readonly uses: boolean
}

const look = (world: World, asked: OthersAsked, process: ProcessInfo): Client | Poller | null => {
  const command = world.processes.command(process) ?? []
  if (command.some((word) => /(^|\/)server\.ts$/.test(word))) return lookAtServer(world, asked, process)
  if (!isClient(world, process)) return null
  const environment = world.processes.environment(process)
  return { is: 'client', process, environment, listens: listensTo(command, `plugin:${asked.pluginKey}`) }
}

/** The lists take every word up to the next option (field notes, section 1). */
const listensTo = (command: readonly string[], id: string): boolean =>
  command.some((word, at) => {
    const [, option, inline] =
      /^(--channels|--dangerously-load-development-channels)(?:=(.*))?$/.exec(word) ?? []
    if (option === undefined) return false
    if (inline !== undefined) return inline === id
    const rest = command.slice(at + 1)
    const end = rest.findIndex((each) => each.startsWith('-'))
    return rest.slice(0, end === -1 ? rest.length : end).includes(id)
  })

/**
 * A plugin's server by the root its client gives it (seen on 2.1.139 and 2.1.330). Of the plugins that are run as
 * `server.ts` it is the one whose name stands in that root, or that has written itself down in the state folder.
 */
const lookAtServer = (world: World, asked: OthersAsked, process: ProcessInfo): Poller | null => {
  const environment = world.processes.environment(process)
  const root = environment?.CLAUDE_PLUGIN_ROOT
  if (environment === null || root === undefined) return null
  const stateDir = stateDirOf(world, asked, environment)
  const name = asked.pluginKey.slice(0, asked.pluginKey.lastIndexOf('@'))
  if (!root.split('/').includes(name) && world.channels.readPollerPid(stateDir) !== process.pid) return null
  const bot = botOf(world, asked, environment, stateDir)
  const uses = asked.stateDirs.includes(stateDir) || (asked.botId !== null && bot === asked.botId)
  return { is: 'poller', process, environment, stateDir, uses }
}

/** As the plugin takes it: what is exported wins. */
const botOf = (
  { channels }: World,
  { kind }: OthersAsked,
  environment: Environment,
  stateDir: string,
): string | null => {
  const messenger = channels.messengerOf(kind)
  if (messenger === null) return null
  const { variable, botId } = messenger
  const own = environment[variable] ?? ''
  if (own !== '') return botId(own)
  const stored = channels.readToken(stateDir, variable)
  return stored.is === 'yes' ? botId(stored.value) : null
}

const stateDirOf = (world: World, { pluginKey, kind }: OthersAsked, environment: Environment): string => {
  const paths = pathsOf(world, environment)
  const channel = { id: `plugin:${pluginKey}`, kind }
  return (
    tried(() => world.channels.stateDirFor(environment, paths, { channel, session: '', exclusive: false })) ??
    // A relative one: nobody can tell where its plugin takes that from.
    environment[kinds[kind].stateVariable ?? ''] ??
    ''
  )
}

const pathsOf = (world: World, environment: Environment) =>
  world.claude.clientPaths(environment, environment.HOME ?? world.home, world.platform)

const nearest = (
  process: ProcessInfo,
  byPid: ReadonlyMap<number, ProcessInfo>,
  clients: ReadonlyMap<number, Client>,
): Client | null => {
  const seen = new Set([process.pid])
  // What the system lists is no single moment: a pid that passed on meanwhile may make a circle of it.
  for (let pid = process.ppid; !seen.has(pid); ) {
    seen.add(pid)
    const client = clients.get(pid)
    if (client !== undefined) return client
    pid = byPid.get(pid)?.ppid ?? pid
  }
  return null
}

/** All that one of our clients starts inherits its marker, another client too: only the topmost one is ours. */
const ofClient = (
  world: World,
  asked: OthersAsked,
  client: Client,
  poller: Poller | null,
  isNested: boolean,
): Other | null => {
  const { process, environment, listens } = client
  if (environment === null) return null
  const file = tried((): SessionFile | null =>
    world.claude.readSessionFile(pathsOf(world, environment), process),
  )
  const stateDir = poller?.stateDir ?? stateDirOf(world, asked, environment)
  return {
    client: idOf(process),
    folder: file?.cwd ?? tried(() => world.processes.folder(process)),
    conversation: file?.conversation ?? poller?.environment.CLAUDE_CODE_SESSION_ID ?? null,
    // The client's settings can give its plugin another one than its own environment names.
    stateDir,
    config: pathsOf(world, environment).config,
    botId: botOf(world, asked, poller?.environment ?? environment, stateDir),
    channels: listens,
    poller: poller === null ? null : idOf(poller.process),
    session: isNested ? null : marker(environment),
  }
}

const ofOrphan = (world: World, asked: OthersAsked, { process, environment, stateDir }: Poller): Other => ({
  client: null,
  folder: environment.CLAUDE_PROJECT_DIR ?? null,
  conversation: environment.CLAUDE_CODE_SESSION_ID ?? null,
  stateDir,
  config: pathsOf(world, environment).config,
  botId: botOf(world, asked, environment, stateDir),
  channels: false,
  poller: idOf(process),
  session: marker(environment),
})

const marker = ({ CHANNELS_SESSION: name }: Environment): string | null => (name ? name : null)

const idOf = ({ pid, start }: ProcessId): ProcessId => ({ pid, start })

const tried = <T>(ask: () => T): T | null => {
  try {
    return ask()
  } catch {
    return null
  }
}
