import { readStateFile } from './state-files.ts'

/** The pid in a plugin's `bot.pid`: the poller that took the slot last, alive or not (field notes, section 3). Null when none is told. */
export const readPollerPid = (stateDir: string): number | null => {
  const file = readStateFile(stateDir, 'bot.pid')
  const pid = file.is === 'text' && /^\s*\d{1,10}\s*$/.test(file.text) ? Number(file.text) : null
  return pid !== null && pid > 1 ? pid : null
}
