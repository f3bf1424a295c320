// Loaded by Bun ahead of a channel plugin's server, in the server's own process (bun.sh). Built into one file, hold.cjs.
import { createHold } from './hold.ts'

type Write = (...words: readonly unknown[]) => boolean

const { env, stdout } = process
const write = stdout.write.bind(stdout) as Write
const take = createHold<readonly unknown[]>(
  (words) => write(...words),
  (ms, open) => setTimeout(open, ms).unref(),
)
stdout.write = (...words: readonly unknown[]) =>
  typeof words[0] === 'string' ? take(words[0], words) : write(...words)

// For this process alone: what it starts itself is nobody's channel.
const options = env.BUN_OPTIONS?.replace(/^--preload=\S*\/hold\.cjs ?/, '') ?? ''
if (options === '') delete env.BUN_OPTIONS
else env.BUN_OPTIONS = options
