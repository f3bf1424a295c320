import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { readRegular } from './json-file.ts'

/**
 * Under which folder the client keeps what it was told for this one alone, in `projects` of its own file: the top of the
 * repository, of a linked worktree the top of the repository it was made of; outside any the folder itself (seen on
 * 2.1.139 and 2.1.330, a repository inside another among it). Never throws.
 */
export const projectFolder = (cwd: string): string => {
  const top = gitTop(cwd)
  return (top === null ? cwd : mainTop(top)).normalize('NFC')
}

/** The folder or the nearest one it lies in that has a `.git`; null: none has. Never throws. */
export const gitTop = (folder: string): string | null =>
  upwards(folder).find((each) => existsSync(join(each, '.git'))) ?? null

/** A folder and those it lies in, the nearest first. */
export const upwards = (folder: string): readonly string[] => {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...upwards(above)]
}

/**
 * Where a worktree was made of another repository, and that one knows it, the top of that one (code of 2.1.139 and
 * 2.1.330, a worktree seen); else the same.
 */
const mainTop = (top: string): string => {
  try {
    const [, told] = /^gitdir:\s*(.+)$/s.exec(readRegular(join(top, '.git')).trim()) ?? []
    if (told === undefined) return top
    const own = resolve(top, told)
    const common = resolve(own, readRegular(join(own, 'commondir')).trim())
    if (dirname(own) !== join(common, 'worktrees')) return top
    const back = resolve(own, readRegular(join(own, 'gitdir')).trim())
    if (realpathSync(back) !== join(realpathSync(top), '.git')) return top
    return basename(common) === '.git' ? dirname(common) : common
  } catch {
    // A repository of its own has a folder there; what git left half done is taken for one.
    return top
  }
}
