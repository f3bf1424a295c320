import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'

/**
 * Replaces a file of the client's by a complete new one, in one rename, with the mode it had (0600 when it is new). A
 * symbolic link stays one: people keep such files among their dotfiles. Throws what the file system says.
 */
export const replaceFile = (path: string, text: string): void => {
  const target = realTarget(path)
  const mode = statSync(target, { throwIfNoEntry: false })?.mode ?? 0o600
  const temporary = `${target}.${process.pid}.${process.hrtime.bigint().toString(36)}.tmp`
  try {
    write(temporary, text, mode & 0o777)
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

const realTarget = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

const write = (path: string, text: string, mode: number): void => {
  const file = openSync(path, 'wx', mode)
  try {
    fchmodSync(file, mode)
    // Goes on after a short write, which is how a disk that is nearly full answers first.
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
