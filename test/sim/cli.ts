import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { patience } from '../patience.ts'

/** The built command. */
export const cli = fileURLToPath(new URL('../../bin/channels.js', import.meta.url))

export type Outcome = {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
}

export type Call = {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** What stands on its stdin; nothing when absent. */
  readonly input?: string
  /** Ends it and throws, with what it printed; a minute when absent. */
  readonly timeoutMs?: number
  /** Whose process it is; only root can say. */
  readonly uid?: number
}

/** Runs a program to its end, with this environment and no other. Throws when it does not end in time. */
export const runProgram = (file: string, args: readonly string[], call: Call): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const before = Date.now()
    const as = call.uid === undefined ? {} : { uid: call.uid, gid: call.uid }
    const child = spawn(file, args, { cwd: call.cwd, env: call.env, stdio: 'pipe', ...as })
    const printed = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed.stderr += text
    })
    // A program that reads no stdin may be gone before it is written.
    child.stdin.on('error', () => undefined)
    child.stdin.end(call.input ?? '')
    const timeoutMs = (call.timeoutMs ?? 60_000) * patience
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`${args.join(' ')} took over ${timeoutMs} ms\n${printed.stdout}\n${printed.stderr}`))
    }, timeoutMs)
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ code, ...printed, ms: Date.now() - before })
    })
  })
