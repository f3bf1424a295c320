import type { Answer } from '../core/answer.ts'
import type { ProcessId } from '../core/process.ts'
import type { MultiplexerKind } from '../core/session.ts'

/** Where the terminal of one session is to be found. Paths are absolute. */
export type TerminalPlace = {
  /** Its name in the multiplexer: letters, digits, `-` and `_`. */
  readonly session: string
  readonly socket: string
  /** GNU screen's SCREENDIR, shared by all sessions: in it the socket is called `<pid of the server>.<session>`. */
  readonly screens: string
  /** Where tmux's hooks write how many are attached, while the terminal lives. */
  readonly attachedFile: string
  /** The user's own configurations of the multiplexers in our configuration folder; they need not exist. */
  readonly userConfig: Readonly<Record<MultiplexerKind, string>>
}

export type TerminalState = {
  /** Of the program in the terminal. */
  readonly pid: number
  /** How many look at it. */
  readonly attached: number
}

export type StartOptions = {
  readonly cwd: string
  /** The server's whole environment. */
  readonly env: Readonly<Record<string, string>>
  /** The process of the former server if one was known, to ask a lost socket file back from. */
  readonly server: ProcessId | null
}

export type Key = 'Enter' | 'Escape' | 'C-c' | 'Up' | 'Down'

/** A command to be run with the caller's terminal, without the variables in `unset`. */
export type AttachCommand = {
  readonly file: string
  readonly args: readonly string[]
  readonly unset: readonly string[]
  /** The keys that leave it again, in words. */
  readonly leave: string
}

/** A program that keeps terminals: tmux or GNU screen. Every call ends within seconds; what hangs is unknown. */
export type Multiplexer = {
  readonly kind: MultiplexerKind
  /** No: not installed. */
  version(): Promise<Answer<string>>
  /**
   * Starts `command`, no shell in between, in a terminal of its own. Of any number of callers exactly one gets
   * 'started', the others 'already'. Throws ExpectedError: 69 not installed, 73 can't write, 77 no permission, 1 the
   * multiplexer's own words.
   */
  start(
    place: TerminalPlace,
    command: readonly string[],
    options: StartOptions,
  ): Promise<'started' | 'already'>
  /** No: no such terminal. */
  state(place: TerminalPlace): Promise<Answer<TerminalState>>
  /** What stands on the screen, and up to that many lines above it. */
  capture(place: TerminalPlace, options: { readonly history: number }): Promise<Answer<string>>
  /** How a line is read back off the screen by `capture`: GNU screen cuts its letters. */
  shown(text: string): string
  /** Types literal text, no Enter: sent with it, it can be taken for a paste (field notes, section 5). */
  type(place: TerminalPlace, text: string): Promise<Answer<true>>
  press(place: TerminalPlace, key: Key): Promise<Answer<true>>
  attach(place: TerminalPlace): AttachCommand
  /** The terminal, its programs and its socket file are gone afterwards; none there is no error. */
  end(place: TerminalPlace): Promise<void>
}
