import { statSync } from 'node:fs'
import { readStateFile } from './state-files.ts'

/** The pid in a plugin's `bot.pid`: the poller that took the slot last, alive or not (field notes, section 3). Null when none is told. */
export const readPollerPid = (stateDir: string): number | null => {
  const file = readStateFile(stateDir, 'bot.pid')
  const pid = file.is === 'text' && /^\s*\d{1,10}\s*$/.test(file.text) ? Number(file.text) : null
  return pid !== null && pid > 1 ? pid : null
}

/**
 * When a poller last wrote its `bot.pid`, in milliseconds since 1970: one of an earlier start says nothing of this one.
 * Null when there is none to be seen.
 */
export const slotTakenAt = (stateDir: string): number | null => {
  try {
    return statSync(`${stateDir}/bot.pid`, { throwIfNoEntry: false })?.mtimeMs ?? null
  } catch {
    // Not there, or not to be read.
    return null
  }
}
