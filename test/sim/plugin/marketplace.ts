import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Marketplace = {
  readonly name: string
  /** `ts`: the sources, for Bun. `compiled`: the same bundled into one plain script that Node runs under that name. */
  readonly server: 'ts' | 'compiled'
}

const sources = fileURLToPath(new URL('server', import.meta.url))
const compiled = fileURLToPath(new URL('../../.build/telegram/server.ts', import.meta.url))

/**
 * Writes a marketplace folder with one plugin, `telegram`, laid out as field notes, section 8 say, started by the same
 * command as the official one. `compiled` needs `buildStandIns()` first.
 */
export const writeMarketplace = (folder: string, { name, server }: Marketplace) => {
  const plugin = join(folder, 'telegram')
  mkdirSync(join(plugin, '.claude-plugin'), { recursive: true })
  writeJson(join(folder, '.claude-plugin'), 'marketplace.json', {
    name,
    owner: { name: 'channels tests' },
    plugins: [{ name: 'telegram', source: './telegram', description: 'Telegram channel for tests' }],
  })
  writeJson(join(plugin, '.claude-plugin'), 'plugin.json', {
    name: 'telegram',
    version: '1.0.0',
    description: 'Telegram channel for tests',
  })
  writeJson(plugin, '.mcp.json', {
    mcpServers: {
      telegram: {
        command: 'bun',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the client puts the plugin's folder in.
        args: ['run', '--cwd', '${CLAUDE_PLUGIN_ROOT}', '--shell=bun', '--silent', 'start'],
      },
    },
  })
  writeJson(plugin, 'package.json', {
    name: 'telegram-for-tests',
    version: '1.0.0',
    private: true,
    scripts: { start: 'bun install --no-summary && bun server.ts' },
  })
  if (server === 'ts') cpSync(sources, plugin, { recursive: true })
  else cpSync(compiled, join(plugin, 'server.ts'))
}

const writeJson = (folder: string, file: string, value: object) => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, file), `${JSON.stringify(value, null, 2)}\n`)
}
