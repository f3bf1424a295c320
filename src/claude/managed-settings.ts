import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ClientPaths } from '../core/client.ts'
import { asFields, objectField, textField } from './fields.ts'
import { isAbsence, type JsonFile, readSettings } from './json-file.ts'
import { closingVariables, type SettingsFile, type Variable, variablesOf } from './setting-variables.ts'

export type OrgSwitch = {
  readonly reason: 'org-policy' | 'not-allowlisted' | 'channels-unavailable'
  /** Which key of which file. */
  readonly detail: string
}

export type SwitchPlaces = {
  /** Where an administrator puts settings. */
  readonly managed?: string | null
  /** The session's folder: the settings in it can set variables, too. */
  readonly cwd?: string
  /** The environment the client is to get. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * What will keep the client from listening to the channel of a plugin (`telegram@claude-plugins-official`), as far as
 * files tell before a start: an organization's settings, variables that settings give, the feature gate the service
 * told last. Each was seen to do so on 2.1.139 and 2.1.330 signed in by key, but for what is marked as code. `platform`
 * is Node's name. Says only what is sure: what is absent, broken, of another shape or decided by the account says
 * nothing. Settings that come from the admin console or by MDM are not looked at. Never throws.
 */
export const readOrgSwitches = (
  paths: ClientPaths,
  platform: string,
  key: string,
  places: SwitchPlaces = {},
): readonly OrgSwitch[] => {
  const folder = places.managed === undefined ? managedFolder(platform) : places.managed
  const managed = folder === null || hasRemote(paths) ? [] : readManaged(folder)
  const json = readSettings(paths.json)
  const own =
    places.cwd === undefined ? [] : projectFiles.map((name) => join(places.cwd ?? '', '.claude', name))
  const variables = variablesOf(
    places.env ?? {},
    [join(paths.config, 'settings.json'), ...own],
    managed ?? [],
  )
  return [
    ...(managed === null || !isUnderPolicy(json, variables) ? [] : policy(managed)),
    ...(managed === null ? [] : allowlist(managed, key)),
    ...closingVariables(variables).map((detail) => ({ reason: 'channels-unavailable' as const, detail })),
    ...gate(paths, json),
  ]
}

const projectFiles = ['settings.json', 'settings.local.json'] as const

/** Code of 2.1.139 and 2.1.330; the one for Linux seen. */
const managedFolder = (platform: string): string | null =>
  platform === 'linux'
    ? '/etc/claude-code'
    : platform === 'darwin'
      ? '/Library/Application Support/ClaudeCode'
      : null

/**
 * `managed-settings.json`, then what `managed-settings.d` adds, by name and without hidden files; what holds nothing
 * does not count. Null when one can't be read: 2.1.330 does not start then, 2.1.139 asks.
 */
const readManaged = (folder: string): readonly SettingsFile[] | null => {
  const added = join(folder, 'managed-settings.d')
  const names = namesIn(added)
  if (names === null) return null
  const files = [join(folder, 'managed-settings.json'), ...names.map((name) => join(added, name))]
  const read = files.map((file) => ({ file, fields: readSettings(file) }))
  if (read.some(({ fields }) => fields === 'unreadable')) return null
  return read.flatMap(({ file, fields }) =>
    typeof fields === 'string' || Object.keys(fields).length === 0 ? [] : [{ file, fields }],
  )
}

/** A copy of what the admin console delivers takes the place of the files, for accounts it is meant for (code of both). */
const hasRemote = (paths: ClientPaths): boolean => {
  const remote = readSettings(join(paths.config, 'remote-settings.json'))
  return remote === 'unreadable' || (remote !== 'absent' && Object.keys(remote).length > 0)
}

/**
 * A personal claude.ai account is under no policy, whatever the files say; one of a team is, and so is a key (code of
 * both, the key seen). Where an account is on record and its kind is not told, nobody knows.
 */
const isUnderPolicy = (json: JsonFile, variables: readonly Variable[]): boolean => {
  if (json === 'unreadable' || variables.some(({ name, value }) => name === oauthToken && value !== ''))
    return false
  const account = json === 'absent' ? null : objectField(json, 'oauthAccount')
  return account === null || ofOrganization.has(textField(account, 'organizationType') ?? '')
}

const oauthToken = 'CLAUDE_CODE_OAUTH_TOKEN'
const ofOrganization: ReadonlySet<string> = new Set(['claude_team', 'claude_enterprise'])

/** The last file that says anything counts; where there are settings and none says so, channels are off. */
const policy = (managed: readonly SettingsFile[]): readonly OrgSwitch[] => {
  const said = managed.findLast(({ fields }) => Object.hasOwn(fields, 'channelsEnabled'))
  const first = managed[0]
  if (first === undefined) return []
  if (said === undefined)
    return [{ reason: 'org-policy', detail: `${first.file} does not set channelsEnabled to true` }]
  return said.fields.channelsEnabled === false
    ? [{ reason: 'org-policy', detail: `channelsEnabled is false in ${said.file}` }]
    : []
}

/** The lists of all files together take the place of the service's own. */
const allowlist = (managed: readonly SettingsFile[], key: string): readonly OrgSwitch[] => {
  const lists = managed.filter(({ fields }) => Object.hasOwn(fields, 'allowedChannelPlugins'))
  const last = lists.at(-1)
  if (last === undefined || !lists.every(({ fields }) => Array.isArray(fields.allowedChannelPlugins)))
    return []
  const keys = lists.flatMap(({ fields }) => fields.allowedChannelPlugins as unknown[]).map(entryKey)
  // An entry of another shape: 2.1.139 passes the whole file over, 2.1.330 takes some.
  if (keys.includes(null) || keys.includes(key)) return []
  return [{ reason: 'not-allowlisted', detail: `allowedChannelPlugins in ${last.file} does not name ${key}` }]
}

const entryKey = (entry: unknown): string | null => {
  const fields = asFields(entry) ?? {}
  const [plugin, marketplace] = [textField(fields, 'plugin'), textField(fields, 'marketplace')]
  return plugin === null || marketplace === null ? null : `${plugin}@${marketplace}`
}

/**
 * Absent: the client has not asked yet. Its list of approved plugins, beside it, is not judged here: the client asks for
 * both anew when it starts.
 */
const gate = (paths: ClientPaths, json: JsonFile): readonly OrgSwitch[] => {
  const features = typeof json === 'string' ? null : objectField(json, 'cachedGrowthBookFeatures')
  return features?.tengu_harbor === false
    ? [
        {
          reason: 'channels-unavailable',
          detail: `cachedGrowthBookFeatures.tengu_harbor is false in ${paths.json}`,
        },
      ]
    : []
}

const namesIn = (folder: string): readonly string[] | null => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .sort()
  } catch (error) {
    return isAbsence(error) ? [] : null
  }
}
