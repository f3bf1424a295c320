import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { passingPlaces } from '../core/vanishing.ts'
import { type FileLook, fileLook } from './file-look.ts'

/** Folders that are gone with the shell, or the one command, that made them; each as it stands in a PATH. */
const passing: readonly RegExp[] = [
  ...passingPlaces.map(([pattern]) => pattern),
  // Of whoever is logged in, until they log out.
  /^\/run\/user\/\d+\//,
  // What npm's own scripts, bunx and yarn put in front.
  /\/@npmcli\/run-script\//,
  /\/(bunx-|yarn--|xfs-)[^/]+(\/|$)/,
  // A program that is mounted while it runs (AppImage).
  /^\/tmp\/\.mount_/,
]

/** Emptied at the next boot, when anybody may make a folder of the same name there. */
const temporary = /^(\/private)?\/(tmp|var\/tmp|var\/folders\/[^/]+\/[^/]+\/T)\//

/** What a session runs: wherever these are, is where the person has them. */
const needed = ['claude', 'bun', 'node', 'tmux', 'screen'] as const

/**
 * A PATH as it can be stored: a folder that is gone with the shell is replaced by the one it leads to, or left out where
 * it leads nowhere that lasts; a temporary one only counts when a program of the session's is in it.
 */
export const lastingPath = (path: string, look: FileLook = fileLook): string => {
  const folders = path.split(delimiter)
  const kept = folders.flatMap((folder) => {
    const lasting = lastingFolder(folder, look)
    if (lasting === null) return []
    const isNeeded =
      !temporary.test(`${lasting}/`) || needed.some((name) => look.isExecutable(join(lasting, name)))
    return isNeeded ? [lasting] : []
  })
  // Replaced by one that is there already, it would stand there twice.
  const unique = kept.filter((folder, i) => folders.includes(folder) || kept.indexOf(folder) === i)
  return unique.length === 0 ? path : unique.join(delimiter)
}

/**
 * A program as it can be stored: not by a folder that is gone with the shell, nor by the version folder of Homebrew,
 * whose link in `bin` follows each upgrade. By itself where it has no such other place.
 */
export const lastingProgram = (path: string, look: FileLook = fileLook): string => {
  const folder = lastingFolder(dirname(path), look)
  const name = path.slice(path.lastIndexOf('/') + 1)
  const moved = folder === null ? path : join(folder, name)
  const stable = look.isExecutable(moved) ? moved : path
  const [, prefix] = /^(\/.*?)\/(?:Cellar|Caskroom)\//.exec(stable) ?? []
  const linked = prefix === undefined ? null : join(prefix, 'bin', name)
  return linked !== null && look.isExecutable(linked) && look.realPath(linked) === look.realPath(stable)
    ? linked
    : stable
}

/** Whether a program is gone with the shell, or the command, that it was found by. */
export const isPassing = (path: string): boolean => passing.some((pattern) => pattern.test(path))

const lastingFolder = (folder: string, look: FileLook): string | null => {
  if (!isAbsolute(folder) || !isPassing(`${folder}/`)) return folder
  const real = look.realPath(folder)
  return real === null || isPassing(`${real}/`) ? null : real
}
