import { realpathSync, statSync } from 'node:fs'
import type { ReplaceFile } from '../system/replace-file.ts'

/**
 * Replaces a file of the client's, with the mode it had (0600 when it is new). A symbolic link stays one: people keep
 * such files among their dotfiles. Throws what the file system says.
 */
export const replaceClientFile = (path: string, text: string, replaceFile: ReplaceFile): void => {
  const target = realTarget(path)
  const mode = statSync(target, { throwIfNoEntry: false })?.mode ?? 0o600
  replaceFile(target, text, mode & 0o777)
}

const realTarget = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
