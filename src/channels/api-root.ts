import { isLoopback } from '../core/loopback.ts'
import { usageError } from '../errors.ts'

/**
 * Where a messenger's API is: what the variable names, else the messenger's own. It gets the token, so it must be https
 * or this machine: else ExpectedError (usage). Without a slash at its end.
 */
export const apiRoot = (
  env: Readonly<Record<string, string | undefined>>,
  variable: string,
  usual: string,
): string => {
  const named = env[variable]
  if (named === undefined || named === '') return usual
  const url = parseUrl(named)
  if (
    url === null ||
    !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  ) {
    throw usageError(
      `${variable} is neither an https address nor one of this machine.`,
      'The bot token is sent there: give `https://…` or `http://127.0.0.1:<port>`.',
    )
  }
  return url.href.replace(/\/+$/, '')
}

export const parseUrl = (text: string): URL | null => {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
