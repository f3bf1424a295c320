import type { Deps, Environment } from '../../deps.ts'

/**
 * How the Bot API is asked, and where it is: by the proxy and the address that the caller's environment names, or the
 * session's own where one is given. Throws an ExpectedError (2) for an address the token must not go to.
 */
export const botApi = ({ env, channels, requestWith }: Deps, own: Environment = {}) => {
  const named = { ...env, ...own }
  return { root: channels.telegramApiRoot(named), request: requestWith(named) }
}
