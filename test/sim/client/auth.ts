import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from './world.ts'

export const isLoggedIn = (world: World): boolean =>
  (world.environment.ANTHROPIC_API_KEY ?? '') !== '' || existsSync(join(world.config, '.credentials.json'))

/** `claude auth status`: JSON, exit 0 when logged in, else 1 (field notes, section 1; shape seen on 2.1.330). */
export const authStatus = (world: World): number => {
  const byKey = (world.environment.ANTHROPIC_API_KEY ?? '') !== ''
  const loggedIn = isLoggedIn(world)
  const status = {
    loggedIn,
    authMethod: byKey ? 'api_key' : loggedIn ? 'claude.ai' : 'none',
    apiProvider: 'firstParty',
    analyticsDisabled: world.environment.DISABLE_TELEMETRY !== undefined,
    projectsDirectory: join(world.config, 'projects'),
    configDirectory: world.config,
    loginExpiresAt: null,
    ...(byKey ? { apiKeySource: 'ANTHROPIC_API_KEY' } : {}),
  }
  process.stdout.write(`${JSON.stringify(status, null, 2)}\n`)
  return loggedIn ? 0 : 1
}
