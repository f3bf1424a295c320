import { becomes } from '../core/becomes.ts'
import type { World } from '../deps.ts'
import { ExpectedError, exitStatus } from '../errors.ts'
import { findKeeper } from './session-records.ts'

/** Taking all sessions down takes some fifteen seconds at the most. */
const longestMs = 20_000

/** Returns once nobody takes all sessions down (any more). Throws an ExpectedError (1) when that takes too long. */
export const untilNotStopping = async (world: World): Promise<void> => {
  const stopping = () => {
    const keeper = findKeeper(world)?.keeper
    return keeper?.where === 'stopping' ? keeper : null
  }
  if (await becomes(world.clock, longestMs, () => stopping() === null, 50)) return
  throw allGoDown(stopping()?.pid)
}

export const allGoDown = (pid: number | undefined): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `All sessions are being taken down (pid ${pid}).`,
    'Try again once `channels status` shows that this is over.',
  )
