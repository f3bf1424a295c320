import { type ReasonName, reasons, remedyFor } from '../core/reasons.ts'
import type { Deps } from '../deps.ts'
import { ExpectedError } from '../errors.ts'

/**
 * Finds the client and whatever else a session needs of this machine. Returns the client's path. Throws an
 * ExpectedError (69) for what is missing or too old.
 */
export const checkMachine = async (deps: Deps): Promise<string> => {
  const { claude, env } = deps
  const client = claude.findClient(env)
  if (client === null) throw lacks('client-missing')
  if (claude.findProgram('bun', env.PATH) === null) throw lacks('bun-missing')
  const multiplexer = await deps.multiplexer('tmux')
  if ((await multiplexer.version()).is === 'no') throw lacks('multiplexer-missing')
  const version = await claude.clientVersion(deps.run, client, claude.storedEnvironment(env))
  if (version.is === 'no') throw lacks('client-missing', version.detail)
  if (version.is === 'yes' && claude.compareVersions(version.value, claude.oldestClient) < 0)
    throw lacks('client-outdated', version.value)
  return client
}

const lacks = (reason: ReasonName, detail?: string): ExpectedError =>
  new ExpectedError(
    reasons[reason].status,
    `${reasons[reason].sentence}${detail === undefined ? '' : ` (${detail})`}`,
    remedyFor(reason, '<session>'),
  )
