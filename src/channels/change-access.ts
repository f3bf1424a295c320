import { join } from 'node:path'
import type { AccessFields, Pending } from '../core/access.ts'
import { type AccessChange, applyAccessChange } from '../core/access-change.ts'
import { isSafePending } from '../core/pairing.ts'
import { ExpectedError, exitStatus } from '../errors.ts'
import type { Clock } from '../system/clock.ts'
import type { ReplaceFile } from '../system/replace-file.ts'
import { accessContested, accessFileName, accessHolds, checkSenders, rewriteAccess } from './access-file.ts'
import { putStateFile } from './state-files.ts'

/** What a change of `access.json` needs: of the clock only time as it passes. */
export type AccessTools = {
  readonly replaceFile: ReplaceFile
  /** Runs the action while `<path>.lock` is held. */
  readonly withLock: <T>(path: string, action: () => Promise<T>) => Promise<T>
  readonly clock: Pick<Clock, 'elapsed' | 'sleep'>
}

/** The plugin reads, changes and writes within milliseconds: what held for so long was not lost to one of its writes. */
const holdsMs = 300
const everyMs = 25
const mostMs = 10_000

/**
 * Changes who may talk to a bot whose plugin may run: it rewrites the file at a stranger's message and may undo our
 * change with what it read before, so ours is made again until it has held for 300 ms. Writers of ours exclude each
 * other by a lock, held for writing only. Throws ExpectedError: usage for an id that is no messenger's, 78 for a broken
 * file, which stays as it is, 73 or 77 when it can't be written, 1 when it was undone for 10 s.
 */
export const changeAccess =
  ({ replaceFile, withLock, clock }: AccessTools) =>
  async (stateDir: string, change: AccessChange): Promise<void> => {
    if (change.do === 'allow') checkSenders(change.ids)
    if (change.do === 'approve') checkSenders([change.senderId])
    const apply = (fields: AccessFields) => applyAccessChange(fields, change)
    const write = async () => {
      rewriteAccess(stateDir, apply, replaceFile)
    }
    const deadline = clock.elapsed() + mostMs
    for (let since = clock.elapsed(); ; await clock.sleep(everyMs)) {
      if (accessHolds(stateDir, apply)) {
        if (clock.elapsed() - since >= holdsMs) return
      } else {
        if (clock.elapsed() >= deadline) throw accessContested(stateDir)
        await withLock(join(stateDir, accessFileName), write)
        since = clock.elapsed()
      }
    }
  }

/**
 * Lets the sender of a pending entry talk to the bot, and tells the plugin, which says so to them within 5 s and deletes
 * the file that told it (field notes, section 3). The policy is set along with it, unless null. Only for an entry whose
 * code a person typed. Throws as `changeAccess` does, and before anything is written for an entry that is not safe.
 */
export const approve =
  (tools: AccessTools) =>
  async (stateDir: string, pending: Pending, policy: 'allowlist' | null): Promise<void> => {
    if (!isSafePending(pending)) throw unsafe(stateDir)
    const { senderId, chatId } = pending
    await changeAccess(tools)(stateDir, { do: 'approve', senderId, policy })
    putStateFile(stateDir, 'approved', senderId, chatId, tools.replaceFile)
  }

const unsafe = (stateDir: string) =>
  new ExpectedError(
    exitStatus.badConfiguration,
    `The entry of this code in the access.json in ${stateDir} names no sender or chat of a messenger; nobody was approved.`,
    'No messenger gives such an id. `channels access <session> deny <code>` takes the entry out.',
  )
