import type { approve, changeAccess } from './channels/change-access.ts'
import type { Channels, LookChannels } from './channels/channels.ts'
import type { Messenger } from './channels/messenger.ts'
import type { Claude, LookClaude } from './claude/claude.ts'
import type { Explained } from './claude/mcp-log-words.ts'
import type { Answer } from './core/answer.ts'
import type { KeeperSeen } from './core/at-work.ts'
import type { MachineSeen, SessionFacts } from './core/doctor/facts.ts'
import type { Evidence } from './core/evidence.ts'
import type { Exchange } from './core/exchange.ts'
import type { Delivery } from './core/notify/delivery.ts'
import type { Other, OthersAsked } from './core/other.ts'
import type { ProcessId } from './core/process.ts'
import type { Prompt } from './core/prompt.ts'
import type { Wanted } from './core/read-back.ts'
import type { Platform, Run as RunRecord } from './core/records.ts'
import type { MultiplexerKind, Session } from './core/session.ts'
import type { Settings } from './core/settings.ts'
import type { Submitted } from './core/submitted.ts'
import type { KeeperEnd, Stopped } from './core/take-down.ts'
import type { AttachedPlace } from './multiplexer/attached.ts'
import type { AttachCommand, Multiplexer } from './multiplexer/port.ts'
import type { KeeperStart, Service, ServiceState, Step as ServiceStep } from './service/port.ts'
import type { Clock } from './system/clock.ts'
import type { Feed } from './system/feed.ts'
import type { Files } from './system/files.ts'
import type { Folders } from './system/folders.ts'
import type { Request } from './system/https.ts'
import type { Journal } from './system/journal.ts'
import type { Processes } from './system/processes.ts'
import type { Run, runInteractive } from './system/run.ts'
import type { createTail } from './system/tail.ts'
import type { Ask } from './ui/ask.ts'
import type { Terminal } from './ui/terminal.ts'

export type Tail = ReturnType<typeof createTail>

export type {
  Ask,
  Channels,
  Claude,
  KeeperStart,
  LookChannels,
  LookClaude,
  Messenger,
  Other,
  Service,
  ServiceState,
  ServiceStep,
  Terminal,
}

export type Environment = Readonly<Record<string, string>>

/** What a look at sessions takes of the world: `status` loads nothing else, and starts sooner by that. */
export type LookWorld = {
  /** The caller's environment, and what is read off it. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly platform: NodeJS.Platform
  readonly folders: Folders
  readonly clock: Clock
  readonly processes: Processes
  readonly files: Files
  readonly createTail: typeof createTail
  /** Cuts bot tokens out of a text. */
  readonly redact: (text: string) => string
  readonly settings: {
    /** Throws an ExpectedError (78) for a broken file, naming path and line. */
    readonly read: () => Settings
    readonly update: (change: (settings: Settings) => Settings) => Promise<Settings>
  }
  readonly multiplexer: (kind: MultiplexerKind) => Promise<Multiplexer>
  /** How many are attached to a terminal, without asking its multiplexer; 0 where there is none. */
  readonly attached: (kind: MultiplexerKind, place: AttachedPlace) => number
  readonly claude: LookClaude
  readonly channels: LookChannels
}

/** The outside world, as the keeper and the commands may touch it. */
export type World = LookWorld & {
  /** Of this program. */
  readonly version: string
  readonly nodeVersion: string
  /** The caller's folder. */
  readonly cwd: string
  /** Absolute paths of node, of this script, and of what ships with it for others to run. */
  readonly program: {
    readonly node: string
    readonly script: string
    readonly loop: string
    readonly keeperLoop: string
    readonly bun: string
    readonly hold: string
  }
  /** 0 to 1. */
  readonly chance: () => number
  readonly uuid: () => string
  readonly journal: Journal
  /** Requests by the proxy and the authorities that an environment names; the signal ends those under way. */
  readonly requestWith: (env: World['env'], signal?: AbortSignal) => Request
  readonly run: Run
  readonly feed: Feed
  /** Throws an ExpectedError (1) when the lock cannot be had in time, 15 s where no other is named. */
  readonly withLock: <T>(path: string, action: () => Promise<T>, timeoutMs?: number) => Promise<T>
  readonly claude: Claude
  readonly channels: Channels
}

