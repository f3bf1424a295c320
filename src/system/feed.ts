import { errorCode } from './file-errors.ts'

export type FeedOptions = {
  readonly input: string
  readonly timeoutMs: number
  /** The whole environment: nothing of ours is added. */
  readonly env: Readonly<Record<string, string>>
}

/** How it ended; status null: by a signal, or it could not be started. */
export type Fed = {
  readonly status: number | null
  readonly end: 'exited' | 'timed out' | 'not started'
}

export type Feed = (file: string, args: readonly string[], options: FeedOptions) => Promise<Fed>

/**
 * Runs a program in `/` that gets a text on its stdin, and whose output goes nowhere, however much it is. At the timeout
 * it is ended with all of its process group, as far as that may be ended, and waited for no longer. Never throws for what
 * the program does.
 */
export const feed: Feed = async (file, args, { input, timeoutMs, env }) => {
  const { spawn } = await import('node:child_process')
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: '/', env, detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
    const settle = (fed: Fed): void => {
      clearTimeout(timer)
      resolve(fed)
    }
    const timer = setTimeout(() => {
      child.unref()
      child.stdin.destroy()
      try {
        endGroup(child.pid)
        settle({ status: null, end: 'timed out' })
      } catch (error) {
        // Thrown out of a timer it would end the keeper.
        reject(error)
      }
    }, timeoutMs)
    child.once('error', () => settle({ status: null, end: 'not started' }))
    child.once('exit', (status) => settle({ status, end: 'exited' }))
    // One that reads nothing closes its end, or never takes all of it.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}

const endGroup = (pid: number | undefined): void => {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // It ended just now, or became another user's (`exec sudo -u`), whom only its own may end.
    const code = errorCode(error)
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}
