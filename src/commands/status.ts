import type { Evidence } from '../core/evidence.ts'
import { report } from '../core/report.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, exitStatus } from '../errors.ts'
import { withProbe } from './probe.ts'
import { selectSessions } from './select.ts'

export type StatusOptions = { readonly json: boolean; readonly quiet: boolean }

/**
 * channels status: the truth about every session, gathered now. 0 when every wanted session is live; sessions that are
 * named have to be live.
 */
export const status = async (
  names: readonly string[],
  options: StatusOptions,
  deps: Deps,
): Promise<ExitStatus> => {
  const named = names.length > 0
  const sessions = selectSessions(names, deps)
  const evidence: readonly Evidence[] = await Promise.all(
    sessions.map(async (session) => withProbe(deps)(await deps.observe(session))),
  )
  const now = deps.clock.now()
  const document = report(evidence, evidence[0]?.keeper ?? null, now)
  if (options.json) deps.output.print(JSON.stringify(document, null, 2))
  else if (!options.quiet) {
    const { showStatus } = await import('../ui/status.ts')
    for (const line of await showStatus(document, now, deps.output.colour())) deps.output.print(line)
  }
  const counted = document.sessions.filter(({ wanted }) => named || wanted)
  return counted.every(({ state }) => state === 'live') ? exitStatus.done : exitStatus.wrong
}
