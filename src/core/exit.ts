import type { Exit, ExitRecord, Orders, Run, Wanted } from './records.ts'

/** How a client's run ended, as far as anybody knows. */
export type End = { readonly code: number | null; readonly signal: string | null }

/** Signals by number as Linux and macOS share them; others keep their number. */
const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
}

/** Reads an exit status as the shell saw it: over 128 is a signal; null stays unknown. */
export const readStatus = (status: number | null): End => {
  if (status === null || status <= 128) return { code: status, signal: null }
  return { code: null, signal: signals[status - 128] ?? `signal ${status - 128}` }
}

/** `ended by SIGKILL`, `ended with exit status 1`, `ended, nobody saw how`. */
export const describeEnd = ({ code, signal }: End): string => {
  if (signal !== null) return `ended by ${signal}`
  return code === null ? 'ended, nobody saw how' : `ended with exit status ${code}`
}

export type ExitClass = ExitRecord & { readonly left: boolean }

/**
 * Why the client of `run` is gone. Only an exit with 0 that belongs to this run, while somebody was attached, is a
 * person who left: a SIGINT from outside is 0 too (field notes, section 1). Nothing recorded means unknown, and
 * unknown means start again.
 */
export const classifyExit = (facts: {
  readonly run: Run
  readonly exit: Exit | null
  readonly wanted: Wanted | null
  readonly orders: Orders | null
  readonly attached: number
  readonly sameLoop: boolean
  readonly now: number
}): ExitClass => {
  const { run, exit, wanted, orders, attached, sameLoop, now } = facts
  const own = exit !== null && exit.run === run.run ? exit : null
  const end = readStatus(own?.status ?? null)
  const record = {
    at: own?.at ?? now,
    run: run.run,
    ...end,
    downForMs: null,
    unanswered: null,
    promised: null,
  }
  const ended = orders !== null && orders.run === run.run ? orders.ended : null
  if (ended !== null) return { ...record, reason: ended, unexplained: false, left: false }
  if (wanted !== null && !wanted.want)
    return { ...record, reason: 'stopped', unexplained: false, left: false }
  if (wanted !== null && wanted.generation > run.generation)
    return { ...record, reason: 'asked', unexplained: false, left: false }
  if (!sameLoop) return { ...record, reason: 'terminal-lost', unexplained: false, left: false }
  const left = own !== null && own.status === 0 && attached > 0
  return { ...record, reason: left ? 'stopped' : 'client-exited', unexplained: !left, left }
}

/**
 * The ends on record once a client is started at `now`: how long nothing ran, and whether what the last one left to it
 * is gone on with. One that is told to go on keeps the promise.
 */
export const startedAfter = (
  exits: readonly ExitRecord[],
  now: number,
  interrupted: boolean,
): readonly ExitRecord[] => {
  const last = exits.at(-1)
  if (last === undefined || last.downForMs !== null) return exits
  const started = { ...last, downForMs: Math.max(0, now - last.at) }
  return [...exits.slice(0, -1), interrupted ? started : broken(started, now)]
}

/** The ends on record where nothing is started any more: nobody goes on with what the last one left. */
export const endedAfter = (exits: readonly ExitRecord[], now: number): readonly ExitRecord[] => {
  const last = exits.at(-1)
  if (last === undefined || last.downForMs !== null) return exits
  return [...exits.slice(0, -1), broken(last, now)]
}

const broken = (exit: ExitRecord, now: number): ExitRecord =>
  exit.promised === null || exit.promised.brokenAt !== null
    ? exit
    : { ...exit, promised: { ...exit.promised, brokenAt: now } }

/** A run and those that ended before it, as far as they are remembered. */
export const runsOf = (run: Run | null): readonly string[] =>
  run === null ? [] : [...new Set([...run.exits.map((exit) => exit.run), run.run])].filter((id) => id !== '')
