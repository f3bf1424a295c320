import { hasNarrowBlocks } from '../core/locale.ts'
import type { Report } from '../core/report.ts'
import { isOn } from '../core/switch.ts'
import type { LookDeps } from '../deps.ts'
import { cancelled, type ExitStatus, exitStatus } from '../errors.ts'
import { printJson } from './json.ts'
import { withProbe } from './probe.ts'
import { reportOn } from './report-on.ts'
import { selectSessions } from './select.ts'

export type StatusAs = 'table' | 'plain' | 'json' | 'nothing'

/**
 * channels status: the truth about every session, gathered now. 0 when every wanted session is live; sessions that are
 * named have to be live. A session whose records can't be read is shown as unknown, the others as usual.
 */
export const status = async (names: readonly string[], as: StatusAs, deps: LookDeps): Promise<ExitStatus> => {
  const sessions = selectSessions(names, deps)
  const document = await reportOn(sessions, (evidence) => withProbe(deps)(evidence), deps)
  if (deps.cancelled.aborted) throw cancelled('`channels status` asks again.')
  await show(document, as === 'table' && isOn(deps.env.ACCESSIBLE) ? 'plain' : as, deps)
  return counted(document, names).every(({ state }) => state === 'live') ? exitStatus.done : exitStatus.wrong
}

/** The sessions that have to be live: those that are named, else all that are wanted. */
export const counted = ({ sessions }: Report, names: readonly string[]): Report['sessions'] =>
  // Whether one is wanted that can't be read, nobody knows.
  sessions.filter(({ wanted, state }) => names.length > 0 || wanted || state === 'unknown')

const show = async (
  document: Report,
  as: StatusAs,
  { output, columns, env }: Pick<LookDeps, 'output' | 'columns' | 'env'>,
): Promise<void> => {
  const now = Date.parse(document.at)
  if (as === 'json') printJson(output, document)
  if (as === 'plain') {
    const { plainStatus } = await import('../ui/plain-status.ts')
    output.printAll(plainStatus(document, now).map((line) => [line, 'prose']))
  }
  if (as === 'table') {
    const { showStatus } = await import('../ui/status.ts')
    // Of a table that a program reads the last day is no part: --json has it.
    const width = columns()
    const day = width === null ? null : { columns: width, unicode: hasNarrowBlocks(env) }
    output.printAll(await showStatus(document, now, output.colour(), day))
  }
}
