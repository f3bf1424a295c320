import { userInfo } from 'node:os'
import { ExpectedError, exitStatus } from '../errors.ts'
import { openLaunchd } from './launchd.ts'
import type { Machine } from './perform.ts'
import type { Service } from './port.ts'
import { openSystemd } from './systemd.ts'
import { otherManager } from './systemd-missing.ts'

/**
 * What starts a keeper at login or boot on this machine. `log` takes what a keeper prints where nothing else keeps it.
 * Throws an ExpectedError (69) where there is nothing of the kind.
 */
export const openService = async (
  platform: NodeJS.Platform,
  machine: Omit<Machine, 'user'>,
  log: string,
): Promise<Service> => {
  if (platform === 'linux') return openSystemd({ ...machine, user: currentUser() })
  if (platform === 'darwin') return openLaunchd({ ...machine, user: currentUser() }, log)
  throw new ExpectedError(
    exitStatus.missing,
    `There is neither systemd nor launchd on ${platform}.`,
    otherManager(machine),
  )
}

/** In a container a user may have no name. */
const currentUser = (): Machine['user'] => {
  const uid = process.getuid?.() ?? 0
  try {
    return { uid, name: userInfo().username }
  } catch (error) {
    if (error instanceof Error && 'code' in error) return { uid, name: String(uid) }
    throw error
  }
}
