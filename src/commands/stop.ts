import type { TakenDown } from '../core/take-down.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, exitStatus } from '../errors.ts'

/**
 * channels run --stop: takes all sessions down in order and has the keeper leave. What is wanted stays wanted, and comes
 * back with the next keeper. 0 also when nothing ran; 1 when something would not end.
 */
export const stop = async (deps: Deps): Promise<ExitStatus> => {
  const { keeper, sessions } = await deps.stop()
  if (keeper === 'none' && sessions.every(({ is }) => is === 'was-not-running')) {
    deps.output.print('Nothing runs: no session, and no keeper.', 'prose')
    return exitStatus.done
  }
  const status = tellTakenDown(sessions, deps)
  if (keeper === 'left') deps.output.print('The keeper has left.', 'prose')
  return status
}

/** Says of each session that ran what became of it. */
export const tellTakenDown = (
  sessions: readonly TakenDown[],
  { output }: Pick<Deps, 'output'>,
): ExitStatus => {
  for (const { session, is, wanted, left } of sessions) {
    if (is === 'down')
      output.print(
        wanted
          ? `${session} is down, and still wanted: the next keeper brings it back.`
          : `${session} is stopped.`,
        'prose',
      )
    if (is === 'left') {
      output.print(`${session} could not be taken down: ${left}.`, 'prose')
      output.print(
        `  \`channels logs ${session}\` shows what was tried; \`channels down ${session}\` tries again, and leaves it not wanted.`,
        'prose',
      )
    }
  }
  return sessions.some(({ is }) => is === 'left') ? exitStatus.wrong : exitStatus.done
}
