import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Answer, no, unknown, yes } from '../core/answer.ts'
import type { ClientPaths } from '../core/client.ts'
import type { McpCall } from '../core/mcp-call.ts'
import { asFields, type Fields, objectField, textField } from './fields.ts'
import { readList, readSettings } from './json-file.ts'
import { callOf } from './mcp-servers.ts'

export type InstalledPlugin = {
  /** Where its processes run: `CLAUDE_PLUGIN_ROOT`. */
  readonly root: string
  readonly version: string | null
}

/** Whether a plugin (`telegram@claude-plugins-official`) is installed and where, from the client's own list (field notes, section 1). */
export const pluginInstalled = (paths: ClientPaths, key: string): Answer<InstalledPlugin> => {
  const list = readList(join(paths.config, 'plugins', 'installed_plugins.json'))
  if (list === 'absent') return no('no plugin was ever installed')
  const plugins = list === 'unreadable' ? null : objectField(list, 'plugins')
  if (plugins === null) return unknown("the client's list of installed plugins can't be read")
  const found = installations(plugins, key)
    .map(installation)
    .find((plugin) => plugin !== null)
  if (found === undefined || found === null) return no(`${key} is not installed`)
  const root = folderOfMarketplace(paths, key) ?? found.root
  // The list outlives what it lists: a folder that was cleared away by hand has to be installed again.
  return existsSync(root)
    ? yes({ ...found, root })
    : no(`${key} is installed, but its folder ${root} is gone`)
}

/**
 * How the one MCP server of a plugin is called there, by its `.mcp.json` or its `plugin.json`; of several the one that is
 * called as the plugin, else the first. Null where none is named. Never throws.
 */
export const pluginServer = (root: string, plugin: string): string | null => {
  const names = serversOf(root).flatMap((servers) => Object.keys(servers))
  return names.find((name) => name === plugin) ?? names[0] ?? null
}

/** The MCP servers of a plugin that are programs, as they are written there: `${CLAUDE_PLUGIN_ROOT}` stays. Never throws. */
export const pluginServers = (root: string): readonly NamedCall[] => {
  const named = new Set<string>()
  return serversOf(root).flatMap((servers) =>
    Object.keys(servers).flatMap((name) => {
      const call = named.has(name) ? null : callOf(objectField(servers, name))
      named.add(name)
      return call === null ? [] : [{ ...call, name }]
    }),
  )
}

type NamedCall = McpCall & { readonly name: string }

const serversOf = (root: string): readonly Fields[] => {
  const own = serversIn(join(root, '.mcp.json'))
  const manifest = readSettings(join(root, '.claude-plugin', 'plugin.json'))
  const fields = typeof manifest === 'string' ? {} : manifest
  // It names them itself, or a file that does.
  const file = textField(fields, 'mcpServers')
  const told = file === null ? objectField(fields, 'mcpServers') : serversIn(join(root, file))
  return [own, told].filter((servers) => servers !== null)
}

/** Under `mcpServers`, or, as in many of the official marketplace, without that around them. */
const serversIn = (path: string): Fields | null => {
  const file = readSettings(path)
  if (typeof file === 'string') return null
  if (Object.hasOwn(file, 'mcpServers')) return objectField(file, 'mcpServers')
  return Object.fromEntries(Object.entries(file).filter(([, value]) => asFields(value) !== null))
}

/** Whether the user's settings enable a plugin; null when they don't mention it or can't be read. */
export const pluginEnabled = (paths: ClientPaths, key: string): boolean | null => {
  const settings = readSettings(join(paths.config, 'settings.json'))
  const plugins = typeof settings === 'string' ? null : objectField(settings, 'enabledPlugins')
  const enabled = plugins !== null && Object.hasOwn(plugins, key) ? plugins[key] : null
  return typeof enabled === 'boolean' ? enabled : null
}

/** The file of the user's settings where nothing can be made of it; null where it can, or where there is none. */
export const brokenSettings = (paths: ClientPaths): string | null => {
  const path = join(paths.config, 'settings.json')
  return readSettings(path) === 'unreadable' ? path : null
}

/** Whether the client knows a marketplace; null when its list can't be read. */
export const marketplaceKnown = (paths: ClientPaths, marketplace: string): boolean | null => {
  const list = readList(join(paths.config, 'plugins', 'known_marketplaces.json'))
  if (list === 'unreadable') return null
  return list !== 'absent' && Object.hasOwn(list, marketplace)
}

// A plugin can be installed for the user and for projects; the user's is the one every folder gets.
const installations = (plugins: Fields, key: string): readonly Fields[] => {
  const entry = Object.hasOwn(plugins, key) ? plugins[key] : null
  const all = (Array.isArray(entry) ? entry : [entry]).map(asFields).filter((fields) => fields !== null)
  return [...all.filter(isForUser), ...all.filter((fields) => !isForUser(fields))]
}

const isForUser = (fields: Fields): boolean => (textField(fields, 'scope') ?? 'user') === 'user'

const installation = (fields: Fields): InstalledPlugin | null => {
  const root = textField(fields, 'installPath')
  return root === null ? null : { root, version: textField(fields, 'version') }
}

// A plugin of a marketplace that is a folder of this machine runs from that folder, not from the copy the list of
// installed plugins names (seen on 2.1.139 and 2.1.330).
const folderOfMarketplace = (paths: ClientPaths, key: string): string | null => {
  const [plugin, marketplace] = [key.slice(0, key.lastIndexOf('@')), key.slice(key.lastIndexOf('@') + 1)]
  const known = readList(join(paths.config, 'plugins', 'known_marketplaces.json'))
  const source =
    typeof known === 'string' ? null : objectField(objectField(known, marketplace) ?? {}, 'source')
  const folder =
    source !== null && textField(source, 'source') === 'directory' ? textField(source, 'path') : null
  if (folder === null) return null
  const listing = readList(join(folder, '.claude-plugin', 'marketplace.json'))
  const plugins = typeof listing === 'string' ? null : listing.plugins
  const entries = Array.isArray(plugins) ? plugins.map(asFields).filter((fields) => fields !== null) : []
  const path = textField(entries.find((fields) => textField(fields, 'name') === plugin) ?? {}, 'source')
  return path === null ? null : join(folder, path)
}
