import type { KeeperRecord } from '../../core/records.ts'
import type { Deps } from '../../deps.ts'

/** The keeper whose process is there, and that keeps; one that takes all sessions down is about to go. */
export const livingKeeper = ({ seeKeeper }: Pick<Deps, 'seeKeeper'>): KeeperRecord | null => {
  const seen = seeKeeper()
  return seen === null || seen.keeper.where === 'stopping' ? null : seen.keeper
}
