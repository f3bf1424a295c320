import type { KeeperSeen } from '../core/at-work.ts'
import { isHere } from '../core/process.ts'
import type { Exit, Health, KeeperRecord, Orders, Run, Wanted } from '../core/records.ts'
import type { World } from '../deps.ts'

type Reading = Pick<World, 'files' | 'folders' | 'processes'>

export const readWanted = ({ files, folders }: Reading, session: string): Wanted | null =>
  files.readRecord(folders.session(session).wanted, files.checks.wanted)

export const readOrders = ({ files, folders }: Reading, session: string): Orders | null =>
  files.readRecord(folders.session(session).orders, files.checks.orders)

/**
 * The run on record. A launch that can write nothing starts the same run once more and touches its record
 * (`fall-back.ts`): the client began then, and what older logs say is not about it.
 */
export const readRun = (world: Reading, session: string): Run | null => {
  const run = readPlainRun(world, session)
  return run === null ? null : { ...run, startedAt: Math.max(run.startedAt, stampOf(world, session)) }
}

/** The same without its stamp, which costs a call of its own: `readStampedRun` gives it later. */
export const readPlainRun = ({ files, folders, processes }: Reading, session: string): Run | null => {
  const run = files.readRecord(folders.session(session).run, files.checks.run)
  // Of another machine, say a container that is gone, it is nobody's loop: here its pid may be anybody's.
  return run === null || isHere(run.machine, processes.machine()) ? run : { ...run, loop: goneLoop(run) }
}

const goneLoop = ({ loop }: Run): Run['loop'] => ({ ...loop, start: '' })

/** The run as it was read, unless its record bears a later stamp than its start: then as it is by now. */
export const readStampedRun = (world: Reading, session: string, before: Run): Run =>
  stampOf(world, session) > before.startedAt ? (readRun(world, session) ?? before) : before

const stampOf = ({ files, folders }: Reading, session: string): number =>
  Math.round(files.changedAt(folders.session(session).run) ?? 0)

/**
 * Writes the record of a run, stamped with the run's own time: a later stamp is the fall-back's, and the clock of a disk
 * may be another machine's. Throws an ExpectedError (73, 77).
 */
export const writeRun = ({ files, folders, processes }: Reading, session: string, run: Run): void => {
  const { run: path } = folders.session(session)
  files.writeRecord(path, { ...run, machine: processes.machine() })
  files.touch(path, run.startedAt)
}

/** Pid of the session's client, as its script wrote it; null when missing or torn. */
export const readClientPid = ({ files, folders }: Reading, session: string): number | null => {
  const text = files.readText(folders.session(session).client) ?? ''
  return /^[1-9]\d{0,9}\s*$/.test(text) ? Number(text) : null
}

export const readHealth = ({ files, folders }: Reading, session: string): Health | null =>
  files.readRecordOnce(folders.session(session).health, files.checks.health)

/** The keeper that may take note of what is wanted; null when none is there, or it is suspended or stops: such keep nothing. */
export const readKeeper = (world: Reading): KeeperRecord | null => {
  const found = findKeeper(world)
  return found === null || found.suspended || found.keeper.where === 'stopping' ? null : found.keeper
}

/** The keeper whose process is there, at work or suspended (Ctrl-Z, SIGSTOP). */
export const findKeeper = ({
  files,
  folders,
  processes,
}: Reading): { readonly keeper: KeeperRecord; readonly suspended: boolean } | null => {
  const keeper = files.readRecord(folders.keeper.record, files.checks.keeper)
  const process = keeper === null ? null : processes.find(keeper.pid)
  if (keeper === null || process?.start !== keeper.start) return null
  if (!isHere(keeper.machine, processes.machine())) return null
  return { keeper, suspended: process.state === 'T' }
}

/** The keeper whose process is there, at work or not, and when it looked last. */
export const seeKeeper = (world: Reading): KeeperSeen | null => {
  const found = findKeeper(world)
  if (found === null) return null
  const lookedAt = keeperBeatAt(world)
  return { ...found, lookedAt: lookedAt === null ? null : Math.floor(lookedAt) }
}

/** When the keeper on record last looked (ms since 1970): it touches its record each time. Null without a record. */
export const keeperBeatAt = ({ files, folders }: Reading): number | null =>
  files.changedAt(folders.keeper.record)

/** `<status> <run>` as the loop wrote it, with the time of the file; null when missing, empty or torn. */
export const readExit = ({ files, folders }: Reading, session: string): Exit | null => {
  const { exit } = folders.session(session)
  const [, status, run] = /^(\d{1,3}) (\S+)\n?$/.exec(files.readText(exit) ?? '') ?? []
  const at = files.changedAt(exit)
  return status === undefined || run === undefined || at === null
    ? null
    : { run, status: Number(status), at: Math.floor(at) }
}

/** `<status> <seconds since 1970>` of a launch that failed, as the loop wrote it. */
export const readLaunchFailed = (
  { files, folders }: Reading,
  session: string,
): { readonly status: number; readonly at: number } | null => {
  const text = files.readText(folders.session(session).launchFailed) ?? ''
  const [, status, at] = /^(\d{1,3}) (\d{1,12})\s*$/.exec(text) ?? []
  return status === undefined || at === undefined ? null : { status: Number(status), at: Number(at) * 1_000 }
}
