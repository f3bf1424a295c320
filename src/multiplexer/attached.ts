import { readdirSync, readFileSync, statSync } from 'node:fs'
import type { ProcessInfo } from '../core/process.ts'
import type { MultiplexerKind } from '../core/session.ts'
import type { Processes } from '../system/processes.ts'
import type { TerminalPlace } from './port.ts'

/** Where a terminal is found, as far as it takes to see who is attached. */
export type AttachedPlace = Pick<TerminalPlace, 'session' | 'screens' | 'attachedFile'>

/** How many are attached to a terminal, without asking its multiplexer; 0 where there is none. */
export const readAttached =
  (processes: Pick<Processes, 'calledWith'>) =>
  (kind: MultiplexerKind, place: AttachedPlace): number =>
    kind === 'tmux' ? attachedToTmux(place.attachedFile) : attachedToScreen(processes, place)

/** For a plain string Node makes such an object each time. */
const utf8 = { encoding: 'utf8' } as const

/** As its hooks wrote it. */
const attachedToTmux = (file: string): number => {
  const text = orElse('', () => readFileSync(file, utf8))
  return /^\d{1,6}\s*$/.test(text) ? Number(text) : 0
}

/** Screen makes its socket executable while anybody is attached (4.9), and says nowhere how many are. */
const attachedToScreen = (
  processes: Pick<Processes, 'calledWith'>,
  { screens, session }: AttachedPlace,
): number => {
  const attached = socketsIn(screens, session).filter(isExecutable)
  const counts = attached.map(
    (socket) => processes.calledWith(attachArguments(socket)).filter(isScreen).length,
  )
  // Whoever came by a way of their own is called otherwise.
  return counts.reduce((sum, count) => sum + Math.max(1, count), 0)
}

/** A shell that attaches bears the words, too. */
const isScreen = ({ comm }: ProcessInfo): boolean => comm === 'screen'

/** The sockets of servers for a session, with those that were left behind. */
export const socketsIn = (screens: string, session: string): readonly ScreenSocket[] =>
  orElse([], () => readdirSync(screens)).flatMap((name) => {
    const [, pid, of] = /^([1-9]\d{0,9})\.(.+)$/.exec(name) ?? []
    return of === session ? [{ name, path: `${screens}/${name}`, pid: Number(pid) }] : []
  })

export type ScreenSocket = { readonly name: string; readonly path: string; readonly pid: number }

/** As it stands in the command of whoever attaches by `channels attach`. */
export const attachArguments = ({ name }: Pick<ScreenSocket, 'name'>): string => `-U -x ${name}`

const isExecutable = ({ path }: ScreenSocket): boolean =>
  orElse(false, () => (statSync(path).mode & 0o100) !== 0)

/** For what is not there, or goes while it is looked at. */
const orElse = <T>(otherwise: T, read: () => T): T => {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return otherwise
  }
}
