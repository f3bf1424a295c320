import type { Orders, Parked, Run } from './records.ts'

export type Hold = NonNullable<Orders['hold']>

/** Clocks are set by so much all the time. */
const aheadMs = 60_000

/**
 * What the keeper waits for with this run's client ended; null where it waits for nothing, or no longer. A hold of the future
 * was begun before the clock was set back: until when by this clock nobody knows, and a try costs less than hours without any.
 */
export const holdOf = (run: Run | null, orders: Orders | null, now: number): Hold | null => {
  if (run === null || orders === null || orders.run !== run.run || orders.hold === null) return null
  if ((orders.hold.at ?? 0) - now > aheadMs) return null
  return (orders.hold.until ?? Number.POSITIVE_INFINITY) > now ? orders.hold : null
}

/** By which a client that is parked is kept ended. */
export const holdOfParked = ({ reason, until, at }: Parked): Hold => ({ reason, until, at })
