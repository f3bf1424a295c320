import type { Arrivals, Slot } from '../core/arrivals.ts'
import { isDate } from '../core/duration.ts'
import type { History, Span } from '../core/history.ts'
import { fields, Misfit, number, orElse, type Shape, such, table } from '../core/shape.ts'

/** Reports say it as a date. */
export const time = such(number, isDate, 'must be a time')

/** Items that are checked in one go: a look at fifty sessions may check ten thousand of these. */
const items =
  <T>(what: string, fits: (item: Partial<T>) => boolean): Shape<readonly T[]> =>
  (value) => {
    if (!Array.isArray(value)) throw new Misfit('must be a list')
    for (const item of value)
      if (typeof item !== 'object' || item === null || !fits(item))
        throw new Misfit(`must be a list of ${what}`)
    return value
  }

const isTime = (value: unknown): boolean => typeof value === 'number' && isDate(value)
const isText = (value: unknown): boolean => value === null || typeof value === 'string'

const slots = items<Slot>('counts', ({ at, count }) => isTime(at) && Number.isFinite(count))
const spans = items<Span>(
  'spans',
  ({ at, state, reason, liveMs }) => isTime(at) && isText(state) && isText(reason) && Number.isFinite(liveMs),
)

/** How a session's day went, in its health. */
export const history = fields<History>({
  until: time,
  spans,
  arrivals: orElse(table(fields<Arrivals>({ log: time, slots, before: orElse(slots, []) })), {}),
})
