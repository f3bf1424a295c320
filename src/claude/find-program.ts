import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

export type IsExecutable = (path: string) => boolean

/** Where installers put the client when PATH does not name it: native, migrated, Homebrew, npm. Below the home folder unless absolute. */
const usualPlaces: readonly string[] = [
  '.local/bin/claude',
  '.claude/local/claude',
  '.claude/local/node_modules/.bin/claude',
  '.npm-global/bin/claude',
  '.bun/bin/claude',
  '/opt/homebrew/bin/claude',
  '/usr/local/bin/claude',
]

/**
 * The absolute path of the client: `CHANNELS_CLAUDE` when it is set (null when that is not one), else the first
 * `claude` on PATH, else one where installers put it. Null when there is none.
 */
export const findClient = (
  env: {
    readonly PATH?: string | undefined
    readonly HOME?: string | undefined
    readonly CHANNELS_CLAUDE?: string | undefined
  },
  isExecutable: IsExecutable = isExecutableFile,
): string | null => {
  const named = env.CHANNELS_CLAUDE
  if (named !== undefined && named !== '') {
    if (isAbsolute(named)) return isExecutable(named) ? named : null
    return named.includes('/') ? null : findProgram(named, env.PATH, isExecutable)
  }
  return findProgram('claude', env.PATH, isExecutable) ?? inUsualPlaces(env.HOME ?? '', isExecutable)
}

/** The first executable of this name on a PATH. Relative entries are passed over: they mean another folder each time. */
export const findProgram = (
  name: string,
  pathValue: string | undefined,
  isExecutable: IsExecutable = isExecutableFile,
): string | null =>
  (pathValue ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find((path) => isExecutable(path)) ?? null

export const isExecutableFile: IsExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

const inUsualPlaces = (home: string, isExecutable: IsExecutable): string | null =>
  usualPlaces
    .map((place) => (isAbsolute(place) ? place : join(home, place)))
    .find((path) => isAbsolute(path) && isExecutable(path)) ?? null
