import { type Answer, no, unknown, yes } from '../core/answer.ts'
import type { Run } from '../system/run.ts'
import { parseFields, textField } from './fields.ts'

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
