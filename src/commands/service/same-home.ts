import type { Deps, KeeperStart, Service, ServiceState } from '../../deps.ts'
import { ExpectedError, exitStatus } from '../../errors.ts'

/** The variables that say where our configuration and state are. */
const names = ['CHANNELS_HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME'] as const

/** Where what is installed looks after sessions, if not here: `NAME=value`, or `no NAME`. Null where it does so here. */
export const otherHome = ({ environment }: ServiceState, here: KeeperStart): string | null => {
  const name = names.find((each) => environment[each] !== here.environment[each])
  if (name === undefined) return null
  return environment[name] === undefined ? `no ${name}` : `${name}=${environment[name]}`
}

/** There is one service for a user: installed or removed from here, other sessions would be left without it. */
export const refuseOtherHome = (
  service: Service,
  state: ServiceState,
  here: KeeperStart,
  nothing: string,
): void => {
  const there = state.installed === 'ours' ? otherHome(state, here) : null
  if (there !== null)
    throw new ExpectedError(
      exitStatus.wrong,
      `${nothing}: ${service.name} looks after other sessions than those here, with ${there}.`,
      'Run `channels service uninstall` with that in the environment first, or leave it as it is.',
    )
}

export const otherHomeProblem = (state: ServiceState, here: KeeperStart, deps: Deps) => {
  const there = otherHome(state, here)
  return there === null
    ? []
    : [
        {
          problem: `It looks after other sessions than those of ${deps.folders.config}: it is started with ${there}`,
          remedy: 'Run this with that in the environment.',
        },
      ]
}
