import { statSync } from 'node:fs'
import { ExpectedError, exitStatus } from '../errors.ts'
import { errorCode } from './file-errors.ts'

export type RunOptions = {
  readonly timeoutMs: number
  /** The whole environment: nothing of ours is added. */
  readonly env: Readonly<Record<string, string>>
  /** `/` when absent. */
  readonly cwd?: string
  /** Written to its stdin; without it stdin is empty. */
  readonly input?: string
}

export type RunResult = {
  /** Null when a signal ended it or it never ran. */
  readonly status: number | null
  readonly signal: string | null
  /** As printed, the last line end included. */
  readonly stdout: string
  readonly stderr: string
  readonly timedOut: boolean
  /** The program is not there or may not be executed. */
  readonly notFound: boolean
}

export type Run = (file: string, args: readonly string[], options: RunOptions) => Promise<RunResult>

/**
 * Runs a program to its end and says how that was; never throws for what the program does. On a timeout SIGTERM,
 * SIGKILL a second later. Always answers within `timeoutMs` + 3 s, whatever is left holding the pipes.
 */
export const run: Run = async (file, args, { timeoutMs, env, cwd = anywhere, input }) => {
  // Node says ENOENT of the program when it is the folder that is missing.
  if (!isFolder(cwd)) return { ...unstarted, stderr: `${cwd} is not a folder` }
  const { execa } = await import('execa')
  const child = execa(file, args, {
    cwd,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    env,
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    timeout: timeoutMs,
    forceKillAfterDelay: 1000,
    maxBuffer: 16 * 1024 * 1024,
  })
  const letGo = () => {
    child.stdout.destroy()
    child.stderr.destroy()
  }
  // A grandchild can hold the pipes open long after the program ended (field notes, section 1: `nohup`, `setsid`).
  let lingering: NodeJS.Timeout | undefined
  child.once('exit', () => {
    // What it said is read first: whoever was held up for so long has its end and its words to catch up with, in that order.
    lingering = setTimeout(() => setImmediate(letGo), 500)
  })
  let patience: NodeJS.Timeout | undefined
  const stuck = new Promise<'stuck'>((resolve) => {
    patience = setTimeout(() => resolve('stuck'), timeoutMs + 2500)
  })
  const result = await Promise.race([child, stuck])
  clearTimeout(lingering)
  clearTimeout(patience)
  if (result === 'stuck') {
    // Not even SIGKILL ended it (a disk that hangs): nobody waits for it any more.
    letGo()
    child.unref()
    return { ...unstarted, timedOut: true }
  }
  const ran = result.exitCode !== undefined || result.signal !== undefined
  return {
    status: result.exitCode ?? null,
    signal: result.signal ?? null,
    stdout: printed(result.stdout),
    stderr: printed(result.stderr) || (ran ? '' : (result.originalMessage ?? '')),
    timedOut: result.timedOut,
    notFound: absent.has(result.code ?? ''),
  }
}

/** Hands the terminal to a program until it ends. Throws an ExpectedError (69) when it can't be started. */
export const runInteractive = async (
  file: string,
  args: readonly string[],
  { env, cwd = anywhere }: { readonly env: Readonly<Record<string, string>>; readonly cwd?: string },
): Promise<{ readonly status: number | null; readonly signal: string | null }> => {
  const { execa } = await import('execa')
  // Ctrl-C reaches the whole foreground group: it is the program's to answer, and must not end us under it.
  const leave = () => undefined
  process.on('SIGINT', leave).on('SIGQUIT', leave)
  try {
    const result = await execa(file, args, { cwd, env, extendEnv: false, reject: false, stdio: 'inherit' })
    if (result.code !== undefined && result.exitCode === undefined && result.signal === undefined)
      throw new ExpectedError(
        exitStatus.missing,
        `Cannot start ${file} (${result.code}).`,
        `Install it, or look with \`command -v ${file}\` whether it is in PATH.`,
      )
    return { status: result.exitCode ?? null, signal: result.signal ?? null }
  } finally {
    process.off('SIGINT', leave).off('SIGQUIT', leave)
  }
}

/** Never the present folder, which may be gone: execa 9 throws when it asks for it. */
const anywhere = '/'

const unstarted: RunResult = {
  status: null,
  signal: null,
  stdout: '',
  stderr: '',
  timedOut: false,
  notFound: false,
}

/** A program that was never started has printed nothing, whatever execa's types say of it. */
const printed = (output: string | undefined): string => output ?? ''

const absent: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'ENOTDIR'])

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    if (errorCode(error) === null) throw error
    return false
  }
}
