import { existsSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { becomes } from '../core/becomes.ts'
import { commandLine, lives, type ProcessId, type ProcessInfo } from '../core/process.ts'
import { ExpectedError, exitStatus } from '../errors.ts'
import { socketsIn } from './attached.ts'
import { endProcess } from './end-process.ts'
import type { TerminalPlace } from './port.ts'
import { callScreen, type ScreenParts } from './screen-call.ts'
import { screenFiles } from './screen-conf.ts'

/** A server, and our program in it. */
export type Loop = {
  readonly server: ProcessInfo
  /** `<pid>.<session>`, by which screen finds it and no other. */
  readonly name: string
  readonly program: ProcessInfo
  /** Number of its window. */
  readonly window: string
}

/** In the environment of our program, and of no other that a person runs beside it. */
export const loopMark = ['CHANNELS_WINDOW', 'loop'] as const

type Looking = {
  readonly processes: Pick<ScreenParts['processes'], 'all' | 'ask' | 'children' | 'command' | 'find'>
}

/** Our program at a place and where it runs; null where there is none. Nothing is asked of screen. */
export const findLoop = (parts: Looking, place: TerminalPlace): Loop | null => {
  for (const server of findServers(parts, place)) {
    for (const program of parts.processes.children(server.pid)) {
      const own = parts.processes.ask(program, ({ variables }) => variables(loopMark[0], 'WINDOW'))
      if (own?.[loopMark[0]] === loopMark[1] && own.WINDOW !== undefined)
        return { server, name: nameOf(server, place), program, window: own.WINDOW }
    }
  }
  return null
}

export const nameOf = ({ pid }: ProcessId, { session }: TerminalPlace): string => `${pid}.${session}`

/**
 * The servers started for a place: their command line names its configuration, whether or not their sockets are still
 * there. Those whose sockets are there are found without a look at every process.
 */
export const findServers = ({ processes }: Looking, place: TerminalPlace): readonly ProcessInfo[] => {
  const isOurs = (process: ProcessInfo): boolean => isServer(processes, place, process)
  const bySocket = socketsIn(place.screens, place.session).flatMap(({ pid }) => {
    const process = processes.find(pid)
    return process !== null && isOurs(process) ? [process] : []
  })
  if (bySocket.length > 0) return bySocket
  const found = processes.all().filter(isOurs)
  // A program that a server has only just forked still bears its name; a signal would end it.
  return found.filter(({ ppid }) => !found.some(({ pid }) => pid === ppid))
}

const isServer = (
  processes: Looking['processes'],
  { socket, session }: TerminalPlace,
  process: ProcessInfo,
): boolean => {
  if (process.comm !== 'screen') return false
  const line = commandLine(processes.command(process))
  const { conf } = screenFiles(socket)
  // A server calls itself so, its callers keep their small letters.
  return [true, false].some((withUsers) => line.includes(`SCREEN -U -c ${conf(withUsers)} -dmS ${session} `))
}

/**
 * Sees to it that a server's socket is there: one that has lost it makes it anew at SIGCHLD. Throws ExpectedError (1) when
 * it does not, since another server beside it would mean a second client. False: the server is gone.
 */
export const haveSocket = async (
  parts: ScreenParts,
  place: TerminalPlace,
  server: ProcessId,
): Promise<boolean> => {
  const path = `${place.screens}/${nameOf(server, place)}`
  const hasSocket = () => existsSync(path) || !lives(parts.processes, server)
  // It may be only starting.
  if (await becomes(parts.clock, 100, hasSocket)) return lives(parts.processes, server)
  if (parts.processes.signal(server, 'SIGCHLD') === 'gone') return false
  if (!(await becomes(parts.clock, 2000, hasSocket)))
    throw new ExpectedError(
      exitStatus.wrong,
      `The terminal of ${place.session} lives (screen, process ${server.pid}), but its socket is gone and it does not make a new one.`,
      `End it with \`kill ${server.pid}\` and try again.`,
    )
  return lives(parts.processes, server)
}

/** Ends the servers of a place with everything in them; firmly when one does not go. Removes what they leave behind. */
export const endServers = async (parts: ScreenParts, place: TerminalPlace): Promise<void> => {
  const servers = findServers(parts, place)
  for (const server of servers) await endServer(parts, place, server)
  if (servers.length > 0 && findServers(parts, place).length > 0) return
  removeDeadSockets(parts, place)
  for (const file of ownFiles(place)) rmSync(file, { force: true })
}

/** Sockets of that name whose server is gone: the keeper's terminal and a session may be called the same. */
export const removeDeadSockets = ({ processes }: Looking, { screens, session }: TerminalPlace): void => {
  for (const { path, pid } of socketsIn(screens, session))
    if (processes.find(pid)?.comm !== 'screen') rmSync(path, { force: true })
}

export const endServer = async (
  parts: ScreenParts,
  place: TerminalPlace,
  server: ProcessId,
): Promise<void> => {
  const programs = parts.processes.children(server.pid)
  await callScreen(parts, place, ['-S', nameOf(server, place), '-X', 'quit'])
  await endProcess(parts, server, ['SIGTERM', 'SIGKILL'])
  // With its terminal gone a program has had its SIGHUP.
  for (const program of programs) await endProcess(parts, program, ['SIGKILL'])
}

/** What we wrote for a place, and pictures of its screen that a killed command left. */
const ownFiles = ({ socket }: TerminalPlace): readonly string[] => {
  const { conf, start, began } = screenFiles(socket)
  const folder = dirname(socket)
  const pictures = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.startsWith(`${basename(socket)}.hardcopy.`))
    : []
  return [conf(true), conf(false), start, began, ...pictures.map((name) => `${folder}/${name}`)]
}
