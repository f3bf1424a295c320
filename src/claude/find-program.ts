import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { type FileLook, fileLook, isExecutableFile } from './file-look.ts'
import { inAnotherVersion, inUsualPlaces, type Whereabouts } from './usual-places.ts'

/**
 * The absolute path of the client: `CHANNELS_CLAUDE` when it is set (null when that is not one), else the first
 * `claude` on PATH, else one where installers and version managers put it. Null when there is none.
 */
export const findClient = (env: Whereabouts, look: FileLook = fileLook): string | null => {
  const named = env.CHANNELS_CLAUDE
  if (named !== undefined && named !== '') {
    if (isAbsolute(named)) return look.isExecutable(named) ? named : null
    return named.includes('/') ? null : findProgram(named, env.PATH, look.isExecutable)
  }
  return findProgram('claude', env.PATH, look.isExecutable) ?? inUsualPlaces('claude', env, look)
}

/**
 * The absolute path of Bun: the first on PATH, else one where installers and version managers put it, else the one beside
 * the client, where npm puts both. Null when there is none.
 */
export const findBun = (
  env: Whereabouts,
  client: string | null,
  look: FileLook = fileLook,
): string | null => {
  const found = findProgram('bun', env.PATH, look.isExecutable)
  if (found !== null) return found
  const beside = client === null ? null : join(dirname(client), 'bun')
  if (beside !== null && look.isExecutable(beside)) return beside
  return inUsualPlaces('bun', env, look)
}

/**
 * Where a program is now that was found before: there, or, once its version is gone, in another one of the same
 * installation. File checks only. Null when it is in neither.
 */
export const whereNow = (path: string, look: FileLook = fileLook): string | null =>
  look.isExecutable(path) ? path : inAnotherVersion(path, look)

/** The first executable of this name on a PATH. Relative entries are passed over: they mean another folder each time. */
export const findProgram = (
  name: string,
  pathValue: string | undefined,
  isExecutable: FileLook['isExecutable'] = isExecutableFile,
): string | null =>
  (pathValue ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find((path) => isExecutable(path)) ?? null
