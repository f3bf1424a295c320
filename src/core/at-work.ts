import { formatDuration, isWithin } from './duration.ts'
import type { KeeperRecord } from './records.ts'

/** The keeper on record whose process is there. */
export type KeeperSeen = {
  readonly keeper: KeeperRecord
  readonly suspended: boolean
  /** When it looked last, in ms since 1970. */
  readonly lookedAt: number | null
}

/** Who of them keeps: the one at work, or one whose process is there and that looks no more; else neither. */
export type Keepers = { readonly keeper: KeeperRecord | null; readonly silentKeeper: KeeperSeen | null }

/** It looks every two seconds; a look may take some more, and so may a busy machine. */
const looksWithinMs = 60_000

/**
 * Whether a keeper is at work, and in a sentence what was seen. Lost is only one that is gone, suspended, or looks no
 * more: whatever is wrong with a session, another keeper would not mend it.
 */
export const judgeKeeper = (
  seen: KeeperSeen | null,
  now: number,
): { readonly lost: boolean; readonly sentence: string } => {
  if (seen === null) return { lost: true, sentence: 'no keeper is at work; `channels up` starts one' }
  const { keeper, suspended, lookedAt } = seen
  if (suspended)
    return {
      lost: true,
      sentence: `the keeper (pid ${keeper.pid}) is suspended; \`kill -CONT ${keeper.pid}\` lets it go on`,
    }
  if (keeper.where === 'stopping')
    return { lost: true, sentence: `all sessions are being taken down (pid ${keeper.pid})` }
  if (isSilent(seen, now))
    return {
      lost: true,
      sentence: `the keeper (pid ${keeper.pid}) has not looked${sinceWhen(lookedAt, now)}; \`kill -9 ${keeper.pid}\` ends it`,
    }
  return { lost: false, sentence: `a keeper is at work (pid ${keeper.pid})` }
}

/** Of the keeper that was seen, by the rule of `judgeKeeper`. Pure. */
export const keepersOf = (seen: KeeperSeen | null, now: number): Keepers => {
  if (seen === null || seen.suspended || seen.keeper.where === 'stopping')
    return { keeper: null, silentKeeper: null }
  return isSilent(seen, now)
    ? { keeper: null, silentKeeper: seen }
    : { keeper: seen.keeper, silentKeeper: null }
}

const isSilent = ({ lookedAt }: KeeperSeen, now: number): boolean =>
  lookedAt === null || !isWithin(lookedAt, looksWithinMs, now)

/** A clock that was set back since says nothing. */
const sinceWhen = (lookedAt: number | null, now: number): string =>
  lookedAt === null || lookedAt > now ? '' : ` for ${formatDuration(now - lookedAt)}`
