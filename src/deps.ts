import type { checkSenders, ensureAccess, readAccess } from './channels/access-file.ts'
import type { approve, changeAccess } from './channels/change-access.ts'
import type { inviteLink, permissionNames, readApplication } from './channels/discord-api.ts'
import type { envFaults, meantToken, readToken, writeToken } from './channels/env-file.ts'
import type { Messenger, messengerOf } from './channels/messenger.ts'
import type { findOtherPoller } from './channels/other-poller.ts'
import type { readPollerPid, slotTakenAt } from './channels/poller.ts'
import type { stateDirFor } from './channels/state-dir.ts'
import type { removeWebhook } from './channels/telegram-api.ts'
import type { isDevelopmentChannel } from './claude/approved.ts'
import type { checkArguments, checkPermissionMode, clientArguments } from './claude/arguments.ts'
import type { authStatus, loginFault } from './claude/auth.ts'
import type { keyTowards } from './claude/dialog-answers.ts'
import type { recogniseDialog } from './claude/dialogs.ts'
import type { clientEnvironment, storedEnvironment } from './claude/environment.ts'
import type { staysOut } from './claude/environment-names.ts'
import type { foldExchanges } from './claude/exchanges.ts'
import type { findClient, findProgram, isExecutableFile } from './claude/find-program.ts'
import type { launchScript } from './claude/launch-script.ts'
import type { readLikelySwitches, readOrgSwitches } from './claude/managed-settings.ts'
import type { foldMcpLog, latestMcpLogs, mcpLogMarks, parseLogLine } from './claude/mcp-log.ts'
import type { mcpServer, mcpServers } from './claude/mcp-servers.ts'
import type { dropNeedsAuth, readNeedsAuth } from './claude/needs-auth.ts'
import type { clientPaths, mcpLogFolder, sessionFilePath } from './claude/paths.ts'
import type { installPlugin, setPluginEnabled, uninstallPlugin } from './claude/plugin-commands.ts'
import type { marketplaceKnown, pluginEnabled, pluginInstalled, pluginServer } from './claude/plugins.ts'
import type { readRetryLine } from './claude/retry-line.ts'
import type { parseSessionFile, readSessionFile } from './claude/session-file.ts'
import type { clientSettings } from './claude/settings.ts'
import type { findTranscript, isResumable } from './claude/transcript.ts'
import type { foldTranscript } from './claude/transcript-rows.ts'
import type { forgetTrust, isTrusted, recordTrust } from './claude/trust.ts'
import type { clientVersion, compareVersions, oldestClient } from './claude/version.ts'
import type { Answer } from './core/answer.ts'
import type { ClientPaths } from './core/client.ts'
import type { Evidence } from './core/evidence.ts'
import type { Exchange } from './core/exchange.ts'
import type { Other, OthersAsked } from './core/other.ts'
import type { ProcessId } from './core/process.ts'
import type { Platform, Run as RunRecord } from './core/records.ts'
import type { MultiplexerKind, Session } from './core/session.ts'
import type { Settings } from './core/settings.ts'
import type { AttachCommand, Multiplexer } from './multiplexer/port.ts'
import type { Clock } from './system/clock.ts'
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

export type { Ask, Messenger, Other, Terminal }

export type Environment = Readonly<Record<string, string>>

/** What a look at sessions asks of what we know about the client. */
export type LookClaude = {
  /** Where a session's client keeps its files: as its own environment says, which need not be that of the caller. */
  readonly sessionPaths: (session: Session) => ClientPaths
  readonly mcpLogFolder: typeof mcpLogFolder
  readonly latestMcpLogs: typeof latestMcpLogs
  readonly foldMcpLog: typeof foldMcpLog
  readonly mcpLogMarks: typeof mcpLogMarks
  readonly readSessionFile: typeof readSessionFile
  readonly findTranscript: typeof findTranscript
  readonly foldTranscript: typeof foldTranscript
  readonly recogniseDialog: typeof recogniseDialog
  readonly readRetryLine: typeof readRetryLine
  readonly readNeedsAuth: typeof readNeedsAuth
  readonly findProgram: typeof findProgram
  readonly isExecutableFile: typeof isExecutableFile
  readonly oldestClient: typeof oldestClient
  readonly compareVersions: typeof compareVersions
  readonly pluginInstalled: typeof pluginInstalled
  readonly mcpServer: typeof mcpServer
  readonly mcpServers: typeof mcpServers
  readonly loginFault: typeof loginFault
  readonly readOrgSwitches: ReturnType<typeof readOrgSwitches>
}

