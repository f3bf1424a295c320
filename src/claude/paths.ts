import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Channel, serverName } from '../core/channel.ts'
import type { ClientPaths } from '../core/client.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Where the client that gets this environment keeps things; all absolute (field notes, section 2). `platform` is
 * Node's name. Looks at one file: an old `<config>/.config.json` takes the place of `.claude.json` (seen in the code
 * of 2.1.139 and 2.1.330).
 */
export const clientPaths = (env: Environment, home: string, platform: string): ClientPaths => {
  const configured = filled(env.CLAUDE_CONFIG_DIR)
  const config = configured === null ? join(home, '.claude') : resolve(home, configured).normalize('NFC')
  const legacy = join(config, '.config.json')
  const json = hasContent(legacy) ? legacy : join(configured === null ? home : config, '.claude.json')
  return { config, json, logs: join(cacheFolder(env, home, platform), 'claude-cli-nodejs'), home }
}

/**
 * The folder name the client makes of a path or a server name: every non-alphanumeric becomes `-`, and what is over
 * 200 characters is cut and gets a hash of the whole (code of 2.1.139 and 2.1.330, the same for both uses).
 */
export const transcriptFolderName = (path: string): string => {
  const name = path.replace(/[^a-zA-Z0-9]/g, '-')
  return name.length <= 200 ? name : `${name.slice(0, 200)}-${Math.abs(hash(path)).toString(36)}`
}

/** The folder of a channel server's logs for clients that work in `cwd`, a real path (field notes, section 2). */
export const mcpLogFolder = (
  paths: ClientPaths,
  cwd: string,
  channel: Pick<Channel, 'id' | 'server'>,
): string =>
  // Plainly put together: `status` asks it of every session.
  `${paths.logs}/${transcriptFolderName(cwd)}/mcp-logs-${transcriptFolderName(serverName(channel))}`

/** The session file of the client with this pid (field notes, section 2). */
export const sessionFilePath = (paths: ClientPaths, pid: number): string =>
  // Plainly put together, as it is asked of every session in every look.
  `${paths.config}/sessions/${pid}.json`

const filled = (value: string | undefined): string | null =>
  value === undefined || value === '' ? null : value

const cacheFolder = (env: Environment, home: string, platform: string): string =>
  platform === 'darwin'
    ? join(home, 'Library', 'Caches')
    : (filled(env.XDG_CACHE_HOME) ?? join(home, '.cache'))

const hasContent = (file: string): boolean =>
  (statSync(file, { throwIfNoEntry: false, bigint: false })?.size ?? 0) > 0

// Java's string hash over UTF-16 units, in 32 bits: the client's own.
const hash = (text: string): number =>
  Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)).reduce(
    (sum, unit) => ((sum << 5) - sum + unit) | 0,
    0,
  )
