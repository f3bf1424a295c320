import { dayMs, formatDuration } from '../core/duration.ts'
import { describeGap, hasCost, isWorthSaying } from '../core/gap-words.ts'
import { isReason, type ReasonName, reasons } from '../core/reasons.ts'
import { remarkFor } from '../core/remarks.ts'
import type { SessionReport } from '../core/report.ts'

/** One thing to say of a session: what it is, what belongs to that, or a line as it stands in its terminal. */
export type Note = {
  readonly as: 'headline' | 'sentence' | 'more' | 'screen'
  readonly text: string
  /** The name of a reason or a remark, for who looks it up or greps for it. */
  readonly tag: string | null
}

/** What is to be said of a session beside its row in the table: what is wrong and why, what helps, what is remarked. */
export const notesOn = (session: SessionReport, now: number): readonly Note[] => [
  ...findingNotes(session),
  ...(session.restarts.nextAt === null
    ? []
    : [more(`Next try in ${formatDuration(Date.parse(session.restarts.nextAt) - now)}.`)]),
  ...session.remarks.map((remark) => headline(remarkFor(remark, session), remark)),
  ...gapNotes(session, now),
]

/** What an outage cost is worth knowing for a day, and that there was one for an hour. */
const gapNotes = ({ gaps }: SessionReport, now: number): readonly Note[] =>
  gaps
    .flatMap((gap) => {
      if (gap.to === null) return []
      const [from, to] = [Date.parse(gap.from), Date.parse(gap.to)]
      const isNews = now - to < (hasCost(gap) ? dayMs : hourMs)
      if (!isNews || !isWorthSaying(to - from, gap)) return []
      const lasted = to - from < 1_000 ? 'For a moment' : `For ${formatDuration(to - from)}`
      const ago = now - to < 60_000 ? 'just now' : `${formatDuration(now - to)} ago`
      return [headline(`${lasted} nobody listened, until ${ago}: ${describeGap(gap)}.`, gap.reason)]
    })
    .slice(-mostGaps)

const hourMs = 3_600_000
const mostGaps = 3

/** The same without times and remarks: how it stands. */
export const findingNotes = (session: SessionReport): readonly Note[] => [
  ...(session.reason === null ? [] : reasonNotes(session, session.reason)),
  ...(session.reason === null && session.state !== 'live' && session.detail !== null
    ? [headline(session.detail)]
    : []),
  ...(session.state === 'stopped' && session.client === null
    ? [sentence(`${session.name} is not wanted; \`channels up ${session.name}\` starts it.`)]
    : []),
]

const reasonNotes = (session: SessionReport, reason: ReasonName): readonly Note[] => [
  headline(isReason(reason) ? reasons[reason].sentence : reason, reason),
  ...(session.detail === null ? [] : [more(`Seen: ${session.detail}`)]),
  ...(session.dialog === null ? [] : session.dialog.trimEnd().split('\n').map(screen)),
  ...(session.remedy === null ? [] : [more(session.remedy)]),
]

const headline = (text: string, tag: string | null = null): Note => ({ as: 'headline', text, tag })
const sentence = (text: string): Note => ({ as: 'sentence', text, tag: null })
const more = (text: string): Note => ({ as: 'more', text, tag: null })
const screen = (text: string): Note => ({ as: 'screen', text, tag: null })
