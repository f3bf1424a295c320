import type { Deps, Environment, Messenger } from '../../deps.ts'

/**
 * How a messenger is asked, and where it is: by the proxy and the address that the caller's environment names, or the
 * session's own where one is given. Throws an ExpectedError (2) for an address the token must not go to.
 */
export const botApi = (
  messenger: Messenger,
  { env, requestWith }: Pick<Deps, 'env' | 'requestWith'>,
  own: Environment = {},
) => {
  const named = { ...env, ...own }
  return { root: messenger.apiRoot(named), request: requestWith(named) }
}
