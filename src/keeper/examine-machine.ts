import type { Disk, MachineSeen } from '../core/doctor/facts.ts'
import { kinds } from '../core/kinds.ts'
import { lives } from '../core/process.ts'
import type { Session } from '../core/session.ts'
import { isTakenDown } from '../core/take-down.ts'
import type { World } from '../deps.ts'
import { ExpectedError } from '../errors.ts'
import { findExposed } from './exposed.ts'
import { readOrders, readRun, readWanted, seeKeeper } from './session-records.ts'

/** Looks at what of the machine matters to all sessions, for `channels doctor`. Changes nothing, spawns nothing. */
export const examineMachine = (world: World, sessions: readonly Session[]): MachineSeen => ({
  configFile: world.folders.configFile,
  // Of one that can't be read nobody knows that it is not.
  wanted: sessions.some(({ name }) => isWanted(world, name) ?? true),
  exposed: findExposed(world, sessions),
  disks: disksOf(world, [
    world.folders.state,
    ...sessions.map((session) => world.claude.sessionPaths(session).config),
  ]),
  ...lookAtKeeper(world),
  allUp: sessions.every(({ name }) => isWanted(world, name) === false || hasTerminal(world, name) === true),
  exported: tokenVariables.filter((name) => (world.env[name] ?? '') !== ''),
})

const lookAtKeeper = (world: World): Pick<MachineSeen, 'keeper' | 'keeperFault'> => {
  try {
    return { keeper: seeKeeper(world), keeperFault: null }
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error
    return { keeper: null, keeperFault: { found: error.message, remedy: error.hint } }
  }
}

const isWanted = (world: World, name: string): boolean | null =>
  told(() => readWanted(world, name)?.want === true)

const hasTerminal = (world: World, name: string): boolean | null =>
  told(() => {
    const run = readRun(world, name)
    return run !== null && lives(world.processes, run.loop) && !isTakenDown(run, readOrders(world, name))
  })

/** Null where a record can't be read. */
const told = <Known>(read: () => Known): Known | null => {
  try {
    return read()
  } catch (error) {
    if (error instanceof ExpectedError) return null
    throw error
  }
}

const tokenVariables = Object.values(kinds).flatMap(({ tokenVariable }) => tokenVariable ?? [])

const disksOf = ({ files }: World, paths: readonly string[]): readonly Disk[] =>
  paths
    .filter((path, i) => !paths.slice(0, i).some((before) => files.isOneDisk(before, path)))
    .flatMap((path) => {
      const freeBytes = files.freeBytes(path)
      return freeBytes === null ? [] : [{ path, freeBytes }]
    })
