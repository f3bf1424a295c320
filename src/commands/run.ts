import type { Deps } from '../deps.ts'
import { type ExitStatus, exitStatus } from '../errors.ts'
import { tellTakenDown } from './stop.ts'

export type RunOptions = {
  readonly where: 'terminal' | 'foreground'
  /** Take the sessions down when told to leave. */
  readonly own: boolean
  /** Between two looks; null: the ordinary time. */
  readonly everyMs: number | null
}

/**
 * channels run: the keeper in the foreground. SIGTERM or Ctrl-C: it leaves and touches no session; with `--own`, as in a
 * container, it takes them all down, and they stay wanted.
 */
export const run = async (options: RunOptions, deps: Deps): Promise<ExitStatus> => {
  deps.output.say(
    options.own
      ? 'The keeper looks after all sessions. Ctrl-C or SIGTERM takes them down; they stay wanted.'
      : 'The keeper looks after all sessions. Ctrl-C ends it; the sessions go on.',
  )
  const ended = await deps.runKeeper(options)
  if (typeof ended === 'object') return tellTakenDown(ended.takenDown, deps)
  deps.output.say(
    ended === 'another'
      ? 'Another keeper runs; this one leaves it to that.'
      : 'The keeper has left; the sessions go on.',
  )
  return exitStatus.done
}
