import { approvedKeys, type Channel } from '../core/channel.ts'
import type { SessionFacts } from '../core/doctor/facts.ts'
import type { Evidence } from '../core/evidence.ts'
import { recipientLine } from '../core/notify/outbox.ts'
import { mergePlatform } from '../core/platform.ts'
import type { Platform } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'
import { examineChannel } from './examine-channel.ts'
import { findObstacles } from './obstacles.ts'
import { probePlatforms } from './platform.ts'
import { askClient } from './preflight.ts'
import { readWanted } from './session-records.ts'
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
    findAndAsk(world, session),
    askBun(world, session),
    world.multiplexer(session.multiplexer).then((program) => program.version()),
    askPlatforms(world, session),
    Promise.all(session.channels.map((channel) => clockAhead(world, session, channel))),
  ])
  const channels = await Promise.all(
    session.channels.map((channel, i) =>
      examineChannel(world, evidence, channel, {
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
    tornWanted: tornWanted(world, session),
    client: version === null || path === null ? null : { path, version },
    oldest,
    isOutdated: known !== null && compareVersions(known, oldest) < 0,
    login,
    loginFault: login?.is === 'yes' ? world.claude.loginFault(login.value.method, known) : null,
    bun,
    multiplexer,
    trusted: world.claude.isTrusted(paths, session.cwd),
    node: world.nodeVersion,
    greetedAt: greetedAt(world, session),
    channels,
  }
}

/** It is replaced at once: one that is there and is no record was written by somebody else, or lost its rest. */
const tornWanted = (world: World, { name }: Session): string | null => {
  const path = world.folders.session(name).wanted
  return world.files.readText(path) !== null && readWanted(world, name) === null ? path : null
}

const greetedAt = ({ files, folders }: World, { name, notify: { to } }: Session): number | null => {
  const { greeted } = folders.session(name)
  return to !== null && files.readText(greeted) === recipientLine(to) ? files.changedAt(greeted) : null
}

/** What got no answer is asked for once more: two in a row are what the catalogue calls no network. */
const askPlatforms = async (world: World, session: Session): Promise<Readonly<Record<string, Platform>>> => {
  const answers = await probePlatforms(world, session)
  if (Object.values(answers).every(({ token }) => token !== 'unknown')) return answers
  const again = await probePlatforms(world, session)
  return Object.fromEntries(
    Object.entries(again).map(([id, answer]) => {
      const first = answers[id]
      return [id, first === undefined || first.token === 'unknown' ? answer : first]
    }),
  )
}

const findAndAsk = async (world: World, session: Session) => {
  const path = world.claude.whereNow(session.client)
  return path === null ? null : { path, ...(await askClient(world, path, session)) }
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
  client: Awaited<ReturnType<typeof findAndAsk>>,
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
