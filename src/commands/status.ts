import type { Evidence } from '../core/evidence.ts'
import { report, type Unreadable } from '../core/report.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'
import { cancelled, type ExitStatus, ExpectedError, exitStatus } from '../errors.ts'
import { printJson } from './json.ts'
import { withProbe } from './probe.ts'
import { selectSessions } from './select.ts'

type Looking = Pick<Deps, 'settings' | 'observe' | 'probe' | 'clock' | 'redact' | 'output' | 'cancelled'>

export type StatusOptions = { readonly json: boolean; readonly quiet: boolean }

/**
 * channels status: the truth about every session, gathered now. 0 when every wanted session is live; sessions that are
 * named have to be live. A session whose records can't be read is shown as unknown, the others as usual.
 */
export const status = async (
  names: readonly string[],
  options: StatusOptions,
  deps: Looking,
): Promise<ExitStatus> => {
  const named = names.length > 0
  const sessions = selectSessions(names, deps)
  const evidence = await Promise.all(sessions.map((session) => look(session, deps)))
  if (deps.cancelled.aborted) throw cancelled('`channels status` asks again.')
  const now = deps.clock.now()
  const [keeper] = evidence.flatMap((each) => ('unreadable' in each ? [] : (each.keeper ?? [])))
  const document = report(evidence, keeper ?? null, now)
  if (options.json) printJson(deps.output, document)
  else if (!options.quiet) {
    const { showStatus } = await import('../ui/status.ts')
    for (const line of await showStatus(document, now, deps.output.colour())) deps.output.print(...line)
  }
  // Whether one is wanted that can't be read, nobody knows.
  const counted = document.sessions.filter(({ wanted, state }) => named || wanted || state === 'unknown')
  return counted.every(({ state }) => state === 'live') ? exitStatus.done : exitStatus.wrong
}

const look = async (session: Session, deps: Looking): Promise<Evidence | Unreadable> => {
  try {
    const { client, ...seen } = await withProbe(deps)(await deps.observe(session))
    const dialog = client?.dialog ?? null
    if (client === null || dialog === null) return { ...seen, client }
    return { ...seen, client: { ...client, dialog: { ...dialog, text: deps.redact(dialog.text) } } }
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error
    return { session, unreadable: error.message }
  }
}
