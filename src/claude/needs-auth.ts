import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClientPaths } from '../core/client.ts'
import type { ReplaceFile } from '../system/replace-file.ts'
import { replaceClientFile } from './client-file.ts'
import { type Fields, numberField, objectField, parseFields } from './fields.ts'

/** When the client noted that this server failed to start, in ms since 1970; null where it has no such note. Never throws. */
export const readNeedsAuth = (paths: ClientPaths, server: string): number | null => {
  const cache = readFields(pathOf(paths))
  const entry = cache === null ? null : objectField(cache, server)
  return entry === null ? null : numberField(entry, 'timestamp')
}

const pathOf = ({ config }: ClientPaths): string => join(config, 'mcp-needs-auth-cache.json')

const readFields = (file: string): Fields | null => {
  try {
    return parseFields(readFileSync(file, 'utf8'))
  } catch {
    // Not there, or not to be read: then it says nothing.
    return null
  }
}

/**
 * Takes these servers (`plugin:telegram:telegram`) out of the cache that keeps a plugin which failed once from being
 * started for 15 minutes (field notes, section 2). Never throws: a file we can't use costs a delay, not a start.
 */
export const dropNeedsAuth =
  (replaceFile: ReplaceFile) =>
  (paths: ClientPaths, servers: readonly string[]): 'removed' | 'nothing' => {
    const file = pathOf(paths)
    const cache = readFields(file)
    if (cache === null || !servers.some((server) => Object.hasOwn(cache, server))) return 'nothing'
    const others = Object.entries(cache).filter(([server]) => !servers.includes(server))
    try {
      replaceClientFile(file, JSON.stringify(Object.fromEntries(others)), replaceFile)
      return 'removed'
    } catch {
      return 'nothing'
    }
  }
