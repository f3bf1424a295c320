import { delimiter, dirname, join } from 'node:path'
import { kinds } from '../core/kinds.ts'
import { takenUpWithinMs } from '../core/left-over.ts'
import type { Session } from '../core/session.ts'
import { isStored, staysOut } from './environment-names.ts'
import { type FileLook, fileLook } from './file-look.ts'
import { findProgram } from './find-program.ts'
import { lastingPath } from './lasting.ts'

type Environment = Readonly<Record<string, string>>

/** Bun, and the folder of what stands in front of it. */
type BunPlace = { readonly path: string; readonly front: string }

/**
 * The whole environment of a session's client but for TERM and locale, which come from the terminal: what setup
 * stored, without anything of a surrounding session or of another bot, plus our markers and the plugins' state folders
 * (design, section 7). `bun` is added to PATH behind what stands in front of it; `interrupted` says that the last client ended unplanned, so that
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
    // For plugins alone: in PATH the shim of a version manager may stand before it, which runs nothing in a plugin's folder.
    ...(bun === null ? {} : { CHANNELS_BUN: bun.path }),
    // Else one `←` on an empty prompt forks the session into the background, bot and all (field notes, section 1).
    CLAUDE_CODE_DISABLE_AGENT_VIEW: '1',
    CLAUDE_CODE_RETRY_WATCHDOG: '1',
    ...(interrupted ? resumeInterrupted : {}),
  }
}

/**
 * The caller's variables that setup stores with a session (design, section 5): what the client and its plugins need, no
 * bot token, and no folder that is gone with the caller's shell.
 */
export const storedEnvironment = (
  env: Readonly<Record<string, string | undefined>>,
  look: FileLook = fileLook,
): Environment =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => {
      if (value === undefined || !isStored(name)) return []
      // A nix-shell's, removed when that is left.
      if (name === 'TMPDIR' && /\/nix-shell[.-]/.test(value)) return []
      return [[name, name === 'PATH' ? lastingPath(value, look) : value]]
    }),
  )

/**
 * What a client that is a script of Node's needs besides (up to 2.1.112 installed by npm): with no Node in PATH, the one
 * beside it. It goes last, as Bun does.
 */
export const withInterpreter = (
  environment: Environment,
  client: string,
  look: FileLook = fileLook,
): Environment => {
  const { PATH = '' } = environment
  const folder = dirname(client)
  const lacks =
    /^#!\S*env (-S )?node\b/.test(look.head(client)) &&
    findProgram('node', PATH, look.isExecutable) === null &&
    look.isExecutable(join(folder, 'node'))
  return lacks ? { ...environment, PATH: PATH === '' ? folder : `${PATH}${delimiter}${folder}` } : environment
}

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
  const folder = dirname(bun.path)
  const after = folders.includes(folder) ? folders : [...folders, folder]
  return [bun.front, ...after].join(delimiter)
}
