import { existsSync, rmSync } from 'node:fs'
import { becomes } from '../core/becomes.ts'
import type { ProcessId, ProcessInfo } from '../core/process.ts'
import { commandLine, lives, sameProcess } from '../core/process.ts'
import { ExpectedError, exitStatus } from '../errors.ts'
import { endProcess } from './end-process.ts'
import type { TerminalPlace } from './port.ts'
import { callTmux, type TmuxParts } from './tmux-call.ts'
import { confPath } from './tmux-conf.ts'

/**
 * Whether a server lives there. One that has lost its socket file is told to make it anew (SIGUSR1; field notes,
 * section 7). Throws ExpectedError (1) when it does not: another server beside it would mean a second client.
 */
export const findLiving = async (
  parts: TmuxParts,
  place: TerminalPlace,
  known: ProcessId | null,
): Promise<boolean> => {
  const former = known === null ? null : parts.processes.find(known.pid)
  const server =
    former !== null && sameProcess(former, known) && isServer(former) ? former : findServers(parts, place)[0]
  if (server === undefined) return false
  if (existsSync(place.socket)) return true
  // Others may have told it so, or it is only starting: each new socket costs whoever is just at the old one.
  const hasSocket = () => existsSync(place.socket) || !lives(parts.processes, server)
  if (await becomes(parts.clock, 100, hasSocket)) return lives(parts.processes, server)
  // One that is only starting may have no handler yet: the signal would end it. Its socket is about to come.
  const isAsked = parts.processes.catches(server, 'SIGUSR1') !== false
  if (isAsked && parts.processes.signal(server, 'SIGUSR1') === 'gone') return false
  if (!(await becomes(parts.clock, 2000, hasSocket)) && isAsked)
    throw new ExpectedError(
      exitStatus.wrong,
      `The terminal of ${place.session} lives (tmux, process ${server.pid}), but its socket is gone and it does not make a new one.`,
      `End it with \`kill ${server.pid}\` and try again.`,
    )
  return lives(parts.processes, server)
}

/**
 * Ends servers that came up with that configuration since `before` and answer nobody: they never got past it, so there
 * is no session in them to lose. True when there were any.
 */
export const endHung = async (
  parts: TmuxParts,
  place: TerminalPlace,
  conf: string,
  before: readonly ProcessId[],
): Promise<boolean> => {
  if (!(await callTmux(parts, place, [['list-sessions']], { timeoutMs: 1000 })).timedOut) return false
  const young = findServers(parts, place, [conf]).filter(
    (server) => !before.some((old) => sameProcess(old, server)),
  )
  for (const server of young) {
    parts.processes.signal(server, 'SIGKILL')
    await becomes(parts.clock, 2000, () => !lives(parts.processes, server))
  }
  return young.length > 0
}

/** Ends the server of a place with everything in it; firmly when it does not go. Removes what it leaves behind. */
export const endServer = async (parts: TmuxParts, place: TerminalPlace): Promise<void> => {
  const servers = findServers(parts, place)
  const programs = servers.flatMap((server) => parts.processes.children(server.pid))
  await callTmux(parts, place, [['kill-server']])
  for (const server of servers) await endProcess(parts, server, ['SIGTERM', 'SIGKILL'])
  // With its terminal gone a program has had its SIGHUP.
  for (const program of programs) await endProcess(parts, program, ['SIGKILL'])
  if (findServers(parts, place).length > 0) return
  for (const file of [place.socket, place.attachedFile, ...confPaths(place)])
    if (existsSync(file)) rmSync(file, { force: true })
}

/**
 * The servers started for a place with one of these configurations: their command line names its socket, whether or not
 * the file is still there.
 */
export const findServers = (
  { processes }: { readonly processes: Pick<TmuxParts['processes'], 'all' | 'command'> },
  place: TerminalPlace,
  confs: readonly string[] = confPaths(place),
): readonly ProcessInfo[] => {
  const found = processes.all().filter((process) => {
    if (!isServer(process)) return false
    const line = commandLine(processes.command(process))
    return confs.some((conf) => line.includes(` -S ${place.socket} -f ${conf} new-session `))
  })
  // A program that a server has only just forked still bears its name; a signal would end it.
  return found.filter(({ ppid }) => !found.some(({ pid }) => pid === ppid))
}

const confPaths = ({ socket }: TerminalPlace): readonly string[] =>
  [true, false].map((withUsers) => confPath(socket, withUsers))

// On Linux tmux renames itself to `tmux: server` (3.3a), on macOS it stays `tmux`: then one that was adopted, since a
// client of tmux that is only starting is called so as well, and has who called it above it.
const isServer = ({ comm, ppid }: ProcessInfo): boolean =>
  comm === 'tmux: server' || (comm === 'tmux' && ppid === 1)
