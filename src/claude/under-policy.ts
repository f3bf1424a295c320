import { join } from 'node:path'
import type { ClientPaths } from '../core/client.ts'
import { objectField, textField } from './fields.ts'
import { readSettings } from './json-file.ts'
import type { Variable } from './setting-variables.ts'

/**
 * Whether `channelsEnabled` of an organization's settings counts for sure. A personal claude.ai account is under no
 * policy, whatever the files say; one of a team is, and so is a key (code of 2.1.139 and 2.1.330, the key seen). Where an
 * account is on record and its kind is not told, or there may be one that is not on record, nobody knows. Never throws.
 */
export const isUnderPolicy = (
  paths: ClientPaths,
  platform: string,
  variables: readonly Variable[],
): boolean => {
  const isSet = (wanted: string) => variables.some(({ name, value }) => name === wanted && value !== '')
  const json = readSettings(paths.json)
  if (json === 'unreadable' || isSet('CLAUDE_CODE_OAUTH_TOKEN')) return false
  const account = json === 'absent' ? null : objectField(json, 'oauthAccount')
  if (account !== null) return ofOrganization.has(textField(account, 'organizationType') ?? '')
  // macOS has the credentials in its Keychain.
  return platform === 'darwin' ? isSet('ANTHROPIC_API_KEY') : !hasLogin(paths)
}

const ofOrganization: ReadonlySet<string> = new Set(['claude_team', 'claude_enterprise'])

/** Credentials that were copied from another machine bring no account with them. */
const hasLogin = ({ config }: ClientPaths): boolean => {
  const credentials = readSettings(join(config, '.credentials.json'))
  if (credentials === 'absent') return false
  return credentials === 'unreadable' || objectField(credentials, 'claudeAiOauth') !== null
}
