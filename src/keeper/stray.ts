import type { ProcessInfo } from '../core/process.ts'
import type { World } from '../deps.ts'
import { end } from './end.ts'
import { isClient } from './is-client.ts'

/** It takes a look at every process there is, and what it looks for is a rarity. */
const againMs = 60_000

/**
 * Finds a session's client that is on no record, since somebody removed our state while it ran: it is known by the
 * settings file it was started with. Null when there is none, and for a minute after none was found.
 */
export const createStrayFinder = (world: World) => {
  const missed = new Map<string, number>()
  return (session: string): ProcessInfo | null => {
    const now = world.clock.now()
    const sinceMs = now - (missed.get(session) ?? Number.NEGATIVE_INFINITY)
    if (sinceMs >= 0 && sinceMs < againMs) return null
    const found = findStray(world, session)
    if (found === null) missed.set(session, now)
    return found
  }
}

/** Ends it, with the loop that would start another. */
export const endStray = async (world: World, session: string): Promise<void> => {
  const stray = findStray(world, session)
  if (stray === null) return
  const [parent] = world.processes.ancestors(stray.pid)
  if (parent !== undefined && says(world, parent, world.folders.session(session).loop))
    await end(world, parent)
  await end(world, stray)
}

const findStray = (world: World, session: string): ProcessInfo | null => {
  const { settings } = world.folders.session(session)
  return world.processes.all().find((each) => says(world, each, settings) && isClient(world, each)) ?? null
}

/** Joined: by `ps` a path with a space in it comes back in pieces. */
const says = (world: World, process: ProcessInfo, path: string): boolean =>
  ` ${world.processes.command(process)?.join(' ') ?? ''} `.includes(` ${path} `)
