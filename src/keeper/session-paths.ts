import type { ClientPaths } from '../core/client.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'

/** Where the client of a session keeps things: as its own environment says, which need not be that of the caller. */
export const sessionPaths = ({ claude, home, platform }: World, { environment }: Session): ClientPaths =>
  claude.clientPaths(environment, environment.HOME ?? home, platform)
