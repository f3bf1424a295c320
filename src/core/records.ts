import type { History } from './history.ts'
import type { Outbox } from './notify/outbox.ts'
import type { ProcessId, ProgramFile } from './process.ts'
import type { ReasonName } from './reasons.ts'
import type { Tries } from './tries.ts'

/** The records of a session (design, section 5): one writer each, replaced atomically, each with a format version. */

/** What is asked for, by commands and, when a person left the client, by launch. */
export type Wanted = {
  readonly format: 1
  readonly want: boolean
  /** Grows only when a new client is asked for. */
  readonly generation: number
  /** Applies once, when the run's generation is lower. */
  readonly conversation: string | null
  readonly fresh: boolean
  readonly by: 'up' | 'down' | 'restart' | 'token' | 'setup' | 'person' | 'remove'
  /**
   * Idle: asked from inside the session, so the turn that asked may end first (60 s at most); or for a new token
   * or what was set up, which no work in progress is to be lost for (an hour at most).
   */
  readonly when: 'now' | 'idle'
  /** Milliseconds since 1970; also what a keeper acknowledges. */
  readonly at: number
}

/** What the keeper decided about the run that is there. */
export type Orders = {
  readonly format: 1
  /** The run this is about; an order for another run says nothing. */
  readonly run: string
  /** Why the keeper ended the client: such an exit is no crash. */
  readonly ended: ReasonName | 'asked' | 'stopped' | null
  /**
   * Keep the client ended until then (milliseconds since 1970; null: until the keeper says otherwise). Stopped: all
   * sessions were taken down (`core/take-down.ts`); of a session without a run such a hold names the run ''.
   */
  readonly hold: {
    readonly reason: ReasonName | 'stopped'
    readonly until: number | null
    /** When it was begun; null: an earlier release did not say. */
    readonly at?: number | null
  } | null
  /** The next client starts a conversation of its own. */
  readonly fresh: boolean
}

export type Exit = {
  /** The run that ended. */
  readonly run: string
  /** As the shell saw it: over 128 is a signal; null when the loop could not record it. */
  readonly status: number | null
  readonly at: number
}

/** Why a client is gone, as launch classed it. */
export type ExitRecord = {
  readonly at: number
  readonly run: string
  readonly code: number | null
  readonly signal: string | null
  /** Neither wanted nor orders explain it: it counts towards the crash loop. */
  readonly unexplained: boolean
  readonly reason: ReasonName | 'asked' | 'stopped'
  /** From this exit to the next start, in milliseconds; null while nothing was started since. */
  readonly downForMs: number | null
  /** Messages that had reached the client and that nobody works on any more; null where that can't be told. */
  readonly unanswered: number | null
  /** What the next client was to go on with; null where there was nothing, or where nobody can tell. */
  readonly promised: Promised | null
}

/** Messages a client was at when it died, left to the next one. Times in ms since 1970. */
export type Promised = {
  readonly messages: number
  /** One that starts later does not go on with them. */
  readonly until: number
  /** When one was started that does not; null as long as none was. */
  readonly brokenAt: number | null
}

/** What launch started. Written by launch only. */
export type Run = {
  readonly format: 1
  /** Marker in the environment of everything this run started. */
  readonly run: string
  readonly loop: ProcessId
  /** Where the loop's process id means something (`Processes.machine`); null where that can't be told. */
  readonly machine: string | null
  readonly protocol: number
  /** Of the wanted record this run answers. */
  readonly generation: number
  readonly conversation: string
  readonly resumed: boolean
  /** The folder the client was started in; null in records of older releases. */
  readonly cwd: string | null
  /** The bots whose tokens its plugins found; set up with another one since, it goes on with these. Null as above. */
  readonly botIds: readonly string[] | null
  /** What it was started from: told by this, an update is seen that leaves the old file where it was. Null as above. */
  readonly client: (ProgramFile & { readonly path: string }) | null
  /** It was told to go on with what the client before it was working on when that died. */
  readonly interrupted: boolean
  readonly startedAt: number
  /** Null while a client of this run runs or is about to; else why nothing runs and until when. */
  readonly waiting: {
    readonly reason: ReasonName | 'stopped'
    readonly detail: string | null
    readonly until: number
  } | null
  /** Unexplained exits in a row, none of which was followed by five minutes of life. */
  readonly streak: number
  readonly restarts: number
  /** The last 20 ends, oldest first. */
  readonly exits: readonly ExitRecord[]
}

