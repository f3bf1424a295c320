import type { Process } from './basic-deps.ts'
import { redact } from './core/redact.ts'
import { type ExitStatus, ExpectedError, exitStatus } from './errors.ts'
import { createProgram } from './program.ts'
import { printable } from './system/printable.ts'
import { isTerminal, writeAll } from './system/streams.ts'
import { wrapLong } from './ui/wrap.ts'

/** The whole command line: real dependencies, one catch, one exit status. The only reader of argv and environment. */
const main = async (): Promise<number> => {
  if (process.platform === 'win32')
    throw new ExpectedError(
      exitStatus.missing,
      'channels does not run on native Windows: there is no tmux and no screen.',
      'Run it inside WSL: https://learn.microsoft.com/windows/wsl/install',
    )
  const { env, platform, execPath: node } = process
  const own: Process = {
    env,
    platform,
    node,
    dist: import.meta.dirname,
    write,
    isTerminal,
    columns,
    stdin: () => heard(process.stdin),
    stdout: () => heard(process.stdout),
    stderr: () => heard(process.stderr),
    cwd: () => process.cwd(),
    cancelled: cancel.signal,
    cancel: () => cancel.abort('cancelled'),
    interrupt: () => void process.kill(process.pid, 'SIGINT'),
    onNudge,
  }
  const world = async () => (await import('./real-deps.ts')).realDeps(own)
  return createProgram({
    basics: async () => (await import('./basic-deps.ts')).basicDeps(own),
    look: async () => (await import('./look-deps.ts')).lookDeps(own, world),
    world,
    print: (text) => write(1, text),
  }).run(process.argv.slice(2))
}

const cancel = new AbortController()

// The first Ctrl-C lets a command end in order; a second one ends it at once, as without us. We stay listening at the
// first: the lock's package (signal-exit 3) ends the process as soon as nobody but itself listens.
const cancelOrEnd = (signal: NodeJS.Signals): void => {
  // A terminal that is closed sends two hang-ups: what was begun is put right after the first.
  if (cancel.signal.aborted && signal !== 'SIGHUP') {
    process.removeListener(signal, cancelOrEnd)
    process.kill(process.pid, signal)
  } else cancel.abort(signal)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, cancelOrEnd)

/** Whoever reads our output may have enough (`channels logs -f | head`): no error, but an end. */
const write = (descriptor: 1 | 2, text: string): void => {
  if (writeAll(descriptor, text) === 'closed') cancel.abort('closed')
}

/** A terminal that was closed under a question is an error of its streams, which would end us in the middle of it. */
const heard = <Stream extends NodeJS.ReadStream | NodeJS.WriteStream>(stream: Stream): Stream => {
  if (!stream.listeners('error').includes(gone)) stream.on('error', gone)
  return stream
}
const gone = (): void => cancel.abort('closed')

/** 80 where a terminal doesn't know, as some report 0. */
const columns = (descriptor: 1 | 2): number =>
  heard(descriptor === 1 ? process.stdout : process.stderr).columns || 80

/** A command that wants to be noticed sends SIGUSR1; unheard, it would open Node's debugger port. */
let nudged = (): void => undefined
const onNudge = (wake: () => void): void => {
  nudged = wake
}
process.on('SIGUSR1', () => nudged())

/** What was typed is quoted in errors, and some type a token where none belongs; what a file holds is, too. */
const complain = (error: unknown): ExitStatus => {
  if (error instanceof ExpectedError) {
    const lines = [`channels: ${error.message}`, ...(error.hint === '' ? [] : [`  ${error.hint}`])]
    const text = redact(
      lines
        .join('\n')
        .split('\n')
        .map((line) => printable(line))
        .join('\n'),
    )
    write(2, `${isTerminal(2) ? wrapLong(text, columns(2)) : text}\n`)
    return error.status
  }
  const stack = error instanceof Error ? error.stack : String(error)
  write(2, redact(`channels: this is a bug, please report it.\n${stack}\n`))
  return exitStatus.bug
}

void main()
  .catch(complain)
  .then((status) => {
    process.exitCode = status
  })
