import { existsSync, readdirSync } from 'node:fs'
import { basename, isAbsolute, join } from 'node:path'
import type { ClientPaths } from '../core/client.ts'
import { isAbsence, type JsonFile, readSettings } from './json-file.ts'
import type { SettingsFile } from './setting-variables.ts'

export type Managed = {
  /** The administrator's, later ones over earlier ones; null where it can't be told which count. */
  readonly files: readonly SettingsFile[] | null
  /** The copy of what the admin console delivered last: the client asks for it anew when it starts. */
  readonly remote: SettingsFile | null
}

/**
 * The settings that stand over the user's. `named` is the folder in place of the usual one, where the client has
 * another /etc: in a container, say; what is no absolute path names none. `profiles` is where macOS keeps what comes by
 * MDM, which takes the place of the files (documentation). Never throws.
 */
export const readManaged = (
  paths: ClientPaths,
  platform: string,
  named = '',
  profiles = '/Library/Managed Preferences',
): Managed => {
  const folder = managedFolder(platform, named)
  if (folder === null) return { files: [], remote: null }
  const files = platform === 'darwin' && hasProfile(paths, profiles) ? null : filesIn(folder)
  const file = join(paths.config, 'remote-settings.json')
  const remote = readSettings(file)
  // It takes the place of the files, for accounts it is meant for (code of 2.1.139 and 2.1.330).
  if (remote === 'unreadable') return { files: null, remote: null }
  return remote === 'absent' || Object.keys(remote).length === 0
    ? { files, remote: null }
    : { files: null, remote: { file, fields: remote } }
}

/** Where an administrator's files are (code of 2.1.139 and 2.1.330; the one for Linux seen), or `named` in its place. */
export const managedFolder = (platform: string, named = ''): string | null => {
  if (isAbsolute(named)) return named
  if (platform === 'linux') return '/etc/claude-code'
  return platform === 'darwin' ? '/Library/Application Support/ClaudeCode' : null
}

const hasProfile = ({ home }: ClientPaths, profiles: string): boolean =>
  ['', basename(home)].some((user) => existsSync(join(profiles, user, 'com.anthropic.claudecode.plist')))

/**
 * `managed-settings.json`, then what `managed-settings.d` adds, by name and without hidden files; what holds nothing
 * does not count. Null when one can't be read: 2.1.330 does not start then, 2.1.139 asks; or where they send the client on
 * to the settings of Windows.
 */
const filesIn = (folder: string): readonly SettingsFile[] | null => {
  const added = join(folder, 'managed-settings.d')
  const names = namesIn(added)
  if (names === null) return null
  const files = [join(folder, 'managed-settings.json'), ...names.map((name) => join(added, name))]
  const read = files.map((file) => ({ file, fields: readSettings(file) }))
  if (read.some(({ fields }) => fields === 'unreadable' || isOnWindows(fields))) return null
  return read.flatMap(({ file, fields }) =>
    typeof fields === 'string' || Object.keys(fields).length === 0 ? [] : [{ file, fields }],
  )
}

const isOnWindows = (fields: JsonFile): boolean =>
  typeof fields !== 'string' && fields.wslInheritsWindowsSettings === true

const namesIn = (folder: string): readonly string[] | null => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .sort()
  } catch (error) {
    return isAbsence(error) ? [] : null
  }
}
