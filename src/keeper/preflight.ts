import { clientOf } from '../core/client-of.ts'
import { isWithin } from '../core/duration.ts'
import type { Installed, LoginEvidence, Obstacle } from '../core/evidence.ts'
import type { ProgramFile } from '../core/process.ts'
import type { Session } from '../core/session.ts'
import type { LookWorld, World } from '../deps.ts'

/** One that did not answer is asked again after this: it may have been asked while it was being written. */
const unansweredMs = 10 * 60_000
/** A login that was missing is believed this long; logging in changes the credentials, which ends it at once. */
const believedMs = 10 * 60_000

type Checked = {
  readonly at: number
  readonly client: {
    readonly path: string
    readonly changedAt: number | null
    /** Through all links; absent in notes of older releases. */
    readonly real?: string | null
    readonly version: string | null
  }
  readonly loggedOut: string | null
  /** How it is logged in; absent in notes of older releases. */
  readonly method?: string | null
  /** Null in notes of older releases. */
  readonly login: 'yes' | 'no' | 'unknown' | null
  readonly credentialsAt: number | null
}

/**
 * Asks the client for its version and login, both at once (0.5 s), and notes the answers for `findChecked`. What could
 * not be told is not held against the session.
 */
export const preflight = async (world: World, session: Session): Promise<void> => {
  const client = clientOf(world, session)
  // Those it is asked about: what changes meanwhile is asked about once more.
  const credentials = credentialsAt(world, session)
  const file = world.claude.readProgramFile(client)
  const { version, login } = await askClient(world, client, session)
  const checked: Checked = {
    at: world.clock.now(),
    client: {
      path: client,
      changedAt: file?.changedAt ?? null,
      real: file?.real ?? null,
      version: version.is === 'yes' ? version.value : null,
    },
    loggedOut: login.is === 'no' ? login.detail : null,
    method: login.is === 'yes' ? login.value.method : null,
    login: login.is,
    credentialsAt: credentials,
  }
  world.files.writeRecord(pathOf(world, session), checked)
}

/** Asks a client for its version and login, both at once. It starts no plugin for that, and takes 18 s at the most. */
export const askClient = async (
  { claude, run }: Pick<World, 'claude' | 'run'>,
  client: string,
  { environment }: Pick<Session, 'environment'>,
) => {
  const [version, login] = await Promise.all([
    claude.clientVersion(run, client, environment),
    claude.authStatus(run, client, environment),
  ])
  return { version, login }
}

/** What the last preflight found wrong, as long as it still holds; file checks only. */
export const findChecked = (world: LookWorld, session: Session): readonly Obstacle[] => {
  const checked = world.files.readRecord(pathOf(world, session), asChecked)
  if (checked === null) return []
  const { client, loggedOut } = checked
  const same = isSameClient(world, session, checked)
  const outdated =
    same &&
    client.version !== null &&
    world.claude.compareVersions(client.version, world.claude.oldestClient) < 0
  const isBelieved =
    isWithin(checked.at, believedMs, world.clock.now()) &&
    checked.credentialsAt === credentialsAt(world, session)
  const fault = loggedOut ?? (same ? world.claude.loginFault(checked.method ?? null, client.version) : null)
  return [
    ...(outdated
      ? [
          {
            reason: 'client-outdated',
            detail: `version ${client.version}, ${world.claude.oldestClient} is needed`,
          } as const,
        ]
      : []),
    ...(fault !== null && isBelieved ? [{ reason: 'login-missing', detail: fault } as const] : []),
  ]
}

/** The version of the client, as it said when it was asked last; null where it was not, or was replaced since. */
export const checkedVersion = (world: LookWorld, session: Session): string | null => {
  const checked = world.files.readRecord(pathOf(world, session), asChecked)
  return checked !== null && isSameClient(world, session, checked) ? checked.client.version : null
}

const isSameClient = (world: LookWorld, session: Session, { client }: Checked): boolean => {
  const path = clientOf(world, session)
  return client.path === path && isOf(client, world.claude.readProgramFile(path))
}

const isOf = ({ changedAt, real }: Checked['client'], file: ProgramFile | null): boolean =>
  changedAt === (file?.changedAt ?? null) && (real === undefined || real === (file?.real ?? null))

/** What a client said when it was asked, of that very file; unknown: it was not, or so long ago that it may say something else. */
export const readChecked = (
  world: LookWorld,
  session: Session,
  file: ProgramFile,
): Pick<Installed, 'version' | 'runs'> => {
  const checked = world.files.readRecord(pathOf(world, session), asChecked)
  if (checked === null || !isOf(checked.client, file)) return { version: null, runs: 'unknown' }
  const { version } = checked.client
  if (version !== null) return { version, runs: 'yes' }
  return { version, runs: isWithin(checked.at, unansweredMs, world.clock.now()) ? 'no' : 'unknown' }
}

/** What is known of a login: when the credentials changed, and what the client said of them last. */
export const readLogin = (world: LookWorld, session: Session): LoginEvidence => {
  const checked = world.files.readRecord(pathOf(world, session), asChecked)
  return {
    credentialsAt: credentialsAt(world, session),
    checked:
      checked?.login == null
        ? null
        : { at: checked.at, is: checked.login, credentialsAt: checked.credentialsAt },
  }
}

const pathOf = ({ folders }: LookWorld, { name }: Session): string => folders.session(name).preflight

/** Where a login leaves its mark: the credentials, or on macOS, which has those in the Keychain, the client's own file. */
const credentialsAt = (world: LookWorld, session: Session): number | null => {
  const paths = world.claude.sessionPaths(session)
  return world.files.changedAt(world.platform === 'darwin' ? paths.json : `${paths.config}/.credentials.json`)
}

const asChecked = (value: unknown): Checked | null =>
  typeof value === 'object' && value !== null && 'client' in value && 'loggedOut' in value
    ? (value as Checked)
    : null
