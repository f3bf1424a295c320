import { delimiter } from 'node:path'
import { kinds } from '../core/kinds.ts'
import { takenUpWithinMs } from '../core/left-over.ts'
import type { Session } from '../core/session.ts'
import { isStored, staysOut } from './environment-names.ts'

type Environment = Readonly<Record<string, string>>

/** Folders: of Bun, and of what stands in front of it. */
type BunPlace = { readonly folder: string; readonly front: string }

/**
 * The whole environment of a session's client but for TERM and locale, which come from the terminal: what setup
 * stored, without anything of a surrounding session or of another bot, plus our markers and the plugins' state folders
 * (design, section 7). `bun` is Bun's folder, added to PATH, and that of what stands in front of Bun; `interrupted` says that the last client ended unplanned, so that
 * the message it was working on is taken up again.
 */
export const clientEnvironment = (start: {
  readonly session: Session
  readonly run: string
  readonly bun: BunPlace | null
  readonly interrupted: boolean
}): Environment => {
  const { session, run, bun, interrupted } = start
  const stored = Object.entries(session.environment).filter(([name]) => !staysOut(name))
  return {
    ...Object.fromEntries(stored),
    PATH: pathWith(session.environment.PATH, bun),
    ...stateFolders(session),
    CHANNELS_SESSION: session.name,
    CHANNELS_RUN: run,
    // Else one `←` on an empty prompt forks the session into the background, bot and all (field notes, section 1).
    CLAUDE_CODE_DISABLE_AGENT_VIEW: '1',
    CLAUDE_CODE_RETRY_WATCHDOG: '1',
    ...(interrupted ? resumeInterrupted : {}),
  }
}

/** The caller's variables that setup stores with a session (design, section 5): what the client and its plugins need, no bot token. */
export const storedEnvironment = (env: Readonly<Record<string, string | undefined>>): Environment =>
  Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && isStored(entry[0]),
    ),
  )

const resumeInterrupted = {
  CLAUDE_CODE_RESUME_INTERRUPTED_TURN: '1',
  CLAUDE_CODE_RESUME_INTERRUPTED_TURN_MAX_AGE_MS: String(takenUpWithinMs),
} as const

const stateFolders = (session: Session): Environment =>
  Object.fromEntries(
    session.channels.flatMap(({ kind, stateDir }) => {
      const variable = kinds[kind].stateVariable
      return variable === null ? [] : [[variable, stateDir]]
    }),
  )

// Bun goes last: it must be found, but not take the place of a program the user has in front.
const pathWith = (path: string | undefined, bun: BunPlace | null): string => {
  const folders = (path === undefined || path === '' ? '/usr/local/bin:/usr/bin:/bin' : path).split(delimiter)
  if (bun === null) return folders.join(delimiter)
  const after = folders.includes(bun.folder) ? folders : [...folders, bun.folder]
  return [bun.front, ...after].join(delimiter)
}
