import { isWithin } from '../core/duration.ts'
import type { Evidence } from '../core/evidence.ts'
import { kinds } from '../core/kinds.ts'
import { isOutdated, mergePlatform } from '../core/platform.ts'
import type { Platform, PlatformRecord } from '../core/records.ts'
import type { Deps } from '../deps.ts'

/** Two failed answers make `network`; the second one is asked for after this. */
const againMs = 2_000

type Known = {
  readonly platforms: Readonly<Record<string, PlatformRecord>>
  /** By the clock that is never set. */
  readonly at: number
  /** How often in a row an answer was missing. */
  readonly failures: number
}

/**
 * Fills in what the platform says where no keeper does: a registered channel whose token nobody has asked about is not
 * proven. Asks once, twice when the first got no answer.
 *
 * @param notBefore answers the keeper got before that (milliseconds since 1970) do not count
 * @param heldMs how long an answer holds; without it as long as the returned function is used
 */
export const withProbe = (
  deps: Pick<Deps, 'clock' | 'probe'>,
  notBefore = 0,
  heldMs = Number.POSITIVE_INFINITY,
) => {
  let known: Known | null = null
  return async (evidence: Evidence): Promise<Evidence> => {
    if (!evidence.channels.some((channel) => needsProbe(channel, evidence, notBefore))) return evidence
    if (known === null || isDue(known, evidence, deps.clock.elapsed(), heldMs))
      known = joined(known, evidence, await deps.probe(evidence.session), deps.clock.elapsed())
    const { platforms } = known
    const channels = evidence.channels.map((each) => {
      const platform = platforms[each.channel.id]
      return platform === undefined || !needsProbe(each, evidence, notBefore) ? each : { ...each, platform }
    })
    return { ...evidence, channels }
  }
}

const isDue = ({ platforms, at, failures }: Known, evidence: Evidence, now: number, heldMs: number) =>
  now - at > heldMs ||
  (now - at > againMs &&
    ((failures > 0 && failures < 2) ||
      // Held for long, a refusal may be of a token that was replaced meanwhile.
      evidence.channels.some(({ channel, log }) =>
        isOutdated(platforms[channel.id] ?? null, log?.registeredAt ?? null, evidence.at),
      )))

const joined = (
  before: Known | null,
  { channels }: Evidence,
  answers: Readonly<Record<string, Platform>>,
  at: number,
): Known => {
  const failed = Object.values(answers).some(({ token }) => token === 'unknown')
  const platforms = channels.flatMap(({ channel: { id }, platform }) => {
    const answer = answers[id]
    return answer === undefined
      ? []
      : [[id, mergePlatform(before?.platforms[id] ?? platform, answer)] as const]
  })
  return { platforms: Object.fromEntries(platforms), at, failures: failed ? (before?.failures ?? 0) + 1 : 0 }
}

const needsProbe = (
  { channel, platform, log }: Evidence['channels'][number],
  { at, keeper }: Evidence,
  notBefore: number,
): boolean => {
  if (kinds[channel.kind].tokenVariable === null || log?.registeredAt == null) return false
  if (platform !== null && platform.at < notBefore) return true
  // A keeper asks each minute, and sooner after a failure: what it knows is as good as asking.
  if (keeper !== null) return platform === null || isOutdated(platform, log.registeredAt, at)
  return platform === null || platform.token === 'unknown' || !isWithin(platform.at, believedMs, at)
}

/** Without a keeper nobody notices a token that was revoked a minute ago. */
const believedMs = 10_000
