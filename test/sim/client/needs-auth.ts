import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { fields, readJson, writeJson } from './json.ts'
import { since, type World } from './world.ts'

// Field notes, section 2: entries of 14 minutes still block, of 16 don't.
const blockedMs = 15 * 60_000

const file = (world: World) => join(world.config, 'mcp-needs-auth-cache.json')

/** Whether a server is not to be started at all, because its start failed within the last 15 minutes. */
export const isBlocked = (world: World, server: string, now: number): boolean =>
  now - Number(fields(readJson(file(world))[server]).timestamp ?? Number.NEGATIVE_INFINITY) < blockedMs

/** Remembers a failed start, whatever its cause. */
export const block = (world: World, server: string, now: number) => {
  // 2.1.139 keeps no such cache (seen); 2.1.197 and 2.1.330 do.
  if (!since(world.version, '2.1.197')) return
  const id = createHash('sha256').update(server).digest('hex').slice(0, 16)
  writeJson(file(world), { ...readJson(file(world)), [server]: { timestamp: now, id } })
}
