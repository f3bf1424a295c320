import type { Notified } from '../records.ts'
import { nameOf } from './condition.ts'
import type { Notice } from './notice.ts'

/** What counts as told without a notice that was given up before anybody got it: the same is told then as if it were new. */
export const withoutUntold = (known: Notified | null, { event, condition, at }: Notice): Notified | null => {
  if (known === null || event === 'back') return known
  const told = known.told.filter((each) => each.at !== at || nameOf(each) !== condition)
  if (told.length === known.told.length) return known
  const { open } = known
  // Another cause of the same trouble may have been told.
  const isTold = (from: number): boolean => told.some((each) => each.event !== 'waiting' && each.at >= from)
  return { told, open: open && { ...open, told: open.told && isTold(open.from) } }
}
