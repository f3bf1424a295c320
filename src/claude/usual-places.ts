import { isAbsolute, join } from 'node:path'
import type { FileLook } from './file-look.ts'
import { compareVersions } from './version.ts'

export type Program = 'claude' | 'bun'
/** HOME, and where installers and version managers keep what they install when that is not where they usually do. */
export type Whereabouts = Readonly<Record<string, string | undefined>>

/** Below the home folder unless absolute; `$NAME` stands for a variable, and is passed over where that is not set. */
type Place = string

/** Where installers put programs that PATH does not name: native, migrated, npm, Bun, Volta, Homebrew. */
const folders: readonly Place[] = [
  '.local/bin',
  '.claude/local',
  '.claude/local/node_modules/.bin',
  '$BUN_INSTALL/bin',
  '.bun/bin',
  '.npm-global/bin',
  '$VOLTA_HOME/bin',
  '.volta/bin',
  '/opt/homebrew/bin',
  '/home/linuxbrew/.linuxbrew/bin',
  '/usr/local/bin',
]

/** Where version managers keep a folder for each version, and what of that holds its programs. */
const versions: readonly (readonly [folders: Place, below: string])[] = [
  ...(['$NVM_DIR', '.nvm'] as const).map((root) => [`${root}/versions/node`, 'bin'] as const),
  ...(['$FNM_DIR', '.local/share/fnm', 'Library/Application Support/fnm', '.fnm'] as const).map(
    (root) => [`${root}/node-versions`, 'installation/bin'] as const,
  ),
  ...(['$MISE_DATA_DIR', '.local/share/mise'] as const).flatMap((root) => [
    [`${root}/installs/bun`, 'bin'] as const,
    [`${root}/installs/claude`, ''] as const,
    [`${root}/installs/claude`, 'bin'] as const,
    [`${root}/installs/npm-anthropic-ai-claude-code`, 'bin'] as const,
    [`${root}/installs/node`, 'bin'] as const,
  ]),
  ...(['$ASDF_DATA_DIR', '.asdf'] as const).flatMap((root) => [
    [`${root}/installs/bun`, 'bin'] as const,
    [`${root}/installs/nodejs`, 'bin'] as const,
  ]),
  ...(['$NODENV_ROOT', '.nodenv'] as const).map((root) => [`${root}/versions`, 'bin'] as const),
]

/** The native installer's own folder, where each file is a version of the client. */
const clients = '.local/share/claude/versions'

/**
 * A program where installers and version managers put it; of several versions the newest. Null when it is in none of
 * these places.
 */
export const inUsualPlaces = (program: Program, env: Whereabouts, look: FileLook): string | null => {
  const fixed = folders.flatMap((place) => placed(place, env)).map((folder) => join(folder, program))
  const found = fixed.find(look.isExecutable)
  if (found !== undefined) return found
  for (const [place, below] of versions)
    for (const folder of placed(place, env)) {
      const newest = newestOf(look.list(folder))
        .map((version) => join(folder, version, below, program))
        .find(look.isExecutable)
      if (newest !== undefined) return newest
    }
  if (program !== 'claude') return null
  return (
    placed(clients, env)
      .flatMap((folder) => newestOf(look.list(folder)).map((version) => join(folder, version)))
      .find(look.isExecutable) ?? null
  )
}

/**
 * The same program in another version of what it was installed with, the newest: `…/node/v22.1.0/bin/claude` where
 * `…/node/v20.3.1/bin/claude` was, or what a link that leads nowhere would lead to. Null when there is none.
 */
export const inAnotherVersion = (path: string, look: FileLook): string | null => {
  const words = path.split('/')
  for (let at = words.length - 1; at > 0; at -= 1) {
    if (!versionName.test(words[at] ?? '')) continue
    const folder = words.slice(0, at).join('/')
    const found = newestOf(look.list(folder))
      .map((version) => [folder, version, ...words.slice(at + 1)].join('/'))
      .find((each) => each !== path && look.isExecutable(each))
    if (found !== undefined) return found
  }
  const target = look.link(path)
  return target !== null && isAbsolute(target) ? inAnotherVersion(target, look) : null
}

const versionName = /^v?\d+\.\d+/

const newestOf = (names: readonly string[]): readonly string[] =>
  names.filter((name) => versionName.test(name)).sort((a, b) => compareVersions(b, a))

const placed = (place: Place, env: Whereabouts): readonly string[] => {
  if (place.startsWith('$')) {
    const [name = '', ...rest] = place.slice(1).split('/')
    const root = env[name] ?? ''
    return isAbsolute(root) ? [join(root, ...rest)] : []
  }
  const { HOME = '' } = env
  if (isAbsolute(place)) return [place]
  return isAbsolute(HOME) ? [join(HOME, place)] : []
}
