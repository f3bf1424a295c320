import { chmodSync, mkdtempSync, realpathSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Makes the temporary folder of one run of the tests: everything they make lies below it, and everything they start carries
 * its path, so that other runs on this machine are told apart. Gone at the end, unless something was left in it. Short, since
 * sockets live below it.
 */
export const makeRunFolder = (): string => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'ch-'))
  // Some tests are somebody else for a moment, who has to get as far as to what is denied them.
  chmodSync(folder, 0o711)
  process.once('exit', () => {
    try {
      rmdirSync(folder)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY')) throw error
    }
  })
  return folder
}
