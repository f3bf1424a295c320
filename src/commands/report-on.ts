import type { Evidence } from '../core/evidence.ts'
import { type Report, report, type Unreadable } from '../core/report.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'
import { ExpectedError } from '../errors.ts'

/** What looking at sessions takes. */
export type Looking = Pick<Deps, 'observe' | 'redact' | 'clock'>

/**
 * The report on these sessions, gathered now; `fill` adds what the evidence of a session lacks. One whose records can't
 * be read is reported as unknown, the others as usual.
 */
export const reportOn = async (
  sessions: readonly Session[],
  fill: (evidence: Evidence) => Promise<Evidence>,
  deps: Looking,
): Promise<Report> => {
  const evidence = await Promise.all(sessions.map((session) => look(session, fill, deps)))
  const [keeper] = evidence.flatMap((each) => ('unreadable' in each ? [] : (each.keeper ?? [])))
  return report(evidence, keeper ?? null, deps.clock.now())
}

const look = async (
  session: Session,
  fill: (evidence: Evidence) => Promise<Evidence>,
  { observe, redact }: Looking,
): Promise<Evidence | Unreadable> => {
  try {
    const { client, ...seen } = await fill(await observe(session))
    const dialog = client?.dialog ?? null
    if (client === null || dialog === null) return { ...seen, client }
    return { ...seen, client: { ...client, dialog: { ...dialog, text: redact(dialog.text) } } }
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error
    return { session, unreadable: error.message }
  }
}
