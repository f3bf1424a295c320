import { lives } from '../../core/process.ts'
import type { KeeperRecord } from '../../core/records.ts'
import type { Deps } from '../../deps.ts'

/** The keeper whose process is there. */
export const livingKeeper = ({ files, folders, processes }: Deps): KeeperRecord | null => {
  const keeper = files.readRecord(folders.keeper.record, files.checks.keeper)
  return keeper !== null && lives(processes, keeper) ? keeper : null
}
