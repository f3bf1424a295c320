import { isAbsolute, join, resolve } from 'node:path'
import type { ClientPaths } from '../core/client.ts'
import { usageError } from '../errors.ts'

/** The line of the plugin's `.env` that holds its token. */
export const telegramTokenVariable = 'TELEGRAM_BOT_TOKEN'

const tokenPattern = /^\d{6,12}:[A-Za-z0-9_-]{30,}$/

/**
 * The token in what a file or stdin held; what is blank around it is taken off, as where it is pasted at a question: a
 * line end that editors and `echo` add, a space that was copied with it. Throws ExpectedError (usage) that says what is
 * wrong with it, and never prints it.
 */
export const telegramToken = (text: string): string => {
  const token = text.trim()
  const fault = tokenFault(token)
  if (fault === null) return token
  throw usageError(
    `That is no Telegram bot token: ${fault}.`,
    'Copy the one @BotFather gave you, digits, a colon and some 35 characters, whole and alone.',
  )
}

/** What is wrong with a token, without showing it; null when nothing is. */
export const tokenFault = (token: string): string | null =>
  tokenPattern.test(token)
    ? null
    : (faults.find(({ found }) => found.test(token))?.says ?? 'it holds characters no token has')

/** Which bot a token is of: the digits before the colon, no secret. Null when it is no token. */
export const botId = (token: string): string | null =>
  tokenPattern.test(token) ? token.slice(0, token.indexOf(':')) : null

/**
 * The state folder of a telegram channel: one of the bot's own when it is exclusive, so that a foreign session's plugin
 * finds no token; else the plugin's default (field notes, sections 3 and 4). Throws ExpectedError (usage) for a relative
 * `TELEGRAM_STATE_DIR`, which would be another folder for whoever stands elsewhere.
 */
export const telegramStateDir = (
  env: Readonly<Record<string, string | undefined>>,
  paths: ClientPaths,
  sessionName: string,
  exclusive: boolean,
): string => {
  const channels = join(paths.config, 'channels')
  if (exclusive) return join(channels, `telegram-${sessionName}`)
  const chosen = env.TELEGRAM_STATE_DIR
  if (chosen === undefined || chosen === '') return join(channels, 'telegram')
  if (!isAbsolute(chosen)) throw relativeStateDir(chosen)
  return resolve(chosen)
}

// The first that fits is told: what people really paste, most telling first.
const faults: readonly { readonly found: RegExp; readonly says: string }[] = [
  { found: /^\s*$/, says: 'it is empty' },
  {
    found: /TELEGRAM_BOT_TOKEN|^\s*export\s/,
    says: 'it is a whole line of an .env file; give only what stands behind `=`',
  },
  { found: /bearer/i, says: 'it begins with `Bearer`' },
  { found: /https?:|\/bot\d/i, says: 'it is an address' },
  { found: /\r/, says: 'it holds a carriage return, as files from Windows do' },
  { found: /\n/, says: 'it holds a line break' },
  { found: /["'`\u201c\u201d\u2018\u2019]/, says: 'it stands in quotes' },
  { found: /\s/, says: 'it holds a space or tab' },
  { found: /^bot\d/i, says: 'it begins with `bot`' },
  { found: /^@|^[A-Za-z]\w*bot$/i, says: "it is the bot's name, not its token" },
  { found: /^[^:]*$/, says: 'it has no colon' },
  { found: /^(?!\d+:)/, says: 'what stands before the colon is not a number' },
  { found: /^(\d{0,5}|\d{13,}):/, says: 'the number before the colon has the wrong length' },
  { found: /^\d+:[A-Za-z0-9_-]{0,29}$/, says: 'it is too short; part of it is missing' },
]

const relativeStateDir = (chosen: string) =>
  usageError(
    `TELEGRAM_STATE_DIR is ${JSON.stringify(chosen)}, which is no absolute path.`,
    'Give the whole path, beginning with `/`, or unset it and run the same command again.',
  )
