import { dayMs } from './duration.ts'
import type { SessionReport } from './report.ts'

/** What a day amounts to. */
export type DayFigures = {
  /** How long somebody looked; it was stopped; it was wanted, and looked at. */
  readonly lookedMs: number
  readonly stoppedMs: number
  readonly wantedMs: number
  /** Of the time it was wanted, `97 %`; null where that is none. */
  readonly live: string | null
  readonly outage: Outage | null
  readonly messages: number
}

/** The longest time without a moment of being live. */
export type Outage = {
  /** Milliseconds since 1970. */
  readonly from: number
  readonly ms: number
  readonly reason: string | null
  /** Several short ones, of which nobody knows any more when each was: `ms` is all of them. */
  readonly several: boolean
}

/** Short of a day by less than this, it is the whole day: a keeper was started anew. */
const graceMs = 15 * 60_000

/** Whether so much is known of the day that no other time need be named. */
export const isWholeDay = (ms: number): boolean => ms >= dayMs - graceMs

/** The figures of a session's day. What nobody looked at counts neither as live nor as not. */
export const dayFigures = ({ spans, messages }: SessionReport['history']): DayFigures => {
  const parts = spans.map(toPart)
  const lookedMs = total(parts.map(({ ms }) => ms))
  // Some of what is kept as stopped was live in between.
  const stoppedMs = total(parts.map(({ state, ms, liveMs }) => (state === 'stopped' ? ms - liveMs : 0)))
  const wantedMs = lookedMs - stoppedMs
  return {
    ...{ lookedMs, stoppedMs, wantedMs },
    live: wantedMs === 0 ? null : percent(total(parts.map(({ liveMs }) => liveMs)), wantedMs),
    outage: longest(parts),
    messages: total(messages.map(({ count }) => count)),
  }
}

type Part = ReturnType<typeof toPart>

const toPart = ({ from, to, state, reason, liveMs }: SessionReport['history']['spans'][number]) => {
  const [start, end] = [Date.parse(from), Date.parse(to)]
  return { start, end, ms: end - start, state, reason, liveMs }
}

/** Rounded down: 100 % is all of it. */
const percent = (part: number, whole: number): string => {
  const share = (part / whole) * 100
  if (share > 0 && share < 1) return '<1 %'
  return `${share < 99 ? Math.floor(share) : Math.floor(share * 10) / 10} %`
}

const longest = (parts: readonly Part[]): Outage | null => {
  const outages: Part[][] = []
  parts.forEach((part, i) => {
    if (part.state === 'live' || part.state === 'stopped') return
    const before = parts[i - 1]
    const open = outages.at(-1)
    if (open !== undefined && before !== undefined && open.at(-1) === before && before.end === part.start)
      open.push(part)
    else outages.push([part])
  })
  return outages.flatMap(toOutage).reduce<Outage | null>((a, b) => (a === null || b.ms > a.ms ? b : a), null)
}

/** A start alone is none. */
const toOutage = (parts: readonly Part[]): readonly Outage[] => {
  const [first] = parts
  if (first === undefined || parts.every(({ state }) => state === 'starting')) return []
  const main = parts
    .filter(({ state }) => state !== 'starting')
    .reduce((a, b) => (b.ms - b.liveMs > a.ms - a.liveMs ? b : a))
  const ms = total(parts.map((part) => part.ms - part.liveMs))
  return [{ from: first.start, ms, reason: main.reason, several: parts.some(({ liveMs }) => liveMs > 0) }]
}

const total = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
