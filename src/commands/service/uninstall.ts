import { becomes } from '../../core/becomes.ts'
import type { Deps, Service } from '../../deps.ts'
import { type ExitStatus, ExpectedError, exitStatus } from '../../errors.ts'
import { agree } from './agree.ts'
import { refuseOtherHome } from './same-home.ts'
import { presentStart } from './start.ts'

/**
 * channels service uninstall: the keeper starts by itself no longer. Sessions that are up stay up: a keeper in a terminal
 * of its own takes over.
 */
export const uninstall = async ({ yes }: { readonly yes: boolean }, deps: Deps): Promise<ExitStatus> => {
  const service = await deps.service()
  const before = await service.state()
  if (before.installed === 'foreign') throw notOurs(service)
  if (before.installed === 'no' && before.pid === null) {
    deps.output.print('Nothing is installed.', 'prose')
    return exitStatus.done
  }
  const start = presentStart(deps)
  refuseOtherHome(service, before, start, 'Nothing was removed')
  const steps = service.uninstalling(start, before)
  await agree(steps, { yes, action: 'uninstall', nothing: 'Nothing was removed.' }, deps)
  const left: string[] = []
  for (const step of steps) left.push(...(await service.perform(step)))
  // launchd does not wait for it, and the next keeper would leave it to this one.
  const { pid } = before
  if (pid !== null) await becomes(deps.clock, leavesMs, () => deps.processes.find(pid) === null)
  deps.output.print(`${service.name} is uninstalled.`, 'prose')
  if (isAnyWanted(deps)) {
    await deps.ensureKeeper()
    deps.output.print(
      'The sessions go on; a keeper in a terminal of its own looks after them, until the machine goes down.',
      'prose',
    )
  }
  if (before.startsAt === 'boot')
    left.push('Lingering stays enabled, for whatever else you run; `loginctl disable-linger` ends it.')
  for (const line of left) deps.output.say(line)
  return exitStatus.done
}

const leavesMs = 30_000

const isAnyWanted = ({ settings, files, folders }: Deps): boolean =>
  Object.keys(settings.read().sessions).some(
    (name) => files.readRecord(folders.session(name).wanted, files.checks.wanted)?.want === true,
  )

const notOurs = ({ file }: Service): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Nothing was removed: ${file} was not written by \`channels service install\`.`,
    'Look what it is for; what you no longer want of it, remove by hand.',
  )
