import type { Session } from '../core/session.ts'
import type { LookWorld } from '../deps.ts'

/** The Bun that its plugins run on; null when there is none. */
export const bunOf = ({ claude }: LookWorld, { bun, environment }: Session): string | null =>
  (bun === null ? null : claude.whereNow(bun)) ?? claude.findProgram('bun', environment.PATH)
