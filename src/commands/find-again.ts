import { pluginKey } from '../core/channel.ts'
import type { Session } from '../core/session.ts'
import { findSession } from '../core/settings.ts'
import type { Deps } from '../deps.ts'
import { choose } from './setup/programs.ts'

/**
 * The session as it is to be started: where its client or its Bun is gone, as a version manager leaves it that removes a
 * version, the same is looked for once more, by the session's own PATH and home, and where installers put it. What is
 * found is stored, and said. As it was where nothing is gone, and where nothing is found: then what is missing is said
 * as ever. Costs some file checks; only of what is found is the version asked.
 */
export const findAgain = async (session: Session, deps: Deps): Promise<Session> => {
  const client = await clientAgain(session, deps)
  const bun = await bunAgain({ ...session, client: client ?? session.client }, deps)
  if (client === null && bun === null) return session
  const found = (each: Session): Session => {
    const path = client ?? each.client
    return {
      ...each,
      client: path,
      bun: bun ?? each.bun,
      environment: deps.claude.withInterpreter(each.environment, path),
    }
  }
  await deps.settings.update((settings) => {
    const before = findSession(settings, session.name)
    return before === null
      ? settings
      : { ...settings, sessions: { ...settings.sessions, [session.name]: found(before) } }
  })
  const { name } = session
  const say = (reason: 'client-missing' | 'bun-missing', gone: string, path: string): void => {
    deps.output.say(`${name}: ${gone}; it is ${path} from now on.`)
    deps.journal.append(name, { type: 'healing', reason, action: `found again: ${path}` })
  }
  if (client !== null) say('client-missing', `its client ${session.client} is gone`, client)
  if (bun !== null)
    say(
      'bun-missing',
      session.bun === null ? 'there is no Bun in its PATH' : `its Bun ${session.bun} is gone`,
      bun,
    )
  return found(session)
}

/** Null where it is there, or nowhere. What the caller names counts first: `CHANNELS_CLAUDE`, as in `setup`. */
const clientAgain = async (session: Session, deps: Deps): Promise<string | null> => {
  const { claude } = deps
  if (claude.isExecutableFile(session.client)) return null
  const named = deps.env.CHANNELS_CLAUDE ?? ''
  const found =
    named === ''
      ? (claude.whereNow(session.client) ?? claude.findClient(whereabouts(session, deps)))
      : claude.findClient(deps.env)
  if (found === null) return null
  const { path } = await choose(found, session.cwd, session.environment, deps)
  const environment = claude.withInterpreter(session.environment, path)
  const version = await claude.clientVersion(deps.run, path, environment)
  return version.is === 'yes' && claude.compareVersions(version.value, claude.oldestClient) >= 0 ? path : null
}

const bunAgain = async (session: Session, deps: Deps): Promise<string | null> => {
  const { claude } = deps
  const needsBun = session.channels.some(({ id }) => pluginKey(id) !== null)
  const isThere =
    session.bun === null
      ? claude.findProgram('bun', session.environment.PATH) !== null
      : claude.isExecutableFile(session.bun)
  if (!needsBun || isThere) return null
  const found =
    (session.bun === null ? null : claude.whereNow(session.bun)) ??
    claude.findBun(whereabouts(session, deps), session.client)
  return found === null ? null : (await choose(found, session.cwd, session.environment, deps)).path
}

/** The session's own, and what says where version managers of this shell keep things. */
const whereabouts = ({ environment }: Session, { env }: Deps): Deps['env'] => ({
  ...env,
  ...environment,
  CHANNELS_CLAUDE: undefined,
})
