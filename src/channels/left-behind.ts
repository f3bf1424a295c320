import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Removes the temporary files of `replaceFile` that a killed process left beside a file: one beside an `.env` holds a
 * token, and nobody would look for it there. Those of living processes stay. Throws what the file system says.
 */
export const removeLeftBehind = (folder: string, name: string): void => {
  for (const each of readdirSync(folder)) {
    // As `replaceFile` names them: the file, the process, the moment.
    const pid = each.startsWith(`${name}.`)
      ? /^(\d{1,10})\.[0-9a-z]+\.tmp$/.exec(each.slice(name.length + 1))?.[1]
      : undefined
    if (pid !== undefined && isGone(Number(pid))) rmSync(join(folder, each), { force: true })
  }
}

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    // Anything else, a process of somebody else's for one, is no proof that it is gone.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
