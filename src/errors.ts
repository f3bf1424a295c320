/** Exit statuses of the command line (design, section 3). */
export const exitStatus = {
  done: 0,
  wrong: 1,
  usage: 2,
  unknownSession: 3,
  missing: 69,
  bug: 70,
  cannotWrite: 73,
  noPermission: 77,
  badConfiguration: 78,
  cancelled: 130,
} as const

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus]

/** The status for a file that can't be written, by the `EACCES` of the failed system call. */
export const statusOfWrite = (code: string): ExitStatus =>
  code === 'EACCES' || code === 'EPERM' ? exitStatus.noPermission : exitStatus.cannotWrite

/**
 * Something that is expected to go wrong: told in a sentence, with what helps, and an exit status of its own.
 * Everything else that is thrown is a bug and prints its stack.
 */
export class ExpectedError extends Error {
  override readonly name = 'ExpectedError'
  readonly status: ExitStatus
  /** The user's next step: a command, or what to do. */
  readonly hint: string

  constructor(status: ExitStatus, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.status = status
    this.hint = hint
  }
}

export const usageError = (message: string, hint: string) =>
  new ExpectedError(exitStatus.usage, message, hint)

/** Ctrl-C, or whatever else asks a command to end before it is done. */
export const cancelled = (hint: string) => new ExpectedError(exitStatus.cancelled, 'Cancelled.', hint)

/** `near`: the name that was most likely meant. */
export const unknownSession = (name: string, near: string | null = null) =>
  new ExpectedError(
    exitStatus.unknownSession,
    `No session named \`${name}\`.${near === null ? '' : ` Did you mean \`${near}\`?`}`,
    '`channels list` shows the ones there are; `channels setup telegram --session <name>` makes one.',
  )

/** `naming`: how another folder is named here. */
export const homeNotTrusted = (folder: string, naming: string) =>
  usageError(
    `${folder} is the home directory, and the client never stores trust for it: it would ask at every start.`,
    `Choose a folder below it with \`${naming}\`.`,
  )
