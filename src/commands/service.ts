import type { Deps } from '../deps.ts'
import type { ExitStatus } from '../errors.ts'
import { install } from './service/install.ts'
import { serviceStatus } from './service/status.ts'
import { uninstall } from './service/uninstall.ts'

export type ServiceOrder =
  | { readonly do: 'install'; readonly yes: boolean; readonly boot: boolean }
  | { readonly do: 'uninstall'; readonly yes: boolean }
  | { readonly do: 'status'; readonly json: boolean }

/** channels service: has systemd or launchd start the keeper, no longer, or says whether they do. */
export const service = async (order: ServiceOrder, deps: Deps): Promise<ExitStatus> => {
  if (order.do === 'install') return install(order, deps)
  if (order.do === 'uninstall') return uninstall(order, deps)
  return serviceStatus(order, deps)
}
