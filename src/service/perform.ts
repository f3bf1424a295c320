import { ExpectedError, exitStatus } from '../errors.ts'
import type { Clock } from '../system/clock.ts'
import type { Files } from '../system/files.ts'
import type { Run, RunResult } from '../system/run.ts'
import type { RunStep, Step, Words } from './port.ts'

/** What the room may touch. */
export type Machine = {
  readonly run: Run
  readonly env: Readonly<Record<string, string>>
  readonly home: string
  /** Whose processes these are. */
  readonly user: { readonly uid: number; readonly name: string }
  readonly files: Pick<Files, 'readText' | 'writeText' | 'remove' | 'exists' | 'makeFolder'>
  readonly clock: Pick<Clock, 'elapsed' | 'sleep'>
  /** Absolute path of our page about running it elsewhere (docs/running.md, which the package brings). */
  readonly manual: string
}

/** Runs a program of the service manager, in the language that we read. */
export const call = (
  { run, env }: Pick<Machine, 'run' | 'env'>,
  [file, ...args]: Words,
): Promise<RunResult> => run(file, args, { timeoutMs: callMs, env: { ...env, LC_ALL: 'C' } })

/** Stopping a unit waits for its sessions. */
const callMs = 90_000

/** Does one step; hands back what is to be said of it. Throws an ExpectedError where it fails and that matters. */
export const performStep = async (machine: Machine, step: Step): Promise<readonly string[]> => {
  if (step.do === 'write') machine.files.writeText(step.path, step.text)
  if (step.do === 'remove') machine.files.remove(step.path)
  return step.do === 'run' ? runStep(machine, step) : []
}

const runStep = async (machine: Machine, { words, failing }: RunStep): Promise<readonly string[]> => {
  const deadline = machine.clock.elapsed() + againMs
  for (;;) {
    const result = await call(machine, words)
    if (result.status === 0 || failing === 'is fine') return []
    if (typeof failing === 'object') return [`${failing.said}: ${whatFailed(words, result)}`, failing.byHand]
    if (failing === 'ends' || machine.clock.elapsed() >= deadline)
      throw new ExpectedError(
        exitStatus.wrong,
        `${whatFailed(words, result)}`,
        'Nothing further was done; once that works, run this command again.',
      )
    await machine.clock.sleep(200)
  }
}

/** launchd takes a while to let an agent go, and has no other way to wait for it. */
const againMs = 10_000

/** A sentence without its full stop. */
export const whatFailed = (
  words: Words,
  { status, signal, timedOut, notFound, stderr }: RunResult,
): string => {
  const [said = ''] = stderr.trim().split('\n').slice(-1)
  const ended = notFound
    ? 'is not there'
    : timedOut
      ? 'did not end in time'
      : `ended with ${status ?? signal ?? 'nothing'}`
  return `\`${words.join(' ')}\` ${ended}${said === '' ? '' : ` (${said.replace(/\.$/, '')})`}`
}
