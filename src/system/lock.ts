import { mkdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { ExpectedError, exitStatus } from '../errors.ts'
import { cannotWrite, errorCode } from './file-errors.ts'
import { makeFolder } from './make-folder.ts'

export type LockOptions = {
  /** How long to wait for it; longer than `staleMs`, or a holder killed just now makes the next one fail. */
  readonly timeoutMs?: number
  /** A lock not renewed for so long was left behind by a process that is gone. */
  readonly staleMs?: number
}

/**
 * Does something while holding the lock folder `<path>.lock`, the protocol of proper-lockfile, by which the client
 * guards `~/.claude.json`, too. The path itself need not exist; its folder is made (0700). Throws an ExpectedError: 1
 * when others hold it for too long, 77 or 73 when the folder can't be written. What the action throws comes through.
 */
export const withLock = async <T>(
  path: string,
  action: () => Promise<T>,
  { timeoutMs = 15_000, staleMs = 10_000 }: LockOptions = {},
): Promise<T> => {
  const held = await acquire(path, performance.now() + timeoutMs, staleMs)
  try {
    return await action()
  } finally {
    await held.release()
  }
}

type Held = { release(): Promise<void> }

const acquire = async (path: string, deadline: number, staleMs: number): Promise<Held> => {
  // Its default: a bundle that is split gives a CommonJS package no other export.
  const { default: lockfile } = await import('proper-lockfile')
  let lost = false
  const options = {
    realpath: false,
    // Stale locks are removed here, not there: by its source (4.1.2) a waiter looks and removes in two steps, and two
    // of them at once can remove the lock that one of them has just taken.
    stale: never,
    update: staleMs / 5,
    // Its default is to throw where nobody catches.
    onCompromised: () => {
      lost = true
    },
  }
  const isStale = createJudge(staleMs)
  const began = performance.now()
  for (;;) {
    const release = await lockOnce(path, () => lockfile.lock(path, options))
    if (release !== null) return { release: () => (lost ? Promise.resolve() : release()) }
    const lock = identity(`${path}.lock`)
    if (lock !== null && isStale(lock) && removeStale(`${path}.lock`, lock, staleMs)) continue
    if (performance.now() >= deadline) throw lockedOut(path)
    await pause(performance.now() - began)
  }
}

/** Jittered, so that fifty waiters don't come back in step; longer for who has waited long: so many ask too much of a machine. */
const pause = (waitedMs: number): Promise<void> => {
  const mostMs = 50 + Math.min(waitedMs / 10, 250)
  return new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * mostMs))
}

/** Longer than any lock is old, one of 1970 included. */
const never = 1e15

const lockOnce = async (path: string, lock: () => Promise<() => Promise<void>>) => {
  try {
    makeFolder(dirname(path))
    return await lock()
  } catch (error) {
    if (errorCode(error) === 'ELOCKED') return null
    throw cannotWrite(`${path}.lock`, error)
  }
}

/**
 * Tells a lock that nobody renews. How old it was is asked of the clock once, when this waiter first sees it; from then on
 * time is counted: a machine that was suspended, or a clock that was set, makes no holder look dead.
 */
const createJudge = (staleMs: number): ((lock: Lock) => boolean) => {
  let known: { readonly name: string; readonly staleAt: number } | null = null
  return ({ name, renewedAt }) => {
    if (known?.name !== name)
      known = { name, staleAt: performance.now() + staleMs - Math.abs(Date.now() - renewedAt) }
    return performance.now() > known.staleAt
  }
}

/**
 * Removes a lock nobody renews. The right to remove this very one is claimed first, by a folder named after it: so it
 * is done by one process only, and never to the lock that the next holder took in the meantime.
 */
const removeStale = (folder: string, stale: Lock, staleMs: number): boolean => {
  const claim = `${folder}.${stale.name}`
  if (!make(claim, staleMs)) return false
  try {
    if (identity(folder)?.name !== stale.name) return false
    rmdirSync(folder)
    return true
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw cannotWrite(folder, error)
    return false
  } finally {
    rmSync(claim, { recursive: true, force: true })
  }
}

type Lock = { readonly name: string; readonly renewedAt: number }

const identity = (folder: string): Lock | null => {
  const stat = statSync(folder, { throwIfNoEntry: false })
  return stat === undefined ? null : { name: `${stat.ino}-${stat.mtimeMs}`, renewedAt: stat.mtimeMs }
}

/** One of the future was made before the clock was set back: it would never grow old. */
const isOlder = (at: number, ms: number): boolean => Math.abs(Date.now() - at) > ms

const make = (claim: string, staleMs: number): boolean => {
  try {
    mkdirSync(claim, { mode: 0o700 })
    return true
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw cannotWrite(claim, error)
    // Killed between claiming and removing: a claim lasts no millisecond otherwise.
    const left = identity(claim)
    if (left !== null && isOlder(left.renewedAt, staleMs)) rmSync(claim, { recursive: true, force: true })
    return false
  }
}

const lockedOut = (path: string) =>
  new ExpectedError(
    exitStatus.wrong,
    `Another process holds the lock ${path}.lock.`,
    `Wait for it and run the command again; if nothing else is running, \`rmdir ${path}.lock\`.`,
  )