/** What we know about the client, one function each; see `claude/`. */
export type Claude = LookClaude & {
  readonly clientPaths: typeof clientPaths
  readonly parseLogLine: typeof parseLogLine
  readonly parseSessionFile: typeof parseSessionFile
  readonly sessionFilePath: typeof sessionFilePath
  readonly isResumable: typeof isResumable
  readonly foldExchanges: typeof foldExchanges
  readonly keyTowards: typeof keyTowards
  readonly dropNeedsAuth: ReturnType<typeof dropNeedsAuth>
  readonly clientArguments: typeof clientArguments
  readonly checkArguments: typeof checkArguments
  readonly checkPermissionMode: typeof checkPermissionMode
  readonly clientEnvironment: typeof clientEnvironment
  readonly storedEnvironment: typeof storedEnvironment
  readonly staysOut: typeof staysOut
  readonly clientSettings: typeof clientSettings
  readonly launchScript: typeof launchScript
  readonly findClient: typeof findClient
  readonly clientVersion: typeof clientVersion
  readonly authStatus: typeof authStatus
  readonly pluginServer: typeof pluginServer
  readonly readLikelySwitches: ReturnType<typeof readLikelySwitches>
  readonly marketplaceKnown: typeof marketplaceKnown
  readonly pluginEnabled: typeof pluginEnabled
  readonly installPlugin: typeof installPlugin
  readonly setPluginEnabled: typeof setPluginEnabled
  readonly uninstallPlugin: typeof uninstallPlugin
  readonly isTrusted: typeof isTrusted
  readonly recordTrust: ReturnType<typeof recordTrust>
  readonly forgetTrust: ReturnType<typeof forgetTrust>
  readonly isDevelopmentChannel: typeof isDevelopmentChannel
}

/** What a look at sessions asks of what we know about the channel kinds. */
export type LookChannels = {
  readonly readToken: typeof readToken
  readonly readAccess: typeof readAccess
  readonly readPollerPid: typeof readPollerPid
  readonly slotTakenAt: typeof slotTakenAt
}

/** What we know about the channel kinds and their plugins; see `channels/`. */
export type Channels = LookChannels & {
  readonly messengerOf: typeof messengerOf
  readonly stateDirFor: typeof stateDirFor
  readonly meantToken: typeof meantToken
  readonly envFaults: typeof envFaults
  readonly writeToken: ReturnType<typeof writeToken>
  readonly ensureAccess: ReturnType<typeof ensureAccess>
  readonly checkSenders: typeof checkSenders
  readonly removeWebhook: typeof removeWebhook
  readonly findOtherPoller: typeof findOtherPoller
  readonly readApplication: typeof readApplication
  readonly inviteLink: typeof inviteLink
  readonly permissionNames: typeof permissionNames
}

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
  readonly claude: LookClaude
  readonly channels: LookChannels
}

/** The outside world, as the keeper and the commands may touch it. */
export type World = LookWorld & {
  /** Of this program. */
  readonly version: string
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
  /** Requests by the proxy and the authorities that an environment names. */
  readonly requestWith: (env: World['env']) => Request
  readonly run: Run
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
  /** Is the keeper until told to leave. */
  readonly runKeeper: (options: {
    readonly where: 'terminal' | 'foreground'
    readonly everyMs: number | null
  }) => Promise<'left' | 'another'>
  readonly launch: (
    session: string,
    asked: LaunchAsked,
  ) => Promise<{ readonly status: 0 | 10 | 11; readonly answer: string }>
  /** Ends what is left of a session: client, plugins, loop, terminal. */
  readonly clear: (session: Session, run: RunRecord | null) => Promise<void>
  /** How to attach to a session's terminal; a lost socket file is asked back first. */
  readonly attachCommand: (session: Session) => Promise<AttachCommand>
  /** What stands in a session's terminal and above; '' when it has none. */
  readonly screen: (session: Session) => Promise<string>
  /** Who else on this machine uses a bot or its plugin; ours among them. */
  readonly findOthers: (asked: OthersAsked) => Promise<readonly Other[]>
  /** Whether a program in a terminal of ours can read a file. */
  readonly readable: (file: string) => Promise<Answer<true>>
  /** SIGTERM, up to 5 s, SIGKILL. Whether it is gone. */
  readonly endProcess: (process: ProcessId) => Promise<boolean>
  /** The messages that reached the session's conversation since a time (ms since 1970), and their answers, newest last. */
  readonly exchanges: (session: Session, evidence: Evidence, sinceMs: number) => Promise<readonly Exchange[]>
  readonly changeAccess: ReturnType<typeof changeAccess>
  readonly approve: ReturnType<typeof approve>
  /** A reader of what the client logged of its channels: the last so many lines of each, and at each further call what is new. */
  readonly channelLog: (session: Session, last: number) => () => Promise<readonly ChannelLogLine[]>
}

export type ChannelLogLine = {
  readonly at: number
  readonly source: 'channel'
  readonly text: string
  readonly entry: unknown
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
export type BasicDeps = Pick<World, 'home' | 'folders' | 'settings'> & { readonly output: Output }

/** What a command may touch. */
export type Deps = World &
  Supervision & {
    readonly output: Output
    /** Asks the person at the terminal. */
    readonly ask: () => Promise<Ask>
    /** stdout to draw on, and stdin; null where lines have to do: no terminal, a dumb one, one that is read aloud. */
    readonly drawable: () => Terminal | null
    /** Fires at Ctrl-C and SIGTERM. */
    readonly cancelled: AbortSignal
    /** Fires it. */
    readonly cancel: () => void
    readonly runInteractive: typeof runInteractive
    readonly readStdin: () => Promise<string>
  }

/** What a command may touch that only looks. */
export type LookDeps = Pick<
  Deps,
  'settings' | 'observe' | 'probe' | 'clock' | 'redact' | 'env' | 'output' | 'cancelled'
>
