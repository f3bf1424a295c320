import { isRecent } from './duration.ts'
import type { ChannelEvidence } from './evidence.ts'
import { because, type Finding, starting } from './finding.ts'
import { kinds } from './kinds.ts'
import { isOutdated } from './platform.ts'
import type { ReasonName } from './reasons.ts'
import type { Platform, PlatformRecord } from './records.ts'

/** The keeper asks the platform each minute; an answer older than this proves nothing any more. */
export const platformMaxAgeMs = 5 * 60_000
/** How long the first answer of the platform may take after the channel registered. */
const platformGraceMs = 8_000

/** What the platform says of the bot of a plugin that polls; null: all is well. */
export const judgePlatform = (of: ChannelEvidence, now: number, registeredMs: number): Finding | null => {
  const { channel, log } = of
  const { label, tokenVariable } = kinds[channel.kind]
  if (tokenVariable === null) return null
  const platform = presentAnswer(of, now)
  if (platform?.token === 'rejected')
    return because('token-rejected', platform.detail ?? `${label} refuses it`)
  // The plugin goes on with the token of its start, whatever stands in the file by now.
  if (log?.tokenRejected) return because('token-rejected', log.tokenRejected.text)
  if (platform !== null && platform.webhook !== null) return because('webhook-set', `at ${platform.webhook}`)
  if (platform !== null && platform.lacks !== null) return because(lackReason[platform.lacks], null)
  const trouble = platform?.trouble ?? null
  if (isOutOfReach(trouble)) return because('network', trouble.detail)
  if (platform === null || platform.token === 'unknown')
    return judgeUnasked(label, registeredMs, platform?.trouble?.detail)
  if (!isRecent(now - platform.at, platformMaxAgeMs))
    return because('stale-evidence', `${label} was last asked ${whenAsked(now - platform.at)}`)
  return null
}

/** Twice in a row nobody answered. */
export const isOutOfReach = (trouble: PlatformRecord['trouble']): trouble is Trouble =>
  trouble !== null && trouble.times >= 2

type Trouble = NonNullable<PlatformRecord['trouble']>

/**
 * Why the platform turns away a plugin that has ended: no new start helps. Null where it does not. Discord's plugin ends
 * so, Telegram's stays.
 */
export const judgeRefusal = (of: ChannelEvidence, now: number): Finding | null => {
  const platform = presentAnswer(of, now)
  if (platform === null || !isRecent(now - platform.at, platformMaxAgeMs)) return null
  const { label } = kinds[of.channel.kind]
  if (platform.token === 'rejected')
    return because('token-rejected', platform.detail ?? `${label} refuses it`)
  return platform.lacks === 'message-content' ? because('intent-missing', null) : null
}

const presentAnswer = ({ platform, log }: ChannelEvidence, now: number): PlatformRecord | null =>
  isOutdated(platform, log?.registeredAt ?? null, now) ? null : platform

const whenAsked = (agoMs: number): string =>
  agoMs < 0 ? 'before the clock was set back' : `${Math.round(agoMs / 60_000)} minutes ago`

/** Without an answer nothing says that the token is any good. */
const judgeUnasked = (label: string, registeredMs: number, trouble?: string): Finding =>
  isRecent(registeredMs, platformGraceMs)
    ? starting(`${label} is asked about the token`)
    : because('stale-evidence', trouble ?? `nobody has asked ${label} about the token`)

const lackReason = {
  'message-content': 'intent-missing',
  server: 'no-server',
} as const satisfies Readonly<Record<NonNullable<Platform['lacks']>, ReasonName>>
