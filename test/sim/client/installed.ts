import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Fields, fields, readJson, strings } from './json.ts'
import { since, type World } from './world.ts'

/** An MCP server that an enabled plugin brings, or a person has configured. */
export type McpServer = {
  /** As the client names it: `plugin:telegram:telegram`, or as it stands in `.mcp.json`. */
  readonly name: string
  readonly command: string
  readonly arguments: readonly string[]
  /** Variables of its own. */
  readonly environment: Fields
  /** Null for one that no plugin brings. */
  readonly plugin: Plugin | null
}

export type Plugin = {
  /** `telegram@claude-plugins-official`. */
  readonly key: string
  readonly plugin: string
  readonly marketplace: string
  readonly root: string
}

/** The servers of all plugins enabled by the user's settings with `--settings` on top (field notes, section 4). */
export const enabledServers = (world: World, override: Fields): readonly McpServer[] => {
  const user = readJson(join(world.config, 'settings.json'))
  const enabled = { ...fields(user.enabledPlugins), ...fields(override.enabledPlugins) }
  return Object.entries(enabled)
    .filter(([, on]) => on === true)
    .flatMap(([key]) => serversOf(world, key))
}

/** The entry of a plugin in `installed_plugins.json`; null when it isn't installed. */
export const installedPlugin = (world: World, key: string): Fields | null => {
  const plugins = fields(readJson(join(world.config, 'plugins', 'installed_plugins.json')).plugins)
  const entries = plugins[key]
  return Array.isArray(entries) && entries.length > 0 ? fields(entries[0]) : null
}

/**
 * Where a plugin is run from. 2.1.330 reads one of a marketplace folder on this machine in place
 * (`readFromFolder` of `plugin list --json`), older ones and other marketplaces from the copy in the cache.
 */
export const pluginRoot = (world: World, key: string, entry: Fields): string => {
  const [plugin = '', marketplace = ''] = key.split('@')
  const known = fields(readJson(join(world.config, 'plugins', 'known_marketplaces.json'))[marketplace])
  const folder = join(String(known.installLocation ?? ''), plugin)
  const inPlace =
    since(world.version, '2.1.300') && fields(known.source).source === 'directory' && existsSync(folder)
  return inPlace ? folder : String(entry.installPath)
}

const serversOf = (world: World, key: string): readonly McpServer[] => {
  const entry = installedPlugin(world, key)
  if (entry === null) return []
  const root = pluginRoot(world, key, entry)
  const [plugin = '', marketplace = ''] = key.split('@')
  return Object.entries(mcpServers(root)).map(([server, definition]) => ({
    name: `plugin:${plugin}:${server}`,
    plugin: { key, plugin, marketplace, root },
    environment: fields(fields(definition).env),
    command: String(fields(definition).command),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in .mcp.json.
    arguments: strings(fields(definition).args).map((word) => word.replaceAll('${CLAUDE_PLUGIN_ROOT}', root)),
  }))
}

/** The servers a plugin's `.mcp.json` names. */
export const mcpServers = (root: string): Fields => fields(readJson(join(root, '.mcp.json')).mcpServers)
