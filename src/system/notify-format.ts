import type { GapReport, Notice, NoticeEvent } from '../core/notify/notice.ts'
import type { FailedDelivery, Outbox, PendingNotice } from '../core/notify/outbox.ts'
import { isReason, type ReasonName, type State } from '../core/reasons.ts'
import type { Notified } from '../core/records.ts'
import type { Recipient } from '../core/session.ts'
import { fields, fitTo, flag, list, nullable, number, orElse, type Shape, text } from '../core/shape.ts'
import { time } from './history-format.ts'

/** What people were told of a session, as the health record has it. */
export const notified = fields<Notified>({
  open: nullable(
    fields<NonNullable<Notified['open']>>({ from: time, reason: text(), told: orElse(flag, true) }),
  ),
  told: orElse(list(fields<Notified['told'][number]>({ event: text(), key: text(), at: time })), []),
})

const gap = fields<GapReport>({
  from: time,
  to: time,
  reason: text(),
  waited: nullable(number),
  unanswered: nullable(number),
  maybeLost: flag,
  lastedMs: number,
  times: number,
})

const notice = fields<Notice>({
  event: text<NoticeEvent>(),
  state: text<State>(),
  reason: nullable(text<ReasonName>()),
  about: nullable(text()),
  at: time,
  since: time,
  gap: nullable(gap),
  condition: text(),
})

const events: ReadonlySet<string> = new Set<NoticeEvent>(['blocked', 'gave-up', 'down', 'back', 'waiting'])

/** What a later release would tell may be of another form: it is not told, and must not make the record unreadable. */
const orNull =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value) => {
    // Nearly always, and a misfit costs ten times as much.
    if (value === undefined || value === null) return null
    const fit = fitTo(shape, value)
    return fit.fits ? fit.value : null
  }

/** Or it has no words here. */
const pending: Shape<PendingNotice | null> = (value) => {
  const found = orNull(fields<PendingNotice>({ notice, tries: number, notBefore: time }))(value)
  if (found === null) return null
  const { event, reason } = found.notice
  return events.has(event) && (reason === null || isReason(reason)) ? found : null
}

/** What the bot could not tell. */
export const outbox: Shape<Outbox | null> = orNull(
  fields<Outbox>({
    pending,
    failed: orNull(
      fields<FailedDelivery>({
        at: time,
        to: fields<Recipient>({ channel: text(), sender: text() }),
        refused: flag,
        unsure: orElse(flag, false),
        detail: text(),
      }),
    ),
  }),
)
