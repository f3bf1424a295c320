import type { Channel } from '../core/channel.ts'
import { approvedKeys, pluginKey, serverName } from '../core/channel.ts'
import type { ChannelFacts, OtherSeen, SessionFacts } from '../core/doctor/facts.ts'
import type { Evidence } from '../core/evidence.ts'
import { runsOf } from '../core/exit.ts'
import { kinds } from '../core/kinds.ts'
import type { Other } from '../core/other.ts'
import { mergePlatform } from '../core/platform.ts'
import type { Platform } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'
import { findObstacles } from './obstacles.ts'
import { findOthers } from './others.ts'
import { probePlatforms } from './platform.ts'
import { readPlainRun } from './session-records.ts'
import { bunOf } from './where-now.ts'

/**
 * Looks at everything that has to be so for a session to be live, for `channels doctor`. Changes nothing; runs the
 * client only as `--version` and `auth status`, which start no plugin, and asks a bot's platform only what a running bot
 * does not notice. Takes as long as the slowest answer, 18 s at the most.
 */
export const examine = async (
  world: World,
  session: Session,
  observe: (session: Session) => Promise<Evidence>,
): Promise<SessionFacts> => {
  const paths = world.claude.sessionPaths(session)
  const [evidence, client, bun, multiplexer, platforms, clocks] = await Promise.all([
    observe(session),
    askClient(world, session),
    askBun(world, session),
    world.multiplexer(session.multiplexer).then((program) => program.version()),
    askPlatforms(world, session),
    Promise.all(session.channels.map((channel) => clockAhead(world, session, channel))),
  ])
  const channels = await Promise.all(
    session.channels.map((channel, i) =>
      examineChannel(world, session, channel, {
        platform: platforms[channel.id] ?? null,
        clockAheadMs: clocks[i] ?? null,
      }),
    ),
  )
  const { version, login, path } = client ?? { version: null, login: null, path: null }
  const known = version?.is === 'yes' ? version.value : null
  const { oldestClient: oldest, compareVersions } = world.claude
  return {
    at: world.clock.now(),
    session,
    evidence: withAnswers(evidence, platforms),
    obstacles: fresh(findObstacles(world, session, paths), client),
    likely: world.claude.readLikelySwitches(paths, {
      plugins: approvedKeys(session.channels),
      cwd: session.cwd,
      env: session.environment,
    }),
    client: version === null || path === null ? null : { path, version },
    oldest,
    isOutdated: known !== null && compareVersions(known, oldest) < 0,
    login,
    loginFault: login?.is === 'yes' ? world.claude.loginFault(login.value.method, known) : null,
    bun,
    multiplexer,
    trusted: world.claude.isTrusted(paths, session.cwd),
    node: world.nodeVersion,
    channels,
  }
}

/** What got no answer is asked for once more: two in a row are what the catalogue calls no network. */
const askPlatforms = async (world: World, session: Session): Promise<Readonly<Record<string, Platform>>> => {
  const answers = await probePlatforms(world, session)
  const isKnown = Object.values(answers).every(({ token }) => token !== 'unknown')
  return isKnown ? answers : probePlatforms(world, session)
}

const askClient = async (world: World, session: Session) => {
  const path = world.claude.whereNow(session.client)
  if (path === null) return null
  const [version, login] = await Promise.all([
    world.claude.clientVersion(world.run, path, session.environment),
    world.claude.authStatus(world.run, path, session.environment),
  ])
  return { path, version, login }
}

const askBun = async (world: World, session: Session): Promise<SessionFacts['bun']> => {
  const path = bunOf(world, session)
  if (path === null) return null
  const { status, stdout } = await world.run(path, ['--version'], {
    timeoutMs: 5_000,
    env: session.environment,
  })
  return { path, version: status === 0 ? (/^\d\S*/.exec(stdout)?.[0] ?? null) : null }
}

/** What an earlier question to the client left behind counts only where it does not answer now. */
const fresh = (
  obstacles: SessionFacts['obstacles'],
  client: Awaited<ReturnType<typeof askClient>>,
): SessionFacts['obstacles'] =>
  obstacles.filter(
    ({ reason }) =>
      !(reason === 'client-outdated' && client?.version.is === 'yes') &&
      !(reason === 'login-missing' && client !== null && client.login.is !== 'unknown'),
  )

