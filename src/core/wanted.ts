import type { Wanted } from './records.ts'

export type Order = {
  readonly want: boolean
  readonly by: Wanted['by']
  /** Ask for a new client, where one runs or is waited for. */
  readonly newClient?: boolean
  readonly conversation?: string | null
  readonly fresh?: boolean
  readonly when?: Wanted['when']
}

/**
 * The next wanted record. Its time is later than the last one's even within one millisecond, since a keeper
 * acknowledges by it.
 */
export const nextWanted = (before: Wanted | null, order: Order, now: number): Wanted => ({
  format: 1,
  want: order.want,
  generation: (before?.generation ?? 0) + (order.newClient ? 1 : 0),
  conversation: order.conversation ?? null,
  fresh: order.fresh ?? false,
  by: order.by,
  when: order.when ?? 'now',
  at: Math.max(now, (before?.at ?? 0) + 1),
})
