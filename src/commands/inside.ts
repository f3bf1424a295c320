import type { Deps } from '../deps.ts'
import { ExpectedError, exitStatus } from '../errors.ts'

/**
 * Refuses (1) what only the person may do when Claude itself asks for it, from inside a session of ours: whoever may
 * write to the bot could otherwise have others let in, the permissions lifted that keep them in bounds, by a line typed in
 * the person's name as well, or another bot taken away. Of whichever session: what one may not do to itself it may not do
 * to another. Told by the marker that everything the client starts inherits; a shell that takes pains can shed it, so our
 * `--settings` deny Claude these commands, too.
 */
export const refuseInside = ({ env, processes }: Pick<Deps, 'env' | 'processes'>, command: string): void => {
  const isOurs = (marker: string | undefined): boolean => marker !== undefined && marker !== ''
  const inside =
    isOurs(env.CHANNELS_SESSION) ||
    processes
      .ancestors(processes.self().pid)
      .some((each) => isOurs(processes.environment(each)?.CHANNELS_SESSION))
  if (!inside) return
  throw new ExpectedError(
    exitStatus.wrong,
    `\`channels ${command}\` is not for Claude: who may write to a session, what it may do, whether it is there, and what is typed into it is the person's alone. Nothing was changed.`,
    `Run \`channels ${command}\` in a terminal of your own.`,
  )
}
