import { dayMs } from '../core/duration.ts'
import { textsOf } from './content.ts'
import { type Fields, numberField, objectField } from './fields.ts'

/**
 * When a usage limit ends, in ms since 1970, where the row of the error says so; `at` is when it was written. 2.1.330
 * writes `quotaLimits: { resetsAt: <s since 1970> }` beside "You've hit your 5-hour limit · resets 3:27am (UTC)" where
 * the client is signed in with a subscription; with a key it says nothing of it. Never throws: null for anything else.
 */
export const readReset = (row: Fields, message: Fields, at: number): number | null => {
  const seconds = numberField(objectField(row, 'quotaLimits') ?? {}, 'resetsAt')
  if (seconds !== null) return later(seconds * 1_000, at)
  const text = textsOf(message.content).join('\n')
  const [, epoch] = /\|(\d{10})\b/.exec(text) ?? []
  if (epoch !== undefined) return later(Number(epoch) * 1_000, at)
  const [, month, day, hour, minute, half, zone] = clock.exec(text) ?? []
  if (hour === undefined) return null
  return nextTime({ month, day, hour, minute, half, zone: zone ?? null }, at)
}

/** `resets 3pm (Europe/Berlin)`, `resets at 3:30pm`, `resets Dec 3, 3pm (UTC)`. */
const clock =
  /\bresets?(?: at)? (?:([A-Z][a-z]{2}) (\d{1,2})(?:,| at)? )?(\d{1,2})(?::(\d{2}))? ?([ap]m)\b(?: \(([A-Za-z_+\-/0-9]+)\))?/

type Said = {
  readonly month: string | undefined
  readonly day: string | undefined
  readonly hour: string
  readonly minute: string | undefined
  readonly half: string | undefined
  readonly zone: string | null
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** No limit lasts longer than a month. In ms. */
export const longestLimitMs = 32 * dayMs

/** The next moment after `at` at which the clocks of that zone show it. */
const nextTime = (said: Said, at: number): number | null => {
  const hours = (Number(said.hour) % 12) + (said.half === 'pm' ? 12 : 0)
  const minutes = Number(said.minute ?? 0)
  if (Number(said.hour) > 12 || minutes > 59) return null
  const offset = offsetOf(said.zone, at)
  if (offset === null) return null
  const there = new Date(at + offset)
  const day = Date.UTC(there.getUTCFullYear(), there.getUTCMonth(), there.getUTCDate())
  const first =
    said.month === undefined || said.day === undefined
      ? day
      : dateOf(there.getUTCFullYear(), said.month, Number(said.day), day)
  if (first === null) return null
  const time = first + hours * 3_600_000 + minutes * 60_000 - offset
  return later(time <= at && said.month === undefined ? time + dayMs : time, at)
}

const dateOf = (year: number, month: string, day: number, today: number): number | null => {
  const index = months.indexOf(month)
  if (index === -1 || day < 1 || day > 31) return null
  const time = Date.UTC(year, index, day)
  return time < today ? Date.UTC(year + 1, index, day) : time
}

/** How far the clocks of a zone are ahead of UTC then, in ms; of this machine's where none is named. Null: no such zone. */
const offsetOf = (zone: string | null, at: number): number | null => {
  if (zone === null) return -new Date(at).getTimezoneOffset() * 60_000
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
    }).formatToParts(at)
    const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value ?? 0)
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
    return local - Math.floor(at / 60_000) * 60_000
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

const later = (time: number, at: number): number | null =>
  time > at && time - at < longestLimitMs ? time : null
