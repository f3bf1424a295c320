import { examineMachine, examineSession } from '../core/doctor/examine.ts'
import type { MachineFacts } from '../core/doctor/facts.ts'
import type { CheckResult } from '../core/doctor/result.ts'
import type { Session } from '../core/session.ts'
import { findSession } from '../core/settings.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, ExpectedError, exitStatus, unknownSession } from '../errors.ts'
import { document } from './doctor/document.ts'
import { mend } from './doctor/mend.ts'
import { reportLines } from './doctor/report.ts'
import type { Seen } from './doctor/seen.ts'
import { lookAtService } from './doctor/start-at-boot.ts'
import { printJson } from './json.ts'

export type DoctorOptions = { readonly fix: boolean; readonly json: boolean; readonly report: boolean }

/**
 * channels doctor: every condition for a live channel as one check, with what was looked at, what was found and what
 * helps; what depends on a failed one is not checked. 0 when none failed, 1 when one did, 3 when nothing is set up.
 * Starts no client that loads a plugin, and never reads a bot's messages. With `fix` it first does what is safe, and says so.
 */
export const doctor = async (
  name: string | undefined,
  { fix, json, report }: DoctorOptions,
  deps: Deps,
): Promise<ExitStatus> => {
  const sessions = select(name, deps)
  if ('broken' in sessions) return show([sessions.broken], [], { json, report, deps, seen: null })
  const before = await examine(sessions, deps)
  const fixed = fix ? await mend(before.results, sessions, deps) : []
  const seen = fixed.length === 0 ? before : await examine(sessions, deps)
  const status = await show(seen.results, fixed, { json, report, deps, seen })
  if (sessions.length > 0) return status
  deps.output.say('No session is set up: `channels setup telegram` makes one.')
  return exitStatus.unknownSession
}

const examine = async (sessions: readonly Session[], deps: Deps): Promise<Seen> => {
  const [service, ...facts] = await Promise.all([
    lookAtService(deps),
    ...sessions.map((session) => deps.examine(session)),
  ])
  const machine: MachineFacts = {
    ...deps.examineMachine(sessions),
    service,
    sessions: sessions.length,
    version: deps.version,
  }
  return {
    machine,
    sessions: facts,
    results: [...examineMachine(machine, deps.clock.now()), ...facts.flatMap((each) => examineSession(each))],
  }
}

/** A configuration that can't be read is what is wrong, and nothing else can be told. Throws an ExpectedError (3). */
const select = (
  name: string | undefined,
  deps: Pick<Deps, 'settings'>,
): readonly Session[] | { readonly broken: CheckResult } => {
  try {
    const settings = deps.settings.read()
    if (name === undefined) return Object.values(settings.sessions)
    const session = findSession(settings, name)
    if (session === null) throw unknownSession(name)
    return [session]
  } catch (error) {
    if (!(error instanceof ExpectedError) || error.status === exitStatus.unknownSession) throw error
    return {
      broken: {
        ...{ check: 'configuration', session: null, channel: null, is: 'failed', reason: null },
        ...{ found: error.message, remedy: error.hint, needs: [], fixes: [] },
      },
    }
  }
}

type Showing = Pick<DoctorOptions, 'json' | 'report'> & {
  readonly deps: Deps
  readonly seen: Seen | null
}

const show = async (
  results: readonly CheckResult[],
  fixed: readonly string[],
  { json, report, deps, seen }: Showing,
): Promise<ExitStatus> => {
  if (report) for (const line of reportLines(results, seen, deps)) deps.output.print(line)
  else if (json) printJson(deps.output, document(results, fixed, deps))
  else {
    const { showDoctor } = await import('../ui/doctor.ts')
    deps.output.printAll(await showDoctor(results, deps.output.colour()))
  }
  return results.some(({ is }) => is === 'failed') ? exitStatus.wrong : exitStatus.done
}
