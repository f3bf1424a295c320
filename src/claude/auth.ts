import { type Answer, no, unknown, yes } from '../core/answer.ts'
import type { Run } from '../system/run.ts'
import { parseFields, textField } from './fields.ts'
import { compareVersions } from './version.ts'

export type Login = { readonly method: string | null; readonly expiresAt: string | null }

/**
 * Asks the client whether it is logged in: `claude auth status` prints JSON and ends with 0, or 1 when it is not (seen
 * on 2.1.139 and 2.1.330; `loginExpiresAt` only on the latter). It starts no plugin. Takes 15 s at the most.
 */
export const authStatus = async (
  run: Run,
  client: string,
  env: Readonly<Record<string, string>>,
): Promise<Answer<Login>> => {
  const result = await run(client, ['auth', 'status'], { timeoutMs: 15_000, env })
  if (result.timedOut) return unknown('`claude auth status` did not answer within 15 s')
  const said = parseFields(result.stdout)
  if (said?.loggedIn === true && result.status === 0)
    return yes({ method: textField(said, 'authMethod'), expiresAt: textField(said, 'loginExpiresAt') })
  if (said?.loggedIn === false) return no('the client is not logged in')
  return unknown(`\`claude auth status\` answered something else (exit status ${result.status})`)
}

/**
 * Why a login that is there is none for channels, as far as is known: older clients want one by claude.ai, no key (field
 * notes, head). Null when nothing is wrong with it. The names of methods as 2.1.139 and 2.1.330 print them.
 */
export const loginFault = (method: string | null, version: string | null): string | null =>
  version !== null && method !== null && keys.has(method) && compareVersions(version, keysFrom) < 0
    ? `it is signed in by key (${method}), which clients take for channels from ${keysFrom} on, and this is ${version}: run \`claude update\`, or \`claude auth login\` and take the key out`
    : null

const keys: ReadonlySet<string> = new Set(['api_key', 'api_key_helper'])
const keysFrom = '2.1.128'
