import type { Effect } from './effect.ts'
import type { Evidence } from './evidence.ts'
import { holdOfParked } from './hold.ts'
import type { Health, Orders, Run } from './records.ts'

/**
 * All sessions are taken down at once when the unit or the container that keeps them stops. What is wanted stays as it
 * is; each session is held, and the next keeper lets it go on.
 */

/** What became of one session. Left: what of it would not end. */
export type TakenDown = {
  readonly session: string
  readonly is: 'down' | 'was-not-running' | 'left'
  readonly wanted: boolean
  readonly left: string | null
}

/** What became of all of them, and of the keeper there was. */
export type Stopped = { readonly keeper: 'left' | 'none'; readonly sessions: readonly TakenDown[] }

/** How a keeper ended: told to leave, for another one, or with the sessions that were its own. */
export type KeeperEnd = 'left' | 'another' | { readonly takenDown: readonly TakenDown[] }

/** Whether this session is held because all were taken down. */
export const isTakenDown = (run: Run | null, orders: Orders | null): boolean =>
  orders !== null && orders.run === nameOf(run) && isForAll(orders.hold)

/**
 * The orders by which nothing of this session starts any more. What was decided about the same run before stands: why
 * its client was ended, and that the next one begins a conversation of its own.
 */
export const takeDownOrders = (run: Run | null, before: Orders | null, clientLives: boolean): Orders => {
  const known = before?.run === nameOf(run) ? before : null
  return {
    format: 1,
    run: nameOf(run),
    ended: known?.ended ?? (clientLives ? 'taken-down' : null),
    hold: { reason: 'stopped', until: null },
    fresh: known?.fresh ?? false,
  }
}

/**
 * Whoever looks now is at work again, and lets it go on. A client that was kept ended for something else still is; one
 * that lives, since whoever was to end it died before, was ended by nobody.
 */
export const bringBack = ({ run, orders, client }: Evidence, { parked }: Health): Effect => ({
  do: 'release',
  why: 'keeper-back',
  orders: {
    format: 1,
    run: nameOf(run),
    ended: client === null ? (orders?.ended ?? null) : null,
    hold: client === null && parked !== null && parked.run === run?.run ? holdOfParked(parked) : null,
    fresh: client === null && (orders?.fresh ?? false),
  },
})

/** What a keeper had begun before all sessions were taken down must not let one of them go on. */
export const underHold = (before: Orders | null, next: Orders): Orders =>
  before !== null && before.run === next.run && isForAll(before.hold) ? { ...next, hold: before.hold } : next

const isForAll = (hold: Orders['hold']): boolean => hold?.reason === 'stopped' && hold.until === null

/** A session that was never started has no run; a hold for it is for whichever would be the first. */
const nameOf = (run: Run | null): string => run?.run ?? ''
