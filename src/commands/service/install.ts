import type { Deps, Service, ServiceState } from '../../deps.ts'
import { cancelled, type ExitStatus, ExpectedError, exitStatus } from '../../errors.ts'
import { agree } from './agree.ts'
import { livingKeeper } from './keeper.ts'
import { refuseOtherHome } from './same-home.ts'
import { keeperStart } from './start.ts'

/**
 * channels service install: has the keeper start at boot or login from now on, and at once. Installed again it goes by
 * what is installed now; no session is touched.
 */
export const install = async (
  { yes, boot }: { readonly yes: boolean; readonly boot: boolean },
  deps: Deps,
): Promise<ExitStatus> => {
  const start = keeperStart(deps)
  const service = await deps.service()
  const before = await service.state()
  if (before.installed === 'foreign') throw notOurs(service)
  refuseOtherHome(service, before, start, 'Nothing was installed')
  refuseAnother(before, deps)
  const steps = service.installing(start, before, boot)
  await agree(steps, { yes, action: 'install', nothing: 'Nothing was installed.' }, deps)
  const left: string[] = []
  for (const step of steps) left.push(...(await service.perform(step)))
  const after = await untilKept(service, before, deps)
  deps.output.print(
    `${service.name} is installed; its keeper (pid ${after.pid}) looks after all sessions.`,
    'prose',
  )
  deps.output.print(whenItStarts(service, after), 'prose')
  if (!boot && after.startsAt !== 'boot' && service.bootByHand !== null)
    left.push(`\`${service.bootByHand}\` has it start at boot, too.`)
  for (const line of left) deps.output.say(line)
  return exitStatus.done
}

/** The keeper that the service started is the one that counts: one in a terminal has made way for it. */
const untilKept = async (service: Service, before: ServiceState, deps: Deps): Promise<ServiceState> => {
  const deadline = deps.clock.elapsed() + keptWithinMs
  for (;;) {
    const state = await service.state()
    if (state.pid !== null && state.pid !== before.pid && livingKeeper(deps)?.pid === state.pid) return state
    if (deps.cancelled.aborted) throw cancelled('It is installed; `channels service status` says how it is.')
    if (deps.clock.elapsed() >= deadline)
      throw new ExpectedError(
        exitStatus.wrong,
        `${service.name} is installed, but no keeper of its came up: ${state.activity}.`,
        `\`${service.logs}\` shows why.`,
      )
    await deps.clock.sleep(lookMs, deps.cancelled)
  }
}

/** A keeper that is to leave ends what it is doing first, say starting a terminal. */
const keptWithinMs = 40_000
const lookMs = 200

/** Started by hand, or by another service manager: it would not make way. */
const refuseAnother = (before: ServiceState, deps: Deps): void => {
  const keeper = livingKeeper(deps)
  if (keeper === null || keeper.where === 'terminal' || keeper.pid === before.pid) return
  throw new ExpectedError(
    exitStatus.wrong,
    `Nothing was installed: a keeper runs in the foreground (pid ${keeper.pid}), started by hand or by something else.`,
    `End it with \`kill ${keeper.pid}\` (a keeper that leaves touches no session), and see that nothing starts it again.`,
  )
}

const notOurs = ({ file }: Service): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Nothing was installed: ${file} is there, and was not written by \`channels service install\`.`,
    'Look what it is for; move it away, and run this again.',
  )

const whenItStarts = ({ bootByHand }: Service, { startsAt }: ServiceState): string => {
  if (startsAt === 'boot') return 'It starts at boot.'
  return bootByHand === null
    ? 'It starts when you log in at the screen.'
    : 'It starts when you log in, and ends with your last logout.'
}