/** The versions a session was live with, as its client and the list of installed plugins said. */
export type Worked = {
  readonly run: string
  /** When that run was first seen live, in ms since 1970. */
  readonly at: number
  readonly client: string | null
  /** By channel id; of one without a version nothing. */
  readonly plugins: Readonly<Record<string, string>>
}

/** What the keeper saw over time. Written by the keeper only; everything in it may be missing. */
export type Health = {
  readonly format: 1
  readonly at: number
  /** `at` of the wanted record the keeper has taken note of. */
  readonly acknowledged: number | null
  /** The conversation the session file last named, and the run it was in. */
  readonly conversation: { readonly run: string; readonly id: string } | null
  /** The client last seen, and its run: it need not be told from its environment again. */
  readonly client: (ProcessId & { readonly run: string }) | null
  /** When the present state began, per channel id and for the session under ''. */
  readonly since: Readonly<
    Record<string, { readonly state: string; readonly reason: string | null; readonly at: number }>
  >
  readonly platform: Readonly<Record<string, PlatformRecord>>
  readonly gaps: readonly Gap[]
  /** The poller last seen below our client: one that was reparented since is still ours. */
  readonly pollers: Readonly<Record<string, PollerRecord>>
  /** What was healed lately: budgets outlive the keeper. */
  readonly healed: readonly { readonly reason: ReasonName; readonly at: number }[]
  /** What the client was ended for, per channel id; forgotten once that was well for a while. */
  readonly tries: Tries
  /** The client that was ended to wait for something; null while none is. */
  readonly parked: Parked | null
  /** With what it was live last; null: never since this is noted. */
  readonly worked: Worked | null
  /** Until when ends of clients, broken promises and answers that failed are in the gaps, in ms since 1970. */
  readonly counted: { readonly exits: number; readonly promises: number; readonly failures: number }
  /** What people were told of it; null: nothing so far. */
  readonly notified: Notified | null
  /** What the bot could not tell; null: nothing so far. */
  readonly outbox: Outbox | null
  /** How it stood in the last day; null: no keeper has written that down yet. */
  readonly history: History | null
}

/** What nobody is told twice. Times in ms since 1970. */
export type Notified = {
  /** A trouble that is not over yet: since when; and whether it was told, or kept back: in quiet hours, or as one too many within an hour. */
  readonly open: { readonly from: number; readonly reason: string; readonly told: boolean } | null
  /** What was told lately, oldest first. */
  readonly told: readonly { readonly event: string; readonly key: string; readonly at: number }[]
}

export type PollerRecord = ProcessId & {
  readonly run: string
  /** It was seen to have a TCP connection: so one that has none is worth a look. */
  readonly connected: boolean
  /** Since when it has had none, in ms since 1970; null while it has one. */
  readonly silentSince: number | null
}

/** A client kept ended. Times in ms since 1970. */
export type Parked = {
  /** The run that was ended. */
  readonly run: string
  readonly reason: ReasonName
  readonly at: number
  /** Tried again then. */
  readonly until: number
  /** So many times in a row, without an answer of the model in between. */
  readonly tries: number
  /** When the client's credentials had been changed last; null where there is no such file. */
  readonly credentialsAt: number | null
}

/** What the platform said of a bot, and when. */
export type Platform = {
  readonly at: number
  /** Id of the bot that was asked about; null in records of older releases. */
  readonly botId: string | null
  readonly token: 'accepted' | 'rejected' | 'unknown'
  readonly account: string | null
  readonly pending: number | null
  readonly webhook: string | null
  /** What it is not allowed, or where it is not, so that nobody can be heard; null: nothing, or that was not told. */
  readonly lacks: 'message-content' | 'server' | null
  readonly detail: string | null
}

/** The last definite answer of the platform, and the trouble in asking it since. */
export type PlatformRecord = Platform & {
  /** Since when messages have waited there, no fewer at each answer; null while none do. */
  readonly pendingSince: number | null
  readonly trouble: { readonly since: number; readonly times: number; readonly detail: string } | null
}

export type Gap = {
  readonly from: number
  readonly to: number | null
  readonly reason: string
  /** Messages that waited at the platform when it ended; null where nobody could tell. */
  readonly waited: number | null
  /** Messages that had reached the client and were not worked on when it died; null where nobody could tell. */
  readonly unanswered: number | null
  readonly maybeLost: boolean
}

export type KeeperRecord = {
  readonly format: 1
  readonly pid: number
  readonly start: string
  readonly version: string
  readonly since: number
  /** Stopping: it keeps nothing any more, but takes every session down. */
  readonly where: 'terminal' | 'foreground' | 'stopping'
  /** Where its process id means something (`Processes.machine`); null where that can't be told. */
  readonly machine: string | null
}
