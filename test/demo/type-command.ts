import { spawn } from 'node:child_process'
import { cli } from '../sim/cli.ts'
import type { Home } from '../sim/home.ts'
import { projectOf } from './machine.ts'

export type Typing = {
  readonly home: Home
  /** What of the person's environment decides on colours. */
  readonly look: Readonly<Record<string, string>>
  /** Ends the command, which then counts as failed. */
  readonly cancelled: AbortSignal
  /** Shown: its output goes where ours goes, as it comes. Kept: handed back. */
  readonly output: 'shown' | 'kept'
}

/**
 * Runs `channels` with these words, where `~/` is the home as a shell has it. Answers the exit status, null when a
 * signal ended it, and what was kept. Throws when it can't be run or was cancelled.
 */
export const typeCommand = (
  words: readonly string[],
  { home, look, cancelled, output }: Typing,
): Promise<{ readonly code: number | null; readonly text: string }> =>
  new Promise((resolve, reject) => {
    const out = output === 'shown' ? 'inherit' : 'pipe'
    const child = spawn(
      process.execPath,
      [cli, ...words.map((word) => word.replace(/^~\//, `${home.home}/`))],
      {
        cwd: projectOf(home),
        env: { ...home.env, ...look },
        stdio: ['ignore', out, out],
        signal: cancelled,
      },
    )
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, text }))
  })
