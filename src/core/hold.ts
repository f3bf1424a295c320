import type { Orders, Run } from './records.ts'

export type Hold = NonNullable<Orders['hold']>

/** What the keeper waits for with this run's client ended; null where it waits for nothing, or no longer. */
export const holdOf = (run: Run | null, orders: Orders | null, now: number): Hold | null => {
  if (run === null || orders === null || orders.run !== run.run || orders.hold === null) return null
  return (orders.hold.until ?? Number.POSITIVE_INFINITY) > now ? orders.hold : null
}
