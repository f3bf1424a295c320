import type { Evidence } from '../core/evidence.ts'
import { isOutdated, mergePlatform } from '../core/platform.ts'
import type { Platform } from '../core/records.ts'
import type { Deps } from '../deps.ts'

/** Two failed answers make `network`; the second one is asked for after this. */
const againMs = 2_000

/**
 * Fills in what the platform says where no keeper does: a registered channel whose token nobody has asked about is not
 * proven. Asks once, twice when the first got no answer; the answers hold for as long as the returned function is used.
 *
 * @param notBefore answers the keeper got before that (milliseconds since 1970) do not count
 */
export const withProbe = (deps: Pick<Deps, 'clock' | 'probe'>, notBefore = 0) => {
  let known: { readonly answers: Readonly<Record<string, Platform>>; readonly at: number } | null = null
  let times = 0
  return async (evidence: Evidence): Promise<Evidence> => {
    if (!evidence.channels.some((channel) => needsProbe(channel, evidence, notBefore))) return evidence
    const failed = known !== null && Object.values(known.answers).some(({ token }) => token === 'unknown')
    if (known === null || (failed && times < 2 && deps.clock.now() - known.at > againMs)) {
      known = { answers: await deps.probe(evidence.session), at: deps.clock.now() }
      times += 1
    }
    const { answers } = known
    const channels = evidence.channels.map((each) => {
      const answer = answers[each.channel.id]
      if (answer === undefined || !needsProbe(each, evidence, notBefore)) return each
      const platform = mergePlatform(each.platform, answer)
      const failures = (each.platform?.trouble?.times ?? 0) + times
      return {
        ...each,
        platform:
          platform.trouble === null
            ? platform
            : { ...platform, trouble: { ...platform.trouble, times: failures } },
      }
    })
    return { ...evidence, channels }
  }
}

const needsProbe = (
  { channel, platform, log }: Evidence['channels'][number],
  { at, keeper }: Evidence,
  notBefore: number,
): boolean => {
  if (channel.kind !== 'telegram' || log?.registeredAt == null) return false
  if (platform !== null && platform.at < notBefore) return true
  // A keeper asks each minute, and sooner after a failure: what it knows is as good as asking.
  if (keeper !== null) return platform === null || isOutdated(platform, log.registeredAt)
  return platform === null || platform.token === 'unknown' || at - platform.at > believedMs
}

/** Without a keeper nobody notices a token that was revoked a minute ago. */
const believedMs = 10_000
