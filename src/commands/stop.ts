import type { TakenDown } from '../core/take-down.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, exitStatus } from '../errors.ts'

/**
 * channels run --stop: takes all sessions down in order and has the keeper leave. What is wanted stays wanted, and comes
 * back with the next keeper. 0 also when nothing ran; 1 when something would not end.
 */
export const stop = async (deps: Deps): Promise<ExitStatus> => {
  if (isAfterEnd(deps.env)) {
    deps.output.print('The keeper ended by itself; the sessions go on.', 'prose')
    return exitStatus.done
  }
  const { keeper, sessions } = await deps.stop()
  if (keeper === 'none' && sessions.every(({ is }) => is === 'was-not-running')) {
    deps.output.print('Nothing runs: no session, and no keeper.', 'prose')
    return exitStatus.done
  }
  const status = tellTakenDown(sessions, deps)
  if (keeper === 'left') deps.output.print('The keeper has left.', 'prose')
  return status
}

/**
 * Whether systemd runs this though nobody stops the unit: it does so, too, when the keeper crashed or left, and then no
 * session is to be touched. `$MAINPID` is unset where the main process is gone (systemd.service(5), "ExecStop=");
 * `$SERVICE_RESULT` is set for stop commands only (systemd.exec(5)).
 */
const isAfterEnd = ({ SERVICE_RESULT, MAINPID }: Deps['env']): boolean =>
  SERVICE_RESULT !== undefined && (MAINPID ?? '') === ''

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
