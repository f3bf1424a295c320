import { judgeKeeper } from '../core/at-work.ts'
import type { LookDeps } from '../deps.ts'
import { type ExitStatus, exitStatus, usageError } from '../errors.ts'
import { withProbe } from './probe.ts'
import { reportOn } from './report-on.ts'
import { selectSessions } from './select.ts'
import { counted } from './status.ts'

/**
 * channels status --probe live: fails only when the keeper is lost, so that nothing a restart does not mend restarts a
 * container for ever. One line; 0 or 1.
 */
export const probeLive = (names: readonly string[], deps: LookDeps): ExitStatus => {
  if (names.length > 0)
    throw usageError(
      '`--probe live` is about the keeper, which looks after all sessions.',
      '`--probe ready` takes sessions.',
    )
  const { lost, sentence } = judgeKeeper(deps.seeKeeper(), deps.clock.now())
  deps.output.print(`${lost ? 'lost' : 'live'}: ${sentence}`)
  return lost ? exitStatus.wrong : exitStatus.done
}

/** channels status --probe ready: fails when not live, by the rule of `status`. One line; 0 or 1. */
export const probeReady = async (names: readonly string[], deps: LookDeps): Promise<ExitStatus> => {
  const document = await reportOn(selectSessions(names, deps), withProbe(deps), deps)
  const asked = counted(document, names)
  const unwell = asked.filter(({ state }) => state !== 'live')
  const [first, ...others] = unwell
  if (first === undefined) {
    deps.output.print(asked.length === 0 ? 'ready: no session is wanted' : `ready: ${live(asked.length)}`)
    return exitStatus.done
  }
  const more = others.length === 0 ? '' : `, and ${others.length} more`
  const why = first.reason === null ? '' : ` (${first.reason})`
  deps.output.print(`not ready: ${first.name} is ${first.state}${why}${more}`)
  return exitStatus.wrong
}

const live = (sessions: number): string =>
  sessions === 1 ? 'the session is live' : `${sessions} sessions are live`
