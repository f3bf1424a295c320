import type { Arrivals, Slot } from '../core/arrivals.ts'
import { isDate } from '../core/duration.ts'
import type { History, Span } from '../core/history.ts'
import { fields, list, nullable, number, orElse, such, table, text } from '../core/shape.ts'

/** Reports say it as a date. */
export const time = such(number, isDate, 'must be a time')

const slots = list(fields<Slot>({ at: time, count: number }))

/** How a session's day went, in its health. */
export const history = fields<History>({
  until: time,
  spans: list(
    fields<Span>({
      at: time,
      state: nullable(text()),
      reason: nullable(text()),
      liveMs: orElse(number, 0),
    }),
  ),
  arrivals: orElse(table(fields<Arrivals>({ log: time, slots, before: orElse(slots, []) })), {}),
})
