import { commandLine, lives, type ProcessInfo } from '../core/process.ts'
import type { LookWorld, World } from '../deps.ts'
import { end } from './end.ts'
import { isClient } from './is-client.ts'
import { readRun } from './session-records.ts'

/** It takes a look at every process there is, and what it looks for is a rarity. */
const againMs = 60_000

/**
 * Finds a session's client that is on no record, since somebody removed our state while it ran: it is known by the
 * settings file it was started with. Null when there is none, and for a minute after none was found. All sessions share
 * one look at the processes.
 */
export const createStrayFinder = (world: LookWorld) => {
  let looked: { readonly at: number; readonly clients: readonly Client[] } | null = null
  return (session: string): ProcessInfo | null => {
    const at = world.clock.elapsed()
    if (looked === null || at - looked.at >= againMs) looked = { at, clients: listClients(world) }
    return find(world, looked.clients, session)
  }
}

/** Ends it, with the loop that would start another. */
export const endStray = async (world: World, session: string): Promise<void> => {
  const stray = findStray(world, session)
  if (stray === null) return
  const [parent] = world.processes.ancestors(stray.pid)
  if (
    parent !== undefined &&
    commandLine(world.processes.command(parent)).includes(` ${world.folders.session(session).loop} `)
  )
    await end(world, parent)
  await end(world, stray)
}

type Client = { readonly process: ProcessInfo; readonly line: string }

const findStray = (world: LookWorld, session: string): ProcessInfo | null =>
  find(world, listClients(world), session)

const find = (world: LookWorld, clients: readonly Client[], session: string): ProcessInfo | null => {
  const { settings } = world.folders.session(session)
  const found = clients.find(({ line }) => line.includes(` ${settings} `))?.process ?? null
  // It may have ended since. And a client is put on record before it is started: one that was started while somebody
  // took it for unrecorded is on record by now.
  const isThere = found !== null && lives(world.processes, found)
  return isThere && readRun(world, session) === null ? found : null
}

/** Those that were started with settings of ours. */
const listClients = (world: LookWorld): readonly Client[] =>
  world.processes
    .calledWith(world.folders.state)
    .map((process) => ({ process, line: commandLine(world.processes.command(process)) }))
    .filter(({ process, line }) => line.includes(world.folders.state) && isClient(world, process))
