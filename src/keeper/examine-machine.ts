import type { Disk, MachineSeen, TooOpen } from '../core/doctor/facts.ts'
import { keepsList, kinds } from '../core/kinds.ts'
import { lives } from '../core/process.ts'
import type { Session } from '../core/session.ts'
import { isTakenDown } from '../core/take-down.ts'
import type { World } from '../deps.ts'
import { ExpectedError } from '../errors.ts'
import { readOrders, readRun, readWanted, seeKeeper } from './session-records.ts'

/** Looks at what of the machine matters to all sessions, for `channels doctor`. Changes nothing, spawns nothing. */
export const examineMachine = (world: World, sessions: readonly Session[]): MachineSeen => ({
  configFile: world.folders.configFile,
  // Of one that can't be read nobody knows that it is not.
  wanted: sessions.some(({ name }) => isWanted(world, name) ?? true),
  tooOpen: ownPaths(world, sessions)
    .filter(({ path }, i, all) => all.findIndex((each) => each.path === path) === i)
    .flatMap((path) => tooOpen(world, path) ?? []),
  disks: disksOf(world, [
    world.folders.state,
    ...sessions.map((session) => world.claude.sessionPaths(session).config),
  ]),
  keeper: seeKeeper(world),
  allUp: sessions.every(({ name }) => isWanted(world, name) === false || hasTerminal(world, name) === true),
  exported: tokenVariables.filter((name) => (world.env[name] ?? '') !== ''),
})

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

/** What is ours, and of the plugins' folders what holds a secret or says who may write. */
const ownPaths = (world: World, sessions: readonly Session[]): readonly Path[] => [
  // Its files are closed themselves, and people put it where others look: nobody else may write there.
  { path: world.folders.config, others: 0o022 },
  { path: world.folders.configFile, others: 0o077 },
  ...openBelow(world, world.folders.state),
  ...sessions
    .flatMap(({ channels }) => channels)
    // What stands there in place of a folder is another check's.
    .filter((channel) => keepsList(channel) && world.files.isFolder(channel.stateDir))
    .flatMap(({ stateDir }) => [stateDir, `${stateDir}/.env`, `${stateDir}/access.json`])
    .map((path) => ({ path, others: 0o077 })),
]

/** `others`: the permissions that nobody else may have. */
type Path = { readonly path: string; readonly others: number }

/** The folder, and what is below it: nobody gets any further than to a folder that is closed. */
const openBelow = (world: World, path: string): readonly Path[] => {
  const look = world.files.look(path)
  const inside = look?.is === 'folder' && (look.mode & 0o077) !== 0 ? world.files.list(path) : []
  return [{ path, others: 0o077 }, ...inside.flatMap((name) => openBelow(world, `${path}/${name}`))]
}

/** Sockets are kept by the folder they are in; a file of another user's can't be closed by this one. */
const tooOpen = ({ files }: World, { path, others }: Path): TooOpen | null => {
  const look = files.look(path)
  if (look === null || look.is === 'other' || !look.own) return null
  const wanted = look.mode & ~others
  return wanted === look.mode ? null : { path, mode: look.mode, wanted }
}

const disksOf = ({ files }: World, paths: readonly string[]): readonly Disk[] =>
  paths
    .filter((path, i) => !paths.slice(0, i).some((before) => files.isOneDisk(before, path)))
    .flatMap((path) => {
      const freeBytes = files.freeBytes(path)
      return freeBytes === null ? [] : [{ path, freeBytes }]
    })