const withAnswers = (evidence: Evidence, answers: Readonly<Record<string, Platform>>): Evidence => ({
  ...evidence,
  channels: evidence.channels.map((each) => {
    const answer = answers[each.channel.id]
    return answer === undefined ? each : { ...each, platform: mergePlatform(each.platform, answer) }
  }),
})

/** By the `Date` of an answer to nobody: no token goes there. Null where the platform is none, or does not answer. */
const clockAhead = async (world: World, session: Session, { kind }: Channel): Promise<number | null> => {
  const messenger = world.channels.messengerOf(kind)
  if (messenger === null) return null
  const env = { ...world.env, ...session.environment }
  const { sentAt } = await world
    .requestWith(env)(`${messenger.apiRoot(env)}/`, { timeoutMs: 5_000 })
    .catch((): { readonly sentAt?: number } => ({}))
  // It is told to the second, cut.
  return sentAt === undefined ? null : world.clock.now() - (sentAt + 500)
}

const examineChannel = async (
  world: World,
  session: Session,
  channel: Channel,
  asked: Pick<ChannelFacts, 'platform' | 'clockAheadMs'>,
): Promise<ChannelFacts> => {
  const paths = world.claude.sessionPaths(session)
  const key = pluginKey(channel.id)
  return {
    ...asked,
    channel,
    plugin: key === null ? null : world.claude.pluginInstalled(paths, key),
    enabled: key === null ? null : world.claude.pluginEnabled(paths, key),
    outdoes: findOutdoing(world, session, channel),
    others: key === null ? [] : await findOtherUsers(world, session, channel, key),
    needsAuthAt: world.claude.readNeedsAuth(paths, serverName(channel)),
  }
}

/** A variable of settings reaches the plugin, which takes it before its own file (field notes, section 3). */
const findOutdoing = (world: World, session: Session, { kind }: Channel): ChannelFacts['outdoes'] => {
  const { tokenVariable } = kinds[kind]
  const found = world.claude
    .readGivenVariables(world.claude.sessionPaths(session), session.cwd)
    .find(({ name, value }) => name === tokenVariable && value !== '')
  return found === undefined || found.from.in === 'environment'
    ? null
    : { variable: found.name, file: found.from.file }
}

const findOtherUsers = async (
  world: World,
  session: Session,
  channel: Channel,
  pluginKey: string,
): Promise<readonly OtherSeen[]> => {
  const others = findOthers(world, {
    pluginKey,
    kind: channel.kind,
    botId: channel.botId,
    stateDirs: [channel.stateDir],
  })
  return Promise.all(
    others.map(async (other) => ({
      ...other,
      age: await ageOf(world, (other.client ?? other.poller)?.pid),
      isLeftOver: isLeftOver(world, session, other),
    })),
  )
}

/** POSIX has both columns; a machine without `ps` says nothing. */
const ageOf = async (world: World, pid: number | undefined): Promise<string | null> => {
  if (pid === undefined) return null
  const { status, stdout } = await world.run('ps', ['-o', 'etime=', '-o', 'pcpu=', '-p', String(pid)], {
    timeoutMs: 2_000,
    env: { PATH: world.env.PATH ?? '' },
  })
  const [, age, cpu] = /^\s*(\S+)\s+([\d.,]+)\s*$/.exec(stdout) ?? []
  return status !== 0 || age === undefined || cpu === undefined ? null : `${age} ${cpu} %`
}

/** A plugin without a client that carries the mark of a run of this session that has ended. */
const isLeftOver = (world: World, { name }: Session, { client, poller }: Other): boolean => {
  if (client !== null || poller === null) return false
  const run = readPlainRun(world, name)
  const marks = world.processes.environment(poller)
  const marked = marks?.CHANNELS_RUN
  return (
    marked !== undefined &&
    marks?.CHANNELS_SESSION === name &&
    runsOf(run).includes(marked) &&
    (run?.run !== marked || world.processes.find(run.loop.pid)?.start !== run.loop.start)
  )
}
