import type { Evidence } from './evidence.ts'
import type { ReasonName } from './reasons.ts'

const brought: ReadonlySet<ReasonName> = new Set(['token-missing', 'bun-missing', 'port-taken'])

/**
 * Token, Bun and a free port are the person's to bring; once they are there, a plugin that failed for want of them needs a
 * new start.
 */
export const isBrought = (reason: ReasonName | null): boolean => reason !== null && brought.has(reason)

/** Whether what a channel fails for want of is seen to be missing still. */
export const isLacking = (id: string, reason: ReasonName | null, { obstacles }: Evidence): boolean =>
  isBrought(reason) &&
  obstacles.some((each) => each.reason === reason && (each.channel === undefined || each.channel === id))
