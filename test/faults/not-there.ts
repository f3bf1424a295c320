import type { ReasonName } from '../../src/core/reasons.ts'
import * as causes from '../simulated/faults/causes.ts'
import type { Fault } from './fault.ts'

const cause = (name: string, says: ReasonName, where: Fault['where'], open: Fault['open']): Fault => ({
  name,
  says,
  where,
  when: 'start',
  heals: 'once mended',
  open,
})

/** What a start needs and is not there: each blocked until somebody brings it, and nothing else asked of them. */
export const notThere: readonly Fault[] = [
  cause('client missing', 'client-missing', 'both', causes.clientMissing),
  cause('client too old', 'client-outdated', 'simulation', causes.clientOutdated),
  cause('no Bun', 'bun-missing', 'both', causes.bunMissing),
  cause('plugin missing', 'plugin-missing', 'both', causes.pluginMissing),
  cause('token file gone', 'token-missing', 'both', causes.tokenMissing),
  cause('folder gone', 'folder-missing', 'both', causes.folderMissing),
  cause('state of the bot unwritable', 'state-unwritable', 'both', causes.stateUnwritable),
  cause('not logged in', 'login-missing', 'simulation', causes.loginMissing),
  cause('a key, and a client of before keys', 'login-missing', 'simulation', causes.keyTooNew),
  cause('DISABLE_TELEMETRY in settings', 'channels-unavailable', 'both', causes.telemetryOff),
]
