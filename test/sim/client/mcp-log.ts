import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { slug, type World } from './world.ts'

export type McpLog = {
  readonly debug: (text: string) => void
  readonly error: (text: string) => void
}

/**
 * The log of one server and one client start (ISO), after which it is called: it appears with its first line, one JSON
 * object per line, each with the conversation as it is then (field notes, section 2).
 */
export const openMcpLog = (
  world: World,
  server: string,
  startedAt: string,
  conversation: () => string,
): McpLog => {
  const folder = join(
    world.cache,
    'claude-cli-nodejs',
    slug(world.cwd),
    `mcp-logs-${server.replaceAll(':', '-')}`,
  )
  const file = join(folder, `${startedAt.replaceAll(/[:.]/g, '-')}.jsonl`)
  const write = (entry: object) => {
    mkdirSync(folder, { recursive: true })
    const stamp = { timestamp: new Date().toISOString(), sessionId: conversation(), cwd: world.cwd }
    appendFileSync(file, `${JSON.stringify({ ...entry, ...stamp })}\n`)
  }
  return { debug: (debug) => write({ debug }), error: (error) => write({ error }) }
}