/** What the keeper's side does for a command. */
export type Supervision = {
  /** Gathers the evidence of one session now. */
  readonly observe: (session: Session) => Promise<Evidence>
  /** Asks the platforms of a session now; by channel id. */
  readonly probe: (session: Session) => Promise<Readonly<Record<string, Platform>>>
  /** Asks the client for its version and login, which restarts have no time for, and notes the answers. */
  readonly preflight: (session: Session) => Promise<void>
  /** Sees to it that a keeper takes note of what is wanted; without one, does it itself. */
  readonly carryOut: (session: Session) => Promise<void>
  /** Starts a keeper in a terminal of its own unless one runs. */
  readonly ensureKeeper: () => Promise<'started' | 'runs'>
  /** The variables a keeper is started with, by whomever. */
  readonly keeperEnvironment: () => Environment
  /** What starts a keeper at login or boot. Throws an ExpectedError (69) where nothing does. */
  readonly service: () => Promise<Service>
  /** Is the keeper until told to leave. */
  readonly runKeeper: (options: {
    readonly where: 'terminal' | 'foreground'
    readonly own: boolean
    readonly everyMs: number | null
  }) => Promise<KeeperEnd>
  /** The keeper whose process is there; null when there is none. */
  readonly seeKeeper: () => KeeperSeen | null
  /** Waits until nobody takes all sessions down (any more). Throws an ExpectedError (1) when that takes too long. */
  readonly untilNotStopping: () => Promise<void>
  /** Takes all sessions down in the keeper's place, which leaves; they stay wanted. */
  readonly stop: () => Promise<Stopped>
  readonly launch: (
    session: string,
    asked: LaunchAsked,
  ) => Promise<{ readonly status: 0 | 10 | 11; readonly answer: string }>
  /** Ends what is left of a session: client, plugins, loop, terminal. */
  readonly clear: (session: Session, run: RunRecord | null) => Promise<void>
  /** How to attach to a session's terminal; a lost socket file is asked back first. */
  readonly attachCommand: (session: Session) => Promise<AttachCommand>
  /** Hands on a session's terminal. */
  readonly keyboard: (session: Session) => Promise<Keyboard>
  /** What stands in a session's terminal and above; no: it has none. */
  readonly screen: (session: Session) => Promise<Answer<string>>
  /** Who else on this machine uses a bot or its plugin; ours among them. */
  readonly findOthers: (asked: OthersAsked) => Promise<readonly Other[]>
  /** Looks at everything that has to be so for a session to be live; changes nothing. */
  readonly examine: (session: Session) => Promise<SessionFacts>
  /** What of the machine matters to all of them. */
  readonly examineMachine: (sessions: readonly Session[]) => MachineSeen

  /** Whether a program in a terminal of ours can read a file. */
  readonly readable: (file: string) => Promise<Answer<true>>
  /** SIGTERM, up to 5 s, SIGKILL. Whether it is gone. */
  readonly endProcess: (process: ProcessId) => Promise<boolean>
  /** The messages that reached the session's conversation since a time (ms since 1970), and their answers, newest last. */
  readonly exchanges: (session: Session, evidence: Evidence, sinceMs: number) => Promise<readonly Exchange[]>
  /** Writes to whom a session's `notify.to` names, by its bot. Never throws. */
  readonly tellPerson: (session: Session, text: string) => Promise<Delivery>
  readonly changeAccess: ReturnType<typeof changeAccess>
  readonly approve: ReturnType<typeof approve>
  /** A reader of what a session's clients logged of its channels: what is wanted of each, and at each further call what is new. */
  readonly channelLog: (session: Session, wanted: Wanted) => () => Promise<readonly ChannelLogLine[]>
}

/** A session's terminal as a person uses it: what stands in the client's prompt, keys, and what became of them. */
export type Keyboard = {
  /** How many look at the terminal; null when it does not answer. */
  readonly attached: () => Promise<number | null>
  /** Null: none on the screen, as in a dialog, or no screen. */
  readonly prompt: () => Promise<Prompt | null>
  /** How a text comes back by `prompt`: a terminal may cut its letters. */
  readonly shown: (text: string) => string
  /** Types into the prompt, no Enter. Whether the terminal took it. */
  readonly type: (text: string) => Promise<boolean>
  /** Takes that many letters back. */
  readonly erase: (letters: number) => Promise<boolean>
  readonly enter: () => Promise<boolean>
  /** What the transcript of the client's present conversation says was given it at its terminal, oldest first. */
  readonly submitted: (evidence: Evidence) => readonly Submitted[]
}

export type ChannelLogLine = {
  readonly at: number
  /** Its id. */
  readonly channel: string
  readonly text: string
  readonly explained: Explained | null
}

export type LaunchAsked = {
  /** Process id of the loop. */
  readonly loop: number
  readonly protocol: number
  /** A person pressed Ctrl-C at the waiting line. */
  readonly interrupted: boolean
}

export type Output = {
  /** One line to stdout: the answer. Prose is broken between words where a terminal is narrower. */
  readonly print: (line: string, as?: 'prose') => void
  /** Many of them in one go. */
  readonly printAll: (lines: readonly (readonly [line: string, as?: 'prose'])[]) => void
  /** One line of prose to stderr: progress and warnings. */
  readonly say: (line: string) => void
  /** Whether stdout takes colour. */
  readonly colour: () => boolean
  /** Whether a person sits at both ends. */
  readonly terminal: () => boolean
  /** Whether somebody can be asked: questions stand on stderr. */
  readonly interactive: () => boolean
}

/** What a command needs that only says what is configured. */
export type BasicDeps = Pick<World, 'home' | 'folders' | 'settings'> & {
  readonly output: Output
  /** The text of a file of the package, by its path there. */
  readonly shipped: (path: string) => string
}

/** What a command may touch. */
export type Deps = World &
  Supervision & {
    readonly output: Output
    /** Asks the person at the terminal. */
    readonly ask: () => Promise<Ask>
    /** stdout to draw on, and stdin; null where lines have to do: no terminal, a dumb one, one that is read aloud. */
    readonly drawable: () => Terminal | null
    /** Of the terminal that stdout is; null where it is none. */
    readonly columns: () => number | null
    /** One line of what others wrote, without what a terminal would take for a command (src/system/printable.ts). */
    readonly printable: (line: string) => string
    /** Fires at Ctrl-C and SIGTERM. */
    readonly cancelled: AbortSignal
    /** Fires it. */
    readonly cancel: () => void
    /** Of a command that runs until it is left: an upgrade may take away what it has not loaded. */
    readonly keepCode: () => void
    readonly runInteractive: typeof runInteractive
    /** All of stdin. Throws an ExpectedError (2) where that is a terminal; `hint` says how to pipe it in. */
    readonly readStdin: (hint: string) => Promise<string>
  }

/** What a command may touch that only looks. */
export type LookDeps = Pick<
  Deps,
  | 'settings'
  | 'observe'
  | 'probe'
  | 'seeKeeper'
  | 'clock'
  | 'redact'
  | 'env'
  | 'output'
  | 'columns'
  | 'cancelled'
>
