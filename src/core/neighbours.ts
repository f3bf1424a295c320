import { isBrought } from './brought.ts'
import { isAffordable, isAtWork, isJustNow } from './budget.ts'
import { judgeChannel } from './channel-verdict.ts'
import { iso } from './duration.ts'
import type { Evidence } from './evidence.ts'
import { because, type Finding } from './finding.ts'
import { reasons } from './reasons.ts'
import { type Known, nextTryFor, nextTryOf } from './tries.ts'

/** What one channel amounts to. */
export type Judged = Finding & { readonly id: string }

/**
 * Judges the channels of a client that runs and is in no dialog, each with an eye to the others: all of them live and die
 * with that client.
 */
export const judgeChannels = (evidence: Evidence, now: number): readonly Judged[] => {
  const all = evidence.channels.map((each) => ({
    id: each.channel.id,
    ...judgeChannel(each, evidence, now),
  }))
  return all.map((found) => ({ ...found, ...orNotHealing(found, all, evidence, now) }))
}

/**
 * Until when the client is not ended for this channel, in ms since 1970, since another one is well and was disturbed for it
 * in vain; null: it may be ended now. One that still starts (a Discord that has yet to connect does) is not known to be well.
 */
export const sparedUntil = (
  { id, reason }: Judged,
  all: readonly Judged[],
  health: Known,
  now: number,
): number | null => {
  if (!all.some((other) => other.id !== id && !isSick(other) && other.state !== 'starting')) return null
  return reason !== null && isBrought(reason)
    ? nextTryFor(reason, health, id, now)
    : nextTryOf(health.tries, id, now)
}

/**
 * Whether another channel still starts: that is waited for, as long as it is judged to start. To end its client would begin
 * it anew, a `bun install` included; and whether it is to be spared will show.
 */
export const isAwaiting = ({ id }: Judged, all: readonly Judged[]): boolean =>
  all.some((other) => other.id !== id && other.state === 'starting')

/** What can't be told is not taken for sick; neither is what still starts, or only has to be let go on. */
export const isSick = ({ state, reason }: Finding): boolean =>
  state === 'blocked' ||
  state === 'down' ||
  (state === 'recovering' && (reason === null || reasons[reason].healing !== 'continue'))

/** The budget of a reason is spent, or others are spared: that it heals by itself would not be true any more. */
const orNotHealing = (
  found: Judged,
  all: readonly Judged[],
  { health, obstacles }: Evidence,
  now: number,
): Finding => {
  const { reason, detail, id } = found
  if (reason === null || reason === 'poller-stolen') return found
  const { healing } = reasons[reason]
  // What is there again is not called missing while its channel waits for its turn.
  const isThere = isBrought(reason) && obstacles.length === 0
  if (healing !== 'resume' && healing !== 'continue' && !isThere) return found
  const healed = health?.healed ?? []
  const tries = health?.tries ?? {}
  // The last one that is allowed is still at work.
  if (isAtWork(reason, healed, now) || isJustNow(tries[id]?.at, now)) return found
  const seen = `${reason}${detail === null ? '' : `: ${detail}`}`
  const next = healing === 'continue' ? null : sparedUntil(found, all, { healed, tries }, now)
  if (next !== null)
    return because(
      'not-healing',
      `${seen}; tried again at ${iso(next)}, so that the other channels are left in peace`,
    )
  return isThere || isAffordable(reason, healed, now) ? found : because('not-healing', seen)
}
