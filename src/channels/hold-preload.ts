// Loaded by Bun ahead of a channel plugin's server, in the server's own process (bun.sh): no message is handed to a client
// that does not listen yet, or no longer. Built into one file, hold.cjs.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keptName } from '../core/kept.ts'
import { createHold } from './hold.ts'

type Write = (...words: readonly unknown[]) => boolean

const { env, stderr, stdin, stdout } = process
const kept = join(__dirname, keptName(process.pid))

/** For the keeper, which ends no plugin that keeps something (`keeper/hush.ts`). */
const note = (keeps: boolean): void => {
  try {
    if (keeps) writeFileSync(kept, '')
    else rmSync(kept, { force: true })
  } catch (error) {
    // The messages go on all the same; only a new client within this second would lose them.
    stderr.write(`channels: ${String(error)}\n`)
  }
}

const write = stdout.write.bind(stdout) as Write
const take = createHold<readonly unknown[]>(
  (words) => write(...words),
  (ms, open) => setTimeout(open, ms).unref(),
  note,
)
stdout.write = (...words: readonly unknown[]) =>
  typeof words[0] === 'string' ? take(words[0], words) : write(...words)

// A plugin that outlives its client, telegram 0.0.7 for up to 7 s, hands what it fetches to nobody, and Telegram takes it
// for delivered with the next poll. At once and without a word: what it would do in leaving is such a poll, too.
stdin.once('end', () => process.kill(process.pid, 'SIGKILL'))

// For this process alone: what it starts itself is nobody's channel.
const options = env.BUN_OPTIONS?.replace(/^--preload=\S*\/hold\.cjs ?/, '') ?? ''
if (options === '') delete env.BUN_OPTIONS
else env.BUN_OPTIONS = options
