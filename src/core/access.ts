/** Who may talk to the bot, from the plugin's `access.json` (field notes, section 3). */
export type Access = {
  readonly policy: 'pairing' | 'allowlist' | 'disabled' | 'unknown'
  readonly senders: readonly string[]
  readonly pending: number
}
