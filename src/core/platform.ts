import type { Channel } from './channel.ts'
import { isRecent, isWithin } from './duration.ts'
import { hasToken } from './kinds.ts'
import type { Platform, PlatformRecord } from './records.ts'

/**
 * Joins a new answer of the platform to what was known: an answer replaces it, a failure to get one keeps the last
 * definite answer and counts. Pure.
 */
export const mergePlatform = (before: PlatformRecord | null, now: Platform): PlatformRecord => {
  if (now.token !== 'unknown') {
    // Of half an answer (getMe, and no getWebhookInfo) the other half stays what it was.
    const half = now.token === 'accepted' && now.detail !== null && before !== null
    const known = half
      ? { ...now, webhook: before.webhook, pending: before.pending, lacks: before.lacks }
      : now
    return { ...known, pendingSince: pendingSince(before, known), trouble: null }
  }
  const trouble = {
    since: before?.trouble?.since ?? now.at,
    times: (before?.trouble?.times ?? 0) + 1,
    detail: now.detail ?? 'no answer',
  }
  return before === null ? { ...now, pendingSince: null, trouble } : { ...before, trouble }
}

/** A queue that got shorter is being fetched. */
const pendingSince = (before: PlatformRecord | null, { at, pending }: Platform): number | null => {
  if (pending === null || pending === 0) return null
  return before?.pendingSince != null && pending >= (before.pending ?? 0) ? before.pendingSince : at
}

/** The record, unless it is of another bot: the session may have been set up with a new one since. */
export const ofBot = <Known extends Platform>(record: Known | null, botId: string | null): Known | null =>
  record !== null && record.botId !== null && botId !== null && record.botId !== botId ? null : record

/** While messages wait it is asked this often, and for so long: whether somebody fetches them has to be known soon. */
const waitingMs = { every: 10_000, most: 2 * 60_000 } as const

/** How long until the platform is asked again, in milliseconds: soon after a failure or while messages wait, else each minute. */
export const nextProbeMs = (record: PlatformRecord | null): number => {
  if (record === null) return 0
  const { at, pendingSince: since } = record
  if (record.trouble === null)
    return since !== null && isRecent(at - since, waitingMs.most) ? waitingMs.every : 60_000
  return Math.min(60_000, 5_000 * 2 ** (record.trouble.times - 1))
}

/** A token that was missing is looked for again this soon; nothing is asked of the platform until it is there. */
const noTokenMs = 5_000

/**
 * How long until the platforms of a session are asked again, in milliseconds: as soon as one of its channels wants it,
 * and each minute otherwise. `answered` tells whether there was an answer or a failure just now, by channel id.
 */
export const nextProbesMs = (
  channels: readonly Pick<Channel, 'id' | 'kind'>[],
  answered: (id: string) => boolean,
  known: Readonly<Record<string, PlatformRecord>>,
): number =>
  Math.min(
    60_000,
    // Without a token nobody could be asked: the person is about to bring one.
    ...channels.filter(hasToken).map(({ id }) => (answered(id) ? nextProbeMs(known[id] ?? null) : noTokenMs)),
  )

/** Whether the platform is to be asked again; a time further off than we ever wait is of a clock that was set back. */
export const isProbeDue = (probeAt: number, now: number): boolean => now >= probeAt || probeAt - now > 60_000

/**
 * Whether a refusal may be of an earlier token, or what the bot lacked there by now: a client registered since, perhaps
 * because somebody mended it.
 */
export const isOutdated = (
  record: PlatformRecord | null,
  registeredAt: number | null,
  now: number,
): boolean =>
  record !== null &&
  (record.token === 'rejected' || record.lacks !== null) &&
  registeredAt !== null &&
  // One that is still to come is from before the clock was set back.
  registeredAt <= now &&
  record.at < registeredAt

/** Whether a plugin that is gone may have been turned away: its client registered, and nobody has asked the platform since. */
export const mayBeTurnedAway = (
  record: PlatformRecord | null,
  registeredAt: number | null,
  poller: { readonly is: 'yes' | 'no' | 'unknown' },
  now: number,
): boolean =>
  record !== null &&
  poller.is === 'no' &&
  registeredAt !== null &&
  registeredAt <= now &&
  record.at < registeredAt

/** Two questions that nobody answers, and the pause between them, take 15 s. */
const askingMs = 20_000

/**
 * Whether a plugin that failed to start at `failedAt` may have lacked the network, and nobody knows yet: its platform was
 * not heard of since, or did not answer once. In ms since 1970.
 */
export const mayLackNetwork = (
  record: PlatformRecord | null,
  failedAt: number | null,
  now: number,
): boolean =>
  failedAt !== null &&
  isWithin(failedAt, askingMs, now) &&
  (record === null || record.at < failedAt || record.trouble !== null)
