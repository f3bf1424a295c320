import type { TokenForm } from './token.ts'

/** Three parts of base64: whose it is, when it was made, and the secret (Discord's documentation of its API). */
const pattern = /^[A-Za-z0-9_-]{22,40}\.[A-Za-z0-9_-]{5,8}\.[A-Za-z0-9_-]{27,}$/

/** What stands beside the token in the Developer Portal, or in a browser, is pasted in its place. */
export const discordToken: TokenForm = {
  label: 'Discord',
  pattern,
  variable: 'DISCORD_BOT_TOKEN',
  first: [
    { found: /^bot\s/i, says: 'it begins with `Bot`' },
    { found: /^mfa\./, says: 'it is the token of a person\u2019s account, not of a bot' },
    { found: /^\d{15,21}$/, says: 'it is an id, of the application perhaps, not the token' },
    { found: /^[0-9a-f]{64}$/, says: 'it is the public key of an application, not the token of its bot' },
  ],
  last: [
    {
      found: /^[A-Za-z0-9_-]{32}$/,
      says: 'it has no dots; it is the client secret of an application perhaps, not the token of its bot',
    },
    {
      found: /^[^.]*\.?[^.]*$/,
      says: 'it has not three parts with dots between them; part of it is missing',
    },
    { found: /^[A-Za-z0-9_.-]+$/, says: 'a part of it is missing' },
  ],
  hint: 'In the Developer Portal: your application, Bot, Reset Token. Copy it whole and alone.',
}

/** Which bot a token is of: its first part, decoded, no secret. Null when it is no token. */
export const discordBotId = (token: string): string | null => {
  if (!pattern.test(token)) return null
  const id = Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString('latin1')
  return /^\d{15,21}$/.test(id) ? id : null
}
