import type { Slot } from './arrivals.ts'

/** What the client's own files say, as data. Parsers in `claude/` make these; unknown input makes less of them, never an exception. */

export type SkippedWhy =
  | 'gate'
  | 'org-policy'
  | 'not-allowlisted'
  | 'not-listed'
  | 'login'
  | 'not-a-channel'
  | 'unknown'
export type FailedWhy = 'token-missing' | 'bun-missing' | 'port-taken' | 'connection-closed' | 'unknown'

export type LogNote<Why> = { readonly at: number; readonly why: Why; readonly text: string }

/** One MCP log file, that is one client start and one channel server (field notes, section 2). Times in ms since 1970. */
export type McpLog = {
  /** The first line with a time: by it one log is told from another. */
  readonly firstAt: number | null
  /** `Starting connection …`: the server is being spawned. */
  readonly startedAt: number | null
  readonly connectedAt: number | null
  /** `Channel notifications registered`: this session listens to this channel. */
  readonly registeredAt: number | null
  /**
   * The server was started again after that, and has not been registered since: by a tool call of Claude's after it had
   * died, the client drops what the new one hands over (seen on 2.1.139 and 2.1.330).
   */
  readonly respawnedAt: number | null
  readonly skipped: LogNote<SkippedWhy> | null
  /** The last failure that no later connection undid. */
  readonly failed: LogNote<FailedWhy> | null
  /** The plugin said 401 while connecting; the channel registers all the same. */
  readonly tokenRejected: LogNote<'token-rejected'> | null
  /** The client began to close its servers. */
  readonly closingAt: number | null
  readonly inbound: number
  readonly lastInboundAt: number | null
  /** When they came, of the last day or so; what was passed over in a long log is not among them. */
  readonly arrivals: readonly Slot[]
  /**
   * The conversations its lines named, in order, the first hundred: which client start this log belongs to, where several share a folder.
   * A resumed 2.1.139 begins with a throw-away id, so the first one alone does not tell.
   */
  readonly conversations: readonly string[]
  /** The last conversation a line named: it moves with `/clear`. */
  readonly conversation: string | null
  /** Lines that nothing in the table knows. */
  readonly unknownLines: number
}

export const emptyMcpLog: McpLog = {
  firstAt: null,
  startedAt: null,
  connectedAt: null,
  registeredAt: null,
  respawnedAt: null,
  skipped: null,
  failed: null,
  tokenRejected: null,
  closingAt: null,
  inbound: 0,
  lastInboundAt: null,
  arrivals: [],
  conversations: [],
  conversation: null,
  unknownLines: 0,
}

export type Activity = 'idle' | 'busy' | 'waiting' | 'shell' | 'unknown'

/** `<config>/sessions/<pid>.json`, from client 2.1.139. */
export type SessionFile = {
  readonly pid: number
  /** Start of that process as the client wrote it; compared with `ProcessId.start`, null when absent. */
  readonly procStart: string | null
  readonly conversation: string | null
  readonly cwd: string | null
  readonly version: string | null
  readonly activity: Activity
  readonly waitingFor: string | null
  readonly statusUpdatedAt: number | null
}

/** What the tail of a transcript amounts to. Times in ms since 1970. */
export type Transcript = {
  /** Channel messages that became a turn, or part of one. */
  readonly delivered: number
  /** Of each channel, the one heard last at the end. */
  readonly lastDelivered: readonly Delivered[]
  /** Channel messages in the client's memory that no turn has taken yet, oldest first: lost when it dies now. */
  readonly waiting: readonly WaitingMessage[]
  /** Keys of the messages that were taken last. */
  readonly taken: readonly string[]
  /** The turn under way; null between two. */
  readonly turn: Turn | null
  /** The last turns that ended in an API error, oldest first. */
  readonly failed: readonly FailedTurn[]
  readonly lastAssistantAt: number | null
  /** The last row of somebody's: a message, an answer, what a tool printed. */
  readonly lastRowAt: number | null
  /** The last answer of the model API was an error, and none succeeded since. */
  readonly apiFailure: ApiFailure | null
  /** The client asks the model API again and again, and has no answer yet. */
  readonly retrying: Retrying | null
}

/** When a message of a channel came last, and the name of the channel's MCP server. */
export type Delivered = { readonly server: string; readonly at: number }

export type WaitingMessage = {
  readonly at: number
  /** Tells one message from another: what the channel says of it, without its text. */
  readonly key: string
}

export type Turn = {
  readonly at: number
  /** When each of the channel's messages that it works on came to it. */
  readonly messages: readonly number[]
  /** Whether anything came after its prompt: what the client told the model beside it, or a step of Claude's. */
  readonly begun: boolean
  /** Answers by a channel that are on their way: calls that have no result yet. */
  readonly answers: readonly { readonly id: string; readonly at: number }[]
  /** Calls that succeeded and whose own row is still to come: the last 20. */
  readonly succeeded: readonly string[]
}

/** A turn that begins at `at`, with these messages to work on. */
export const newTurn = (at: number, messages: readonly number[]): Turn => ({
  at,
  messages,
  begun: false,
  answers: [],
  succeeded: [],
})

/** Messages of a channel that the client took and answered with an API error: nobody works on them any more. */
export type FailedTurn = { readonly at: number; readonly messages: number }

export type ApiFailure = {
  readonly at: number
  readonly status: number | null
  readonly error: string | null
  /** When a limit ends, where the error says so. */
  readonly resetsAt: number | null
}

export type Retrying = {
  /** The first attempt that failed, and the last one. */
  readonly since: number
  readonly at: number
  readonly times: number
  /** What it was answered last; null where the client does not write it down (2.1.330). */
  readonly status: number | null
  /** When it asks the next time, in ms since 1970; null as above. */
  readonly nextAt: number | null
}

export const emptyTranscript: Transcript = {
  delivered: 0,
  lastDelivered: [],
  waiting: [],
  taken: [],
  turn: null,
  failed: [],
  lastAssistantAt: null,
  lastRowAt: null,
  apiFailure: null,
  retrying: null,
}

export type DialogName =
  | 'trust-dialog'
  | 'development-dialog'
  | 'mcp-dialog'
  | 'bypass-dialog'
  | 'resume-dialog'
  | 'login-screen'
  | 'permission-prompt'
  | 'unknown-dialog'

/** Why the client asks the model API again, as it says itself at its terminal. Nothing else of the screen. */
export type RetryLine = {
  /** Unknown: at its first attempts it does not say. */
  readonly cause: 'login' | 'limit' | 'other' | 'unknown'
  /** When it asks the next time, in ms since 1970; null where the line can't be read. */
  readonly nextAt: number | null
  /** How often it has asked in vain. */
  readonly attempt: number
}

/** What a person agreed to have answered for them. */
export type DialogAnswer = 'accept' | 'full' | 'summary'

/** A dialog read off the screen; `text` is private and stays out of the journal. */
export type Dialog = { readonly name: DialogName; readonly text: string }

/** Where the client keeps things, as it resolves them itself (field notes, sections 2 and 3). All absolute. */
export type ClientPaths = {
  /** `$CLAUDE_CONFIG_DIR` or `~/.claude`. */
  readonly config: string
  /** `~/.claude.json`, inside the config folder when `CLAUDE_CONFIG_DIR` is set. */
  readonly json: string
  /** `<cache>/claude-cli-nodejs`. */
  readonly logs: string
  readonly home: string
}
