import { examineMachine, examineSession } from '../core/doctor/examine.ts'
import type { MachineFacts, SessionFacts } from '../core/doctor/facts.ts'
import type { CheckResult } from '../core/doctor/result.ts'
import { examineUnreadable } from '../core/doctor/unreadable.ts'
import { nearest } from '../core/nearest.ts'
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
  const chosen = select(name, deps)
  const before = await examine(chosen, deps)
  const fixed = fix ? await mend(before.results, deps) : []
  const seen = fixed.length === 0 ? before : await examine(chosen, deps)
  const status = await show(seen.results, fixed, { json, report, deps, seen })
  if (chosen.all.length > 0 || chosen.configFault !== null) return status
  deps.output.say('No session is set up: `channels setup telegram` makes one.')
  return exitStatus.unknownSession
}

type Chosen = Pick<MachineFacts, 'configFault'> & {
  readonly sessions: readonly Session[]
  /** What is true of the machine is so for all that are set up. */
  readonly all: readonly Session[]
}

const examine = async ({ sessions, all, configFault }: Chosen, deps: Deps): Promise<Seen> => {
  const [service, ...examined] = await Promise.all([
    lookAtService(deps),
    ...sessions.map((session) => examineOne(session, deps)),
  ])
  const machine: MachineFacts = {
    ...deps.examineMachine(all),
    service,
    sessions: all.length,
    configFault,
    version: deps.version,
  }
  return {
    sessions: examined.flatMap(({ facts }) => facts ?? []),
    results: [
      ...examineMachine(machine, deps.clock.now()),
      ...examined.flatMap(({ results }) => results),
    ].map((result) => ({ ...result, found: deps.redact(result.found) })),
  }
}

type Examined = { readonly facts: SessionFacts | null; readonly results: readonly CheckResult[] }

/** A session whose records can't be read hides no other one. */
const examineOne = async (session: Session, deps: Deps): Promise<Examined> => {
  try {
    const facts = await deps.examine(session)
    return { facts, results: examineSession(facts) }
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error
    return { facts: null, results: examineUnreadable(session, error.message, error.hint) }
  }
}

/** Throws an ExpectedError (3) for a name that is none. */
const select = (name: string | undefined, deps: Pick<Deps, 'settings'>): Chosen => {
  try {
    const settings = deps.settings.read()
    const all = Object.values(settings.sessions)
    if (name === undefined) return { sessions: all, all, configFault: null }
    const session = findSession(settings, name)
    if (session === null) throw unknownSession(name, nearest(name, Object.keys(settings.sessions)))
    return { sessions: [session], all, configFault: null }
  } catch (error) {
    if (!(error instanceof ExpectedError) || error.status === exitStatus.unknownSession) throw error
    // Then nothing can be told of any session.
    return { sessions: [], all: [], configFault: { found: error.message, remedy: error.hint } }
  }
}

type Showing = Pick<DoctorOptions, 'json' | 'report'> & {
  readonly deps: Deps
  readonly seen: Seen
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
