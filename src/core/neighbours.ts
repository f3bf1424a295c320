import { isAffordable, isAtWork, isJustNow } from './budget.ts'
import { judgeChannel } from './channel-verdict.ts'
import type { Evidence } from './evidence.ts'
import { because, type Finding } from './finding.ts'
import { reasons } from './reasons.ts'
import { nextTryOf, type Tries } from './tries.ts'

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
 * Until when the client is not ended for this channel, in ms since 1970, since another one is not sick and was disturbed
 * for it in vain; null: it may be ended now.
 */
export const sparedUntil = (id: string, all: readonly Judged[], tries: Tries, now: number): number | null =>
  all.some((other) => other.id !== id && !isSick(other)) ? nextTryOf(tries, id, now) : null

/** What can't be told is not taken for sick; neither is what only has to be let go on. */
export const isSick = ({ state, reason }: Finding): boolean =>
  state === 'blocked' ||
  state === 'down' ||
  (state === 'recovering' && (reason === null || reasons[reason].healing !== 'continue'))

/** The budget of a reason is spent, or others are spared: that it heals by itself would not be true any more. */
const orNotHealing = (found: Judged, all: readonly Judged[], { health }: Evidence, now: number): Finding => {
  const { reason, detail, id } = found
  if (reason === null || reason === 'poller-stolen') return found
  const { healing } = reasons[reason]
  if (healing !== 'resume' && healing !== 'continue') return found
  const healed = health?.healed ?? []
  const tries: Tries = health?.tries ?? {}
  // The last one that is allowed is still at work.
  if (isAtWork(reason, healed, now) || isJustNow(tries[id]?.at, now)) return found
  const seen = `${reason}${detail === null ? '' : `: ${detail}`}`
  const next = healing === 'resume' ? sparedUntil(id, all, tries, now) : null
  if (next !== null)
    return because(
      'not-healing',
      `${seen}; tried again at ${new Date(next).toISOString()}, so that the other channels are left in peace`,
    )
  return isAffordable(reason, healed, now) ? found : because('not-healing', seen)
}
