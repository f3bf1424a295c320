import { formatDuration } from '../../core/duration.ts'
import type { Deps, Service, ServiceState } from '../../deps.ts'
import { type ExitStatus, exitStatus } from '../../errors.ts'
import { printJson } from '../json.ts'
import { livingKeeper } from './keeper.ts'
import { type Problem, problemsOf } from './problems.ts'
import { otherHomeProblem } from './same-home.ts'
import { presentStart } from './start.ts'

/**
 * channels service status: whether the keeper starts by itself, and what is wrong with that. 0 as it should be, 1 not, 3
 * nothing installed.
 */
export const serviceStatus = async (
  { json }: { readonly json: boolean },
  deps: Deps,
): Promise<ExitStatus> => {
  const service = await deps.service()
  const state = await service.state()
  const problems = findProblems(service, state, deps)
  const since = keeperSince(state, deps)
  if (json) printJson(deps.output, document(service, state, problems, since))
  else for (const line of lines(service, state, since, deps)) deps.output.print(line)
  if (!json)
    for (const { problem, remedy } of problems) {
      deps.output.print(`${problem}.`, 'prose')
      deps.output.print(`  ${remedy}`, 'prose')
    }
  if (state.installed === 'no') return exitStatus.unknownSession
  return problems.length === 0 ? exitStatus.done : exitStatus.wrong
}

/** What is not as it should be about what is installed, whoever wrote it. */
export const findProblems = (service: Service, state: ServiceState, deps: Deps): readonly Problem[] => {
  if (state.installed === 'no') return []
  if (state.installed === 'foreign')
    return [
      {
        problem: `${service.file} was not written by \`channels service install\``,
        remedy: 'Look what it is for; moved away, it makes room for ours.',
      },
    ]
  const start = presentStart(deps)
  const other = otherHomeProblem(state, start, deps)
  if (other.length > 0) return other
  return problemsOf({
    state,
    expected: service.command(start),
    version: deps.version,
    keeper: livingKeeper(deps),
    logs: service.logs,
    start: service.start,
    realPath: deps.files.realPath,
  })
}

const keeperSince = ({ pid }: ServiceState, deps: Deps): number | null => {
  const keeper = livingKeeper(deps)
  return keeper !== null && keeper.pid === pid ? keeper.since : null
}

const document = (
  { kind, name, file }: Service,
  state: ServiceState,
  problems: readonly Problem[],
  since: number | null,
) => ({
  version: 1,
  kind,
  name,
  file,
  installed: state.installed === 'ours',
  enabled: state.enabled,
  active: state.active,
  activity: state.activity,
  pid: state.pid,
  since: since === null ? null : new Date(since).toISOString(),
  startsAt: state.installed === 'ours' && state.enabled ? state.startsAt : null,
  command: state.command,
  problems,
})

const lines = (
  service: Service,
  state: ServiceState,
  since: number | null,
  { clock }: Deps,
): readonly string[] => {
  if (state.installed === 'no')
    return [
      'Nothing is installed: the keeper does not start by itself. `channels service install` sees to it.',
    ]
  const up = since === null ? '' : `, for ${formatDuration(clock.now() - since)}`
  return [
    `file     ${service.file}`,
    `enabled  ${state.enabled ? `yes, starts at ${starts(service, state)}` : 'no'}`,
    `active   ${state.active ? 'yes' : 'no'}: ${state.activity}${state.pid === null ? '' : `, pid ${state.pid}${up}`}`,
    `runs     ${state.command.join(' ')}`,
  ]
}

const starts = ({ bootByHand }: Service, { startsAt }: ServiceState): string => {
  if (startsAt === 'boot') return 'boot'
  const hint = bootByHand === null ? '' : `; at boot, too, after \`${bootByHand}\``
  return startsAt === 'login' ? `login${hint}` : `login (whether at boot could not be told${hint})`
}
