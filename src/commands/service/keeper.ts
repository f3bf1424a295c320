import { isHere, lives } from '../../core/process.ts'
import type { KeeperRecord } from '../../core/records.ts'
import type { Deps } from '../../deps.ts'

/** The keeper whose process is there, and that keeps; one that takes all sessions down is about to go. */
export const livingKeeper = ({ files, folders, processes }: Deps): KeeperRecord | null => {
  const keeper = files.readRecord(folders.keeper.record, files.checks.keeper)
  if (keeper === null || keeper.where === 'stopping' || !isHere(keeper.machine, processes.machine()))
    return null
  return lives(processes, keeper) ? keeper : null
}
