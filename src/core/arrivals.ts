import { dayMs, lately } from './duration.ts'

/** Messages that came within a quarter of an hour; `at` is its beginning, in ms since 1970. */
export type Slot = { readonly at: number; readonly count: number }

/**
 * The messages a channel's plugin handed over to clients, by their MCP logs. Those of the log of one client start are kept
 * apart as long as it is read: it may be read again from its beginning, and nothing in it counts twice.
 */
export type Arrivals = {
  /** When that log begins. */
  readonly log: number
  readonly slots: readonly Slot[]
  /** Of the logs before it. */
  readonly before: readonly Slot[]
}

export const slotMs = 15 * 60_000
const mostSlots = dayMs / slotMs + 1

/** One more message, at a time in ms since 1970. */
export const withArrival = (slots: readonly Slot[], at: number): readonly Slot[] =>
  joined(slots, [{ at: Math.floor(at / slotMs) * slotMs, count: 1 }], (a, b) => a + b)

/** What is taken of a log. */
type Logged = { readonly firstAt: number | null; readonly arrivals: readonly Slot[] }

/** Each channel's messages, by its id, with what its log says by now; the very same table when that is nothing new. */
export const trackArrivals = (
  before: Readonly<Record<string, Arrivals>>,
  channels: readonly { readonly channel: { readonly id: string }; readonly log: Logged | null }[],
  now: number,
): Readonly<Record<string, Arrivals>> => {
  let next = before
  for (const { channel, log } of channels) {
    const former = Object.hasOwn(before, channel.id) ? before[channel.id] : undefined
    const found =
      log === null || log.firstAt === null ? former : withLog(former, log.firstAt, log.arrivals, now)
    if (found !== undefined && found !== former) next = { ...next, [channel.id]: found }
  }
  return next
}

const withLog = (
  former: Arrivals | undefined,
  log: number,
  slots: readonly Slot[],
  now: number,
): Arrivals | undefined => {
  if (slots.length === 0) return former
  if (former === undefined) return { log, slots, before: [] }
  if (log === former.log) {
    // So it is at most looks.
    if (isSame(slots, former.slots)) return former
    const most = joined(former.slots, slots, Math.max)
    return isSame(most, former.slots) ? former : { ...former, slots: most }
  }
  // An older one comes back for a moment where the newest can't be told; unless the clock was set back since.
  if (log < former.log && former.log <= now) return former
  return {
    log,
    slots,
    before: lately(
      joined(former.before, former.slots, (a, b) => a + b),
      dayMs,
      now,
    ),
  }
}

/** All messages of the last day, of all channels, oldest first. */
export const arrivedLately = (arrivals: Readonly<Record<string, Arrivals>>, now: number): readonly Slot[] =>
  lately(
    Object.values(arrivals)
      .flatMap(({ slots, before }) => [slots, before])
      .reduce((sum, slots) => joined(sum, slots, (a, b) => a + b), []),
    dayMs,
    now,
  )

/** In order of time; the newest so many, since a log of garbage has any times. */
const joined = (
  a: readonly Slot[],
  b: readonly Slot[],
  both: (a: number, b: number) => number,
): readonly Slot[] => {
  const counts = new Map(a.map(({ at, count }) => [at, count]))
  for (const { at, count } of b) {
    const former = counts.get(at)
    counts.set(at, former === undefined ? count : both(former, count))
  }
  return [...counts]
    .map(([at, count]) => ({ at, count }))
    .sort((x, y) => x.at - y.at)
    .slice(-mostSlots)
}

const isSame = (a: readonly Slot[], b: readonly Slot[]): boolean =>
  a.length === b.length && a.every(({ at, count }, i) => b[i]?.at === at && b[i].count === count)
