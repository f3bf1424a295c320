import { isAbsolute, join, resolve } from 'node:path'
import { isSessionName } from '../core/session.ts'
import { ExpectedError, exitStatus, unknownSession, usageError } from '../errors.ts'

/** Where our own files are (design, section 5). All absolute; nothing here looks at the disk. */
export type Folders = {
  readonly config: string
  readonly configFile: string
  /** The user's own configurations of the multiplexers, read after ours. */
  readonly userConfig: { readonly tmux: string; readonly screen: string }
  /** GNU screen's sockets. */
  readonly screens: string
  readonly state: string
  readonly journal: string
  readonly keeper: KeeperFolders
  /** Throws an ExpectedError when the name is none (3) or no socket path is short enough (78). */
  session(name: string): SessionFolders
}

export type KeeperFolders = {
  readonly folder: string
  readonly record: string
  readonly socket: string
  readonly launcher: string
  readonly log: string
  readonly loop: string
}

export type SessionFolders = {
  readonly folder: string
  readonly wanted: string
  readonly orders: string
  readonly run: string
  readonly exit: string
  readonly health: string
  readonly launch: string
  /** Starts the conversation of `launch` once more. */
  readonly resume: string
  /** Pid of the client, as its script wrote it. */
  readonly client: string
  readonly launchFailed: string
  readonly preflight: string
  /** Its time: when `up` listened last for another program that has the bot, and heard none. */
  readonly listened: string
  /** Whom a first message of ours got to last, and when. */
  readonly greeted: string
  /** Held by an `up` that looks and asks. */
  readonly up: string
  /** Held by a `send` that types. */
  readonly send: string
  readonly settings: string
  readonly loop: string
  /** What stands in front of Bun in the client's PATH, and what it has Bun load. */
  readonly bunFolder: string
  readonly bun: string
  readonly hold: string
  readonly launcher: string
  /** Screens of dialogs that nobody knows, for a week. */
  readonly evidence: string
  readonly log: string
  readonly wake: string
  readonly attached: string
  readonly socket: string
  readonly lock: string
}

/**
 * Our folders from the environment (design, section 3) and the absolute home folder. Relative XDG values are ignored,
 * as the XDG specification says. Throws an ExpectedError: 2 for a relative CHANNELS_HOME, 78 for paths too long.
 */
export const resolveFolders = (env: Readonly<Record<string, string | undefined>>, home: string): Folders => {
  const { config, state } = roots(env, home)
  const keeper = join(state, 'keeper')
  const sessions = new Map<string, SessionFolders>()
  return {
    config,
    configFile: join(config, 'config.json'),
    userConfig: { tmux: join(config, 'tmux.conf'), screen: join(config, 'screenrc') },
    screens: screensFolder(state, home),
    state,
    journal: join(state, 'events.jsonl'),
    keeper: {
      folder: keeper,
      record: join(keeper, 'keeper.json'),
      socket: socketPath(join(keeper, 'socket'), home),
      launcher: join(keeper, 'launcher'),
      log: join(keeper, 'keeper.log'),
      loop: join(keeper, 'loop.sh'),
    },
    session: (name) => {
      const known = sessions.get(name) ?? sessionFolders(name, state, home)
      sessions.set(name, known)
      return known
    },
  }
}

const roots = (env: Readonly<Record<string, string | undefined>>, home: string) => {
  const own = env.CHANNELS_HOME ?? ''
  if (own !== '' && !isAbsolute(own))
    throw usageError(`CHANNELS_HOME is ${own}, a relative path.`, 'Set it to an absolute path, or unset it.')
  if (own !== '') return { config: resolve(own), state: join(resolve(own), 'state') }
  if (!isAbsolute(home))
    throw usageError(
      `The home folder is ${home === '' ? 'not known' : home}.`,
      'Set HOME to an absolute path.',
    )
  return {
    config: join(xdg(env.XDG_CONFIG_HOME, home, '.config'), 'channels'),
    state: join(xdg(env.XDG_STATE_HOME, home, '.local/state'), 'channels'),
  }
}

const xdg = (value: string | undefined, home: string, otherwise: string): string =>
  value !== undefined && isAbsolute(value) ? resolve(value) : resolve(home, otherwise)

const sessionFolders = (name: string, state: string, home: string): SessionFolders => {
  // It becomes part of paths: `..` must not get this far.
  if (!isSessionName(name)) throw unknownSession(name)
  // Plainly put together: it is a real path already, and fifty sessions have a thousand files.
  const folder = `${state}/sessions/${name}`
  return {
    folder,
    wanted: `${folder}/wanted.json`,
    orders: `${folder}/orders.json`,
    run: `${folder}/run.json`,
    exit: `${folder}/exit`,
    health: `${folder}/health.json`,
    launch: `${folder}/launch.sh`,
    resume: `${folder}/resume.sh`,
    client: `${folder}/client`,
    launchFailed: `${folder}/launch-failed`,
    preflight: `${folder}/preflight.json`,
    up: `${folder}/up`,
    send: `${folder}/send`,
    listened: `${folder}/listened`,
    greeted: `${folder}/greeted`,
    settings: `${folder}/settings.json`,
    loop: `${folder}/loop.sh`,
    bunFolder: `${folder}/bun`,
    bun: `${folder}/bun/bun`,
    hold: `${folder}/bun/hold.cjs`,
    launcher: `${folder}/launcher`,
    log: `${folder}/launch.log`,
    evidence: `${folder}/evidence`,
    wake: `${folder}/wake`,
    attached: `${folder}/attached`,
    socket: socketPath(`${state}/terminals/${name}`, home),
    lock: `${folder}/lock`,
  }
}

/** A socket's path may have 107 bytes on Linux, 103 on macOS; tmux wants a few for itself. */
const longestSocket = 103
const longest = 100

/** FNV-1a, 64 bits in hex: short names for a handful of paths need no node:crypto, which takes 5 ms to load. */
const hash = (text: string): string => {
  let sum = 0xcbf29ce484222325n
  for (const byte of Buffer.from(text)) sum = BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100000001b3n)
  return sum.toString(16).padStart(16, '0')
}

/** GNU screen adds `/<pid>.<session>`: seven digits, and a name of 32 letters at most. */
const screenAdds = 1 + 7 + 1 + 32

const screensFolder = (state: string, home: string): string => {
  const folder = join(state, 'terminals', 'screen')
  return Buffer.byteLength(folder) + screenAdds <= longestSocket
    ? folder
    : join(home, '.channels', hash(folder))
}

const socketPath = (path: string, home: string): string => {
  if (Buffer.byteLength(path) <= longest) return path
  const short = join(home, '.channels', hash(path))
  if (isAbsolute(short) && Buffer.byteLength(short) <= longest) return short
  throw new ExpectedError(
    exitStatus.badConfiguration,
    `No room for a socket: ${path} and ${short} are longer than ${longest} bytes.`,
    'Set CHANNELS_HOME to a folder with a shorter path.',
  )
}
