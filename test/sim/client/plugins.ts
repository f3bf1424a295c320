import { cpSync, existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { installedPlugin, mcpServers, pluginRoot } from './installed.ts'
import { type Fields, fields, readJson, writeJson } from './json.ts'
import type { World } from './world.ts'

/** `claude plugin …`: exit status, files and words as seen on 2.1.330; starts no plugin (field notes, section 1). */
export const runPlugin = (world: World, words: readonly string[]): number => {
  const [command = '', ...rest] = words.filter(
    (word, index) => word !== '--scope' && words[index - 1] !== '--scope',
  )
  const target = rest[0] ?? ''
  if (command === 'list') return list(world)
  if (command === 'install') return install(world, target)
  if (command === 'uninstall') return uninstall(world, target)
  if (command === 'enable') return enable(world, target, true)
  if (command === 'disable') return enable(world, target, false)
  if (command === 'marketplace' && target === 'add') return addMarketplace(world, rest[1] ?? '')
  return say(`error: unknown command '${command}'`, 1)
}

const say = (text: string, status = 0): number => {
  const stream = status === 0 ? process.stdout : process.stderr
  stream.write(`${text}\n`)
  return status
}

const inPlugins = (world: World, file: string) => join(world.config, 'plugins', file)
const settingsFile = (world: World) => join(world.config, 'settings.json')

const list = (world: World): number => {
  const installed = fields(readJson(inPlugins(world, 'installed_plugins.json')).plugins)
  const enabled = fields(readJson(settingsFile(world)).enabledPlugins)
  const plugins = Object.keys(installed).map((id) => {
    const entry = installedPlugin(world, id) ?? {}
    const root = pluginRoot(world, id, entry)
    const inPlace = root === entry.installPath ? {} : { readFromFolder: root }
    return { id, enabled: enabled[id] === true, ...entry, ...inPlace, mcpServers: mcpServers(root) }
  })
  return say(JSON.stringify(plugins, null, 2))
}

const addMarketplace = (world: World, given: string): number => {
  const isRepository = /^[\w.-]+\/[\w.-]+$/.test(given) && !existsSync(given)
  const official = given === 'anthropics/claude-plugins-official' ? world.knobs.officialMarketplace : null
  if (isRepository && official === null)
    return say(
      `✘ Failed to add marketplace: Fetching the marketplace from GitHub failed on both attempts. HTTPS (https://github.com/${given}.git): Failed to clone marketplace repository: Network error or timeout while cloning repository. Please check your internet connection and try again.`,
      1,
    )
  const folder = official ?? resolve(given)
  if (!existsSync(folder)) return say(`✘ Path does not exist: ${folder}`, 1)
  const name = String(readJson(join(folder, '.claude-plugin', 'marketplace.json')).name)
  const known = readJson(inPlugins(world, 'known_marketplaces.json'))
  if (name in known)
    return say(`Adding marketplace…✔ Marketplace '${name}' already on disk — declared in user settings`)
  const source = official === null ? { source: 'directory', path: folder } : { source: 'github', repo: given }
  const entry = { source, installLocation: folder, lastUpdated: new Date().toISOString() }
  writeJson(inPlugins(world, 'known_marketplaces.json'), { ...known, [name]: entry })
  const settings = readJson(settingsFile(world))
  const declared = { ...fields(settings.extraKnownMarketplaces), [name]: { source } }
  writeJson(settingsFile(world), { ...settings, extraKnownMarketplaces: declared })
  return say(`Adding marketplace…✔ Successfully added marketplace: ${name} (declared in user settings)`)
}

const install = (world: World, key: string): number => {
  const [plugin = '', marketplace = ''] = key.split('@')
  const before = installedPlugin(world, key)
  // One whose copy was cleared away is copied anew.
  if (before !== null && existsSync(String(before.installPath)))
    return say(`Installing plugin "${key}"...✔ Plugin "${key}" is already installed (scope: user)`)
  const folder = pluginFolder(world, plugin, marketplace)
  if (folder === null)
    return say(
      `Installing plugin "${key}"...✘ Failed to install plugin "${key}": Plugin "${plugin}" not found in marketplace "${marketplace}".`,
      1,
    )
  const version = String(readJson(join(folder, '.claude-plugin', 'plugin.json')).version ?? 'unknown')
  const installPath = inPlugins(world, join('cache', marketplace, plugin, version))
  cpSync(folder, installPath, { recursive: true })
  const now = new Date().toISOString()
  const entry: Fields = { scope: 'user', installPath, version, installedAt: now, lastUpdated: now }
  const { plugins } = readJson(inPlugins(world, 'installed_plugins.json'))
  writeJson(inPlugins(world, 'installed_plugins.json'), {
    version: 2,
    plugins: { ...fields(plugins), [key]: [entry] },
  })
  setEnabled(world, key, true)
  return say(`Installing plugin "${key}"...✔ Successfully installed plugin: ${key} (scope: user)`)
}

/** The copy in the cache stays, marked as an orphan. */
const uninstall = (world: World, key: string): number => {
  const entry = installedPlugin(world, key)
  if (entry === null)
    return say(`✘ Failed to uninstall plugin "${key}": Plugin "${key}" not found in installed plugins`, 1)
  const { [key]: _, ...plugins } = fields(readJson(inPlugins(world, 'installed_plugins.json')).plugins)
  writeJson(inPlugins(world, 'installed_plugins.json'), { version: 2, plugins })
  const settings = readJson(settingsFile(world))
  const { [key]: __, ...enabledPlugins } = fields(settings.enabledPlugins)
  writeJson(settingsFile(world), { ...settings, enabledPlugins })
  writeFileSync(join(String(entry.installPath), '.orphaned_at'), String(Date.now()))
  return say(`✔ Successfully uninstalled plugin: ${key.split('@')[0]} (scope: user)`)
}

const pluginFolder = (world: World, plugin: string, marketplace: string): string | null => {
  const known = fields(readJson(inPlugins(world, 'known_marketplaces.json'))[marketplace])
  const root = String(known.installLocation ?? '')
  const { plugins } = readJson(join(root, '.claude-plugin', 'marketplace.json'))
  const entry = (Array.isArray(plugins) ? plugins : []).map(fields).find(({ name }) => name === plugin)
  return entry === undefined ? null : resolve(root, String(entry.source))
}

/** Asking for what is so already is an error, status 1 (seen on both versions). */
const enable = (world: World, key: string, on: boolean): number => {
  const verb = on ? 'enable' : 'disable'
  const isOn = fields(readJson(settingsFile(world)).enabledPlugins)[key] === true
  if (isOn === on) return say(`✘ Failed to ${verb} plugin "${key}": Plugin "${key}" is already ${verb}d`, 1)
  setEnabled(world, key, on)
  return say(`✔ Successfully ${verb}d plugin: ${key.split('@')[0]} (scope: user)`)
}

const setEnabled = (world: World, key: string, on: boolean) => {
  const settings = readJson(settingsFile(world))
  writeJson(settingsFile(world), {
    ...settings,
    enabledPlugins: { ...fields(settings.enabledPlugins), [key]: on },
  })
}
