import type { ClientPaths } from '../core/client.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'

/** Where a session's client keeps its files, by the environment it is started with. */
export const sessionPaths = (
  { environment }: Session,
  { claude, home, platform }: Pick<Deps, 'claude' | 'home' | 'platform'>,
): ClientPaths => claude.clientPaths(environment, environment.HOME ?? home, platform)
