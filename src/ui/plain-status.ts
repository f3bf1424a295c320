import type { Change, RemarkChange } from '../core/changes.ts'
import { dayFigures, isWholeDay, type Outage } from '../core/day-figures.ts'
import { formatDuration } from '../core/duration.ts'
import { remarkFor } from '../core/remarks.ts'
import type { Report, SessionReport } from '../core/report.ts'
import { clientCell } from './client-cell.ts'
import { findingNotes, type Note, notesOn } from './notes.ts'
import { timeOfDay } from './time-of-day.ts'

/** Each session as one line to be read aloud or by a script: how it stands, then what is wrong, why, what helps, how the last day went. */
export const plainStatus = (report: Report, now: number): readonly string[] =>
  report.sessions.map((session) =>
    [standing(session, now), ...sentences(notesOn(session, now)), ...lastDay(session)].join(' '),
  )

/** `10:03:12 site live -> recovering [plugin-exited]`, by the clock of this machine. */
export const changeHead = ({ at, session, from, to }: Change): string =>
  `${timeOfDay(at)} ${session} ${from?.state ?? 'new'} -> ${to?.state ?? 'removed'}${inBrackets(to?.reason ?? null)}`

/** The same with what that means and what helps. */
export const changeLine = (change: Change): string => {
  const notes = change.to === null ? [] : sentences(findingNotes(change.to))
  return notes.length === 0 ? changeHead(change) : `${changeHead(change)}: ${notes.join(' ')}`
}

export const remarkLine = ({ at, session, channels, remark, is }: RemarkChange): string =>
  `${timeOfDay(at)} ${session}: ${is === 'new' ? remarkFor(remark, { name: session, channels }) : 'no longer so:'} [${remark}]`

const standing = (session: SessionReport, now: number): string => {
  const { name, state, since, reason, client, restarts } = session
  const lasting = since === null ? '' : ` for ${formatDuration(now - Date.parse(since))}`
  const facts = [
    ...session.channels.map(({ kind, account }) => (account === null ? kind : `${kind} ${account}`)),
    client === null ? 'no client' : `client ${clientCell(client)}`,
    restarts.total === 1 ? '1 restart' : `${restarts.total} restarts`,
  ]
  return `${name} is ${state}${lasting}${inBrackets(reason)}: ${facts.join(', ')}.`
}

/** How the last day went, as far as somebody looked. */
const lastDay = ({ history }: SessionReport): readonly string[] => {
  const { lookedMs, stoppedMs, wantedMs, live, outage, messages } = dayFigures(history)
  const came = messages === 1 ? '1 message' : `${messages} messages`
  if (lookedMs === 0) return messages === 0 ? [] : [`In the last 24 hours nobody looked, and ${came} came.`]
  const known = isWholeDay(lookedMs) ? '' : `, of which ${formatDuration(lookedMs)} are known`
  const facts = [
    ...(live === null ? [] : [`live ${live}${stoppedMs > 0 ? ` of ${formatDuration(wantedMs)}` : ''}`]),
    ...(stoppedMs > 0 ? [`stopped for ${formatDuration(stoppedMs)}`] : []),
    ...(outage === null ? [] : [outageWords(outage)]),
    came,
  ]
  return [`In the last 24 hours${known}: ${facts.join(', ')}.`]
}

const outageWords = ({ from, ms, reason, several }: Outage): string =>
  `${several ? 'outages of together' : 'longest outage'} ${formatDuration(ms)} ${several ? 'around' : 'from'} ${timeOfDay(from).slice(0, 5)}${inBrackets(reason)}`

/** Notes as sentences that can stand one behind the other; what stands in a terminal as one of them. */
const sentences = (notes: readonly Note[]): readonly string[] => {
  const first = notes.findIndex(({ as }) => as === 'screen')
  const screen = notes.filter(({ as, text }) => as === 'screen' && text.trim() !== '')
  return notes.flatMap(({ as, text }, i) => {
    if (as !== 'screen') return [ended(text)]
    return i === first ? [ended(`It shows: ${screen.map((each) => each.text.trim()).join(' / ')}`)] : []
  })
}

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

const inBrackets = (reason: string | null): string => (reason === null ? '' : ` [${reason}]`)
