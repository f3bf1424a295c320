import { officialMarketplace, parseChannelId } from '../core/channel.ts'
import type { ClientPaths } from '../core/client.ts'
import { asFields, objectField, textField } from './fields.ts'
import { readSettings } from './json-file.ts'

/**
 * Whether a channel has to be loaded as a development channel: a server of `.mcp.json` always, a plugin unless it is of
 * the official marketplace or on the list of approved ones that the client was given last (`tengu_harbor_ledger`; field
 * notes, section 8). The client asks for that list anew at its start. Never throws.
 */
export const isDevelopmentChannel = (paths: ClientPaths, id: string): boolean => {
  const channel = parseChannelId(id)
  if (channel?.type !== 'plugin') return true
  if (channel.marketplace === officialMarketplace) return false
  const json = asFields(readSettings(paths.json)) ?? {}
  const ledger = objectField(json, 'cachedGrowthBookFeatures')?.tengu_harbor_ledger
  const approved = (Array.isArray(ledger) ? ledger : []).map((entry) => asFields(entry) ?? {})
  return !approved.some(
    (entry) =>
      textField(entry, 'marketplace') === channel.marketplace &&
      textField(entry, 'plugin') === channel.plugin,
  )
}
