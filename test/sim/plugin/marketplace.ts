import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Marketplace = {
  readonly name: string
  /** `ts`: the sources, for Bun. `compiled`: the same bundled into one plain script that Node runs under that name. */
  readonly server: 'ts' | 'compiled'
}

export const plugins = ['telegram', 'discord', 'fakechat', 'pager'] as const
export type Plugin = (typeof plugins)[number]

const sources = fileURLToPath(new URL('.', import.meta.url))
const compiled = fileURLToPath(new URL('../../.build', import.meta.url))

/**
 * Writes a marketplace folder with four plugins, laid out as field notes, section 8 say, the first three started by the
 * same command as the official ones, `pager` as people start what they write themselves. `compiled` needs
 * `buildStandIns()` first.
 */
export const writeMarketplace = (folder: string, { name, server }: Marketplace) => {
  writeJson(join(folder, '.claude-plugin'), 'marketplace.json', {
    name,
    owner: { name: 'channels tests' },
    plugins: plugins.map((plugin) => ({ name: plugin, source: `./${plugin}`, description: about(plugin) })),
  })
  for (const plugin of plugins) writePlugin(join(folder, plugin), plugin, server)
}

const writePlugin = (folder: string, plugin: Plugin, server: Marketplace['server']) => {
  writeJson(join(folder, '.claude-plugin'), 'plugin.json', {
    name: plugin,
    version: '1.0.0',
    description: about(plugin),
  })
  writeJson(folder, '.mcp.json', { mcpServers: { [plugin]: { command: 'bun', args: start(plugin) } } })
  writeJson(folder, 'package.json', {
    name: `${plugin}-for-tests`,
    version: '1.0.0',
    private: true,
    scripts: { start: 'bun install --no-summary && bun server.ts' },
  })
  if (server === 'compiled') return cpSync(join(compiled, plugin, 'server.ts'), join(folder, 'server.ts'))
  copySources(join(sources, plugin), folder)
  copySources(join(sources, 'shared'), join(folder, 'shared'))
}

const about = (plugin: Plugin): string => `${plugin} channel for tests`

const start = (plugin: Plugin): readonly string[] =>
  plugin === 'pager' ? [`${root}/server.ts`] : ['run', '--cwd', root, '--shell=bun', '--silent', 'start']

// biome-ignore lint/suspicious/noTemplateCurlyInString: the client puts the plugin's folder in.
const root = '${CLAUDE_PLUGIN_ROOT}'

/** A plugin is copied without what lies beside it: what it shares with the others goes into its own folder. */
const copySources = (from: string, to: string) => {
  mkdirSync(to, { recursive: true })
  for (const file of readdirSync(from))
    writeFileSync(
      join(to, file),
      readFileSync(join(from, file), 'utf8').replaceAll("'../shared/", "'./shared/"),
    )
}

const writeJson = (folder: string, file: string, value: object) => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, file), `${JSON.stringify(value, null, 2)}\n`)
}
