import type { Deps } from '../deps.ts'
import { type ExitStatus, exitStatus } from '../errors.ts'

export type RunOptions = {
  readonly where: 'terminal' | 'foreground'
  /** Between two looks; null: the ordinary time. */
  readonly everyMs: number | null
}

/** channels run: the keeper in the foreground. SIGTERM or Ctrl-C: it leaves and touches no session. */
export const run = async (options: RunOptions, deps: Deps): Promise<ExitStatus> => {
  deps.output.say('The keeper looks after all sessions. Ctrl-C ends it; the sessions go on.')
  const ended = await deps.runKeeper(options)
  deps.output.say(
    ended === 'another'
      ? 'Another keeper runs; this one leaves it to that.'
      : 'The keeper has left; the sessions go on.',
  )
  return exitStatus.done
}
