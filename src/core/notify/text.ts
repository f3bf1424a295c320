import { formatDuration, iso } from '../duration.ts'
import { describeCost } from '../gap-words.ts'
import { isReason, type ReasonName, reasons, remedyFor } from '../reasons.ts'
import type { Session } from '../session.ts'
import type { GapReport, Notice } from './notice.ts'
import { localTime } from './quiet.ts'

/** What a notice says at a phone: the session, what is the matter, and the command that helps. */
export const textOf = (notice: Notice, session: Session): string => {
  const { event, at, since } = notice
  if (event === 'back') return [`${session.name} is live again.`, ...saidGap(notice.gap, at)].join('\n')
  return [
    `${session.name} ${begins[event]}: ${sentenceOf(notice)}`,
    ...(at - since < longMs ? [] : [`Since ${localTime(since, at)}.`]),
    remedyOf(notice, session) ?? '',
  ].join('\n')
}

/** The event as `notify.command` gets it: fields are added, never renamed, within a version. */
export const documentOf = (notice: Notice, session: Session) => ({
  version: 1,
  session: session.name,
  event: notice.event,
  state: notice.state,
  reason: notice.reason,
  sentence: notice.event === 'back' ? 'It is live again.' : sentenceOf(notice),
  remedy: notice.event === 'back' ? null : remedyOf(notice, session),
  at: iso(notice.at),
  since: iso(notice.since),
  gap: notice.gap === null ? null : { ...notice.gap, from: iso(notice.gap.from), to: iso(notice.gap.to) },
})

/** What is said where somebody is told for the first time. */
export const helloText = ({ name }: Session): string =>
  `This is how I tell you when ${name} is blocked, gave up, was down for more than a minute or waits for an answer, and when it is back.\n\`channels set ${name} notify.to=\` ends it.`

/** Sooner nobody asks since when. */
const longMs = 90_000

const begins: Readonly<Record<Exclude<Notice['event'], 'back'>, string>> = {
  blocked: 'is blocked',
  'gave-up': 'gave up for now',
  down: 'does not answer',
  waiting: 'waits for you',
}

const sentenceOf = ({ reason }: Notice): string =>
  reason === null ? 'It has been starting for more than a minute.' : reasons[reason].sentence

const remedyOf = ({ reason, about }: Notice, { name, channels }: Session): string => {
  if (reason === null) return `\`channels status ${name}\` says where it stands.`
  const meant = channels.find(({ id }) => id === about) ?? (channels.length === 1 ? channels[0] : undefined)
  return (remedies[reason] ?? '') + remedyFor(reason, name, meant ?? null, channels)
}

/** Nobody can tell whether they did: the plugin of Telegram may have asked in the chat already. */
const remedies: Readonly<Partial<Record<ReasonName, string>>> = {
  'permission-prompt': 'If buttons came with it, press one. ',
}

const saidGap = (gap: GapReport | null, now: number): readonly string[] => {
  if (gap === null) return []
  const { reason } = gap
  const cause = isReason(reason) ? [reasons[reason].sentence.replace(/\.$/, '')] : []
  const said = [...cause, ...describeCost(gap)].join('; ')
  return [`${saidTimes(gap, now)}${said === '' ? '' : `: ${said}`}.`]
}

const saidTimes = ({ from, to, lastedMs, times }: GapReport, now: number): string => {
  const [start, end, lasted] = [localTime(from, now), localTime(to, now), formatDuration(lastedMs)]
  if (times === 0) return from === to ? `At ${start}` : `Between ${start} and ${end}`
  if (lastedMs === to - from) return `Nobody listened from ${start} to ${end} (${lasted})`
  const often = times === 1 ? '' : ` ${times} times`
  return `Nobody listened${often} between ${start} and ${end}, ${lasted} in all`
}
