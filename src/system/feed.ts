import { errorCode } from './file-errors.ts'

export type FeedOptions = {
  readonly input: string
  readonly timeoutMs: number
  /** The whole environment: nothing of ours is added. */
  readonly env: Readonly<Record<string, string>>
  /** Ends it before its time. */
  readonly signal: AbortSignal
}

/** How it ended; status null: by a signal, or it could not be started. */
export type Fed = {
  readonly status: number | null
  readonly end: 'exited' | 'timed out' | 'stopped' | 'not started'
}

export type Feed = (file: string, args: readonly string[], options: FeedOptions) => Promise<Fed>

/**
 * Runs a program in `/` that gets a text on its stdin, and whose output goes nowhere, however much it is. At the timeout,
 * or told to stop, it is ended with all of its process group, as far as that may be ended, and waited for no longer. What
 * it leaves behind in that group has the rest of its time, and no more. Never throws for what the program does.
 */
export const feed: Feed = async (file, args, { input, timeoutMs, env, signal }) => {
  const { spawn } = await import('node:child_process')
  if (signal.aborted) return { status: null, end: 'stopped' }
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: '/', env, detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
    const end = (why: 'timed out' | 'stopped'): void => {
      letGo()
      child.off('exit', outlive)
      child.unref()
      child.stdin.destroy()
      try {
        endGroup(child.pid)
        resolve({ status: null, end: why })
      } catch (error) {
        // Thrown out of a timer it would end the keeper.
        reject(error)
      }
    }
    const stop = (): void => end('stopped')
    const timer = setTimeout(() => end('timed out'), timeoutMs)
    let watch: NodeJS.Timeout | undefined
    const letGo = (): void => {
      clearTimeout(timer)
      clearInterval(watch)
      signal.removeEventListener('abort', stop)
    }
    const letGoOfNobody = (): void => {
      if (!hasGroup(child.pid)) letGo()
    }
    const outlive = (status: number | null): void => {
      // Asked again and again: once nobody has that group, its number may become somebody else's.
      watch = setInterval(letGoOfNobody, 100)
      letGoOfNobody()
      resolve({ status, end: 'exited' })
    }
    signal.addEventListener('abort', stop)
    child.once('error', () => {
      letGo()
      resolve({ status: null, end: 'not started' })
    })
    child.once('exit', outlive)
    // One that reads nothing closes its end, or never takes all of it.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}

const endGroup = (pid: number | undefined): void => void signalGroup(pid, 'SIGKILL')

const hasGroup = (pid: number | undefined): boolean => signalGroup(pid, 0)

/** Whether anybody of the group is there. */
const signalGroup = (pid: number | undefined, signal: 'SIGKILL' | 0): boolean => {
  if (pid === undefined) return false
  try {
    return process.kill(-pid, signal)
  } catch (error) {
    // It ended just now, or became another user's (`exec sudo -u`), whom only its own may end.
    const code = errorCode(error)
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
    return code === 'EPERM'
  }
}
