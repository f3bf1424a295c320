import type { Access } from './access.ts'
import type { Answer } from './answer.ts'
import type { KeeperSeen } from './at-work.ts'
import type { Channel } from './channel.ts'
import type { Dialog, McpLog, RetryLine, SessionFile, Transcript } from './client.ts'
import type { ProcessId } from './process.ts'
import type { ReasonName } from './reasons.ts'
import type { Health, KeeperRecord, Orders, PlatformRecord, Run, Wanted } from './records.ts'
import type { Session } from './session.ts'

/** Everything observed about one session at one moment. Made by `keeper/gather.ts`, read by the verdict and the machine. */
export type Evidence = {
  /** When it was gathered, in milliseconds since 1970. */
  readonly at: number
  readonly session: Session
  readonly wanted: Wanted | null
  readonly orders: Orders | null
  readonly run: Run | null
  readonly health: Health | null
  /** The keeper at work; null: none is, whatever process is there. */
  readonly keeper: KeeperRecord | null
  /** The keeper whose process is there, and that looks no more: it hangs, or the machine has slept until now. */
  readonly silentKeeper: KeeperSeen | null
  /** What file checks say is missing for a start, worst first; looked for only where one is wanted. */
  readonly obstacles: readonly Obstacle[]
  readonly terminal: TerminalEvidence
  readonly client: ClientEvidence | null
  /** A client of this session of which no run is on record; looked for only while there is no record. */
  readonly stray: ProcessId | null
  readonly channels: readonly ChannelEvidence[]
  /** Read only where a login is waited for, or was refused. */
  readonly login: LoginEvidence | null
}

/** Times in ms since 1970. */
export type LoginEvidence = {
  /** When the client's credentials were changed last; null where there is no such file. */
  readonly credentialsAt: number | null
  /** What the client itself said last; null where it was not asked. */
  readonly checked: {
    readonly at: number
    readonly is: 'yes' | 'no' | 'unknown'
    /** Of the credentials it was asked about. */
    readonly credentialsAt: number | null
  } | null
}

export type Obstacle = {
  readonly reason: ReasonName
  readonly detail: string
  /** Id of the channel that it is in the way of; absent where it is the whole session's. */
  readonly channel?: string
}

export type TerminalEvidence = {
  /** The loop: proof that the terminal is there, without asking the multiplexer. */
  readonly loop: ProcessId | null
  /** How many are attached, as it was when first asked for, after `at`: hardly a look wants to know, and it costs a file. */
  readonly attached: number
  /** The last `channels launch` failed with this status. */
  readonly launchFailed: { readonly status: number; readonly at: number } | null
}

/** The client of the run, alive. */
export type ClientEvidence = {
  readonly process: ProcessId
  /** SIGSTOP or Ctrl-Z. */
  readonly suspended: boolean
  /** Its executable was replaced on disk. */
  readonly replaced: boolean
  /** What is on the disk where this client was started from; null: nothing is, or not what can be told apart. */
  readonly installed: Installed | null
  readonly file: SessionFile | null
  readonly transcript: Transcript | null
  /** Read off the screen, only while there is no session file; null: not looked, or none there. */
  readonly dialog: Dialog | null
  /** Read off the screen, only while the model API owes an answer; null: not looked, or no such line there. */
  readonly retry: RetryLine | null
}

export type Installed = {
  /** Null where neither its path nor a file beside it tells, and it was not asked. */
  readonly version: string | null
  /** It is another file than the one this client was started from. */
  readonly another: boolean
  /** Whether it answers when it is asked for its version; unknown: it was not asked, or so long ago that it may be whole by now. */
  readonly runs: 'yes' | 'no' | 'unknown'
}

export type ChannelEvidence = {
  readonly channel: Channel
  /** Of this client's start; null while there is none. */
  readonly log: McpLog | null
  readonly poller: Answer<Poller>
  /** When a poller that is gone wrote itself down, in milliseconds since 1970; null where none did, or left in order. */
  readonly slotTakenAt: number | null
  /** Whether the poller has a TCP connection; looked at now and then. */
  readonly connected: 'yes' | 'no' | 'unknown'
  /** When the client noted that this server failed once: for 15 minutes it starts it nowhere. Null: it has no such note. */
  readonly needsAuthAt: number | null
  readonly access: Answer<Access>
  readonly platform: PlatformRecord | null
}

/** A living process that polls for this channel, or speaks for it. */
export type Poller = {
  readonly process: ProcessId
  readonly ours: 'yes' | 'no' | 'unknown'
  /** Stopped (SIGSTOP): it fetches nothing until it is let go on. */
  readonly suspended: boolean
  /** The `claude` nearest above it, and its folder, where they can be told. */
  readonly owner: { readonly pid: number; readonly folder: string | null } | null
}
