import type { Session } from '../core/session.ts'
import type { LookWorld } from '../deps.ts'

/**
 * The client a session is started with: the one it was set up with, or, once a version manager removed that version, the
 * same in another one. A client of another installation is nothing to be chosen unseen: `channels up` looks for that,
 * and says so.
 */
export const clientOf = ({ claude }: LookWorld, { client }: Session): string =>
  claude.whereNow(client) ?? client

/** The Bun that its plugins run on; null when there is none. */
export const bunOf = ({ claude }: LookWorld, { bun, environment }: Session): string | null =>
  (bun === null ? null : claude.whereNow(bun)) ?? claude.findProgram('bun', environment.PATH)
