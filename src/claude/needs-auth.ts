import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClientPaths } from '../core/client.ts'
import { parseFields } from './fields.ts'
import { replaceFile } from './replace-file.ts'

/**
 * Takes these servers (`plugin:telegram:telegram`) out of the cache that keeps a plugin which failed once from being
 * started for 15 minutes (field notes, section 2). Never throws: a file we can't use costs a delay, not a start.
 */
export const dropNeedsAuth = (paths: ClientPaths, servers: readonly string[]): 'removed' | 'nothing' => {
  const file = join(paths.config, 'mcp-needs-auth-cache.json')
  try {
    const cache = parseFields(readFileSync(file, 'utf8'))
    if (cache === null || !servers.some((server) => Object.hasOwn(cache, server))) return 'nothing'
    replaceFile(
      file,
      JSON.stringify(
        Object.fromEntries(Object.entries(cache).filter(([server]) => !servers.includes(server))),
      ),
    )
    return 'removed'
  } catch {
    return 'nothing'
  }
}
