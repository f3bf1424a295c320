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
 * it is ended with all of its process group. Never throws for what the program does.
 */
export const feed: Feed = async (file, args, { input, timeoutMs, env }) => {
  const { spawn } = await import('node:child_process')
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: '/', env, detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
    let end: Fed['end'] = 'exited'
    const timer = setTimeout(() => {
      end = 'timed out'
      endGroup(child.pid)
    }, timeoutMs)
    const settle = (fed: Fed): void => {
      clearTimeout(timer)
      resolve(fed)
    }
    child.once('error', () => settle({ status: null, end: 'not started' }))
    child.once('exit', (status) => settle({ status: end === 'exited' ? status : null, end }))
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
    // It ended just now.
    if (errorCode(error) !== 'ESRCH') throw error
  }
}
