import { join } from 'node:path'
import type { ClientPaths } from '../core/client.ts'
import type { OrgSwitch, SwitchOwner } from '../core/org-switch.ts'
import { staysOut } from './environment-names.ts'
import { asFields, objectField, textField } from './fields.ts'
import { readSettings } from './json-file.ts'
import { type Managed, readManaged } from './managed-files.ts'
import {
  closingVariables,
  type SettingsFile,
  type SettingsSource,
  type Variable,
  variablesOf,
} from './setting-variables.ts'
import { isUnderPolicy } from './under-policy.ts'

export type SwitchesAsked = {
  /** The plugins of which an approved list has to name one (`telegram@claude-plugins-official`); none: no list counts. */
  readonly plugins: readonly string[]
  /** The folder whose settings count; null where only an administrator's do. */
  readonly cwd: string | null
  /** What is stored for the client; what of it never reaches one does not count. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * What will keep the client from listening, as far as files tell before a start: an organization's settings, variables
 * that settings give. Each was seen to do so on 2.1.139 and 2.1.330 signed in by key, but for what is marked as code.
 * `platform` is Node's name, `folder` as in `readManaged`. Says only what is sure, since a start is held back for it: what
 * is absent, broken, of another shape or decided by the account says nothing, nor does what settings by MDM may change.
 * Reads five small files and a folder where an administrator has set nothing. Never throws.
 */
export const readOrgSwitches =
  (platform: string, folder?: string) =>
  (paths: ClientPaths, asked: SwitchesAsked): readonly OrgSwitch[] => {
    const { files } = readManaged(paths, platform, folder)
    if (files === null) return []
    const variables = variablesFor(paths, asked, files)
    return [
      ...policy(files, 'administrator').filter(() => isUnderPolicy(paths, platform, variables)),
      ...allowlist(files, asked.plugins, 'administrator'),
      ...closed(variables),
    ]
  }

/**
 * What may keep it from listening, and is asked for anew when the client starts: what the admin console delivered last,
 * the feature gate. Its list of approved plugins is not judged. A start is never held back for these. Never throws.
 */
export const readLikelySwitches =
  (platform: string, folder?: string) =>
  (paths: ClientPaths, asked: SwitchesAsked): readonly OrgSwitch[] => {
    const managed = readManaged(paths, platform, folder)
    return [...(managed.files === null ? unsure(paths, platform, asked, managed) : []), ...gate(paths)]
  }

/**
 * The variables that settings give a client and with it its plugins, in place of what it is started with. Of what the
 * admin console delivered nothing is read. Never throws.
 */
export const readGivenVariables =
  (platform: string, folder?: string) =>
  (paths: ClientPaths, cwd: string): readonly Variable[] =>
    variablesFor(paths, { cwd, env: {}, plugins: [] }, readManaged(paths, platform, folder).files ?? [])

/** With settings from the admin console at hand it is not known whether those or the files will count. */
const unsure = (
  paths: ClientPaths,
  platform: string,
  asked: SwitchesAsked,
  { remote }: Managed,
): readonly OrgSwitch[] => {
  const files = remote === null ? [] : [remote]
  const variables = variablesFor(paths, asked, files)
  return [
    ...policy(files, 'owner').filter(() => isUnderPolicy(paths, platform, variables)),
    ...allowlist(files, asked.plugins, 'owner'),
    ...closed(variables),
  ]
}

const variablesFor = (
  { config }: ClientPaths,
  { cwd, env }: SwitchesAsked,
  managed: readonly SettingsFile[],
): readonly Variable[] => {
  const own = [
    join(config, 'settings.json'),
    ...(cwd === null ? [] : projectFiles.map((name) => join(cwd, '.claude', name))),
  ]
  const given = Object.fromEntries(Object.entries(env).filter(([name]) => !staysOut(name)))
  return variablesOf(given, cwd === null ? [] : own, managed)
}

const projectFiles = ['settings.json', 'settings.local.json'] as const

/** The last file that says anything counts; where there are settings and none says so, channels are off. */
const policy = (managed: readonly SettingsFile[], whose: SwitchOwner): readonly OrgSwitch[] => {
  const said = managed.findLast(({ fields }) => Object.hasOwn(fields, 'channelsEnabled'))
  const first = managed[0]
  if (first === undefined) return []
  if (said === undefined)
    return [{ reason: 'org-policy', detail: `${first.file} does not set channelsEnabled to true`, whose }]
  return said.fields.channelsEnabled === false
    ? [{ reason: 'org-policy', detail: `channelsEnabled is false in ${said.file}`, whose }]
    : []
}

/** The lists of all files together take the place of the service's own. */
const allowlist = (
  managed: readonly SettingsFile[],
  plugins: readonly string[],
  whose: SwitchOwner,
): readonly OrgSwitch[] => {
  const lists = managed.filter(({ fields }) => Object.hasOwn(fields, 'allowedChannelPlugins'))
  const last = lists.at(-1)
  if (plugins.length === 0 || last === undefined) return []
  if (!lists.every(({ fields }) => Array.isArray(fields.allowedChannelPlugins))) return []
  const named = lists.flatMap(({ fields }) => fields.allowedChannelPlugins as unknown[]).map(entryKey)
  // An entry of another shape: 2.1.139 passes the whole file over, 2.1.330 takes some.
  if (named.includes(null) || plugins.some((plugin) => named.includes(plugin))) return []
  const detail = `allowedChannelPlugins in ${last.file} does not name ${plugins.join(' or ')}`
  return [{ reason: 'not-allowlisted', detail, whose }]
}

const entryKey = (entry: unknown): string | null => {
  const fields = asFields(entry) ?? {}
  const [plugin, marketplace] = [textField(fields, 'plugin'), textField(fields, 'marketplace')]
  return plugin === null || marketplace === null ? null : `${plugin}@${marketplace}`
}

const closed = (variables: readonly Variable[]): readonly OrgSwitch[] =>
  closingVariables(variables).map(({ name, from }) => ({
    reason: 'channels-unavailable',
    detail:
      from.in === 'environment'
        ? `${name} is set in its environment`
        : `${name} is set under env in ${from.file}`,
    whose: ownerOf(name, from),
  }))

const ownerOf = (variable: string, from: SettingsSource): SwitchOwner => {
  if (from.in === 'environment') return { variable }
  return from.in === 'managed' ? 'administrator' : 'person'
}

/** Absent: the client has not asked yet. */
const gate = (paths: ClientPaths): readonly OrgSwitch[] => {
  const json = readSettings(paths.json)
  const features = typeof json === 'string' ? null : objectField(json, 'cachedGrowthBookFeatures')
  const detail = `cachedGrowthBookFeatures.tengu_harbor is false in ${paths.json}`
  return features?.tengu_harbor === false
    ? [{ reason: 'channels-unavailable', detail, whose: 'service' }]
    : []
}
