import type { TokenForm } from './token.ts'

const pattern = /^\d{6,12}:[A-Za-z0-9_-]{30,}$/

/** Field notes, section 3. */
export const telegramToken: TokenForm = {
  label: 'Telegram',
  pattern,
  variable: 'TELEGRAM_BOT_TOKEN',
  first: [],
  last: [
    { found: /^bot\d/i, says: 'it begins with `bot`' },
    { found: /^@|^[A-Za-z]\w*bot$/i, says: "it is the bot's name, not its token" },
    { found: /^[^:]*$/, says: 'it has no colon' },
    { found: /^(?!\d+:)/, says: 'what stands before the colon is not a number' },
    { found: /^(\d{0,5}|\d{13,}):/, says: 'the number before the colon has the wrong length' },
    { found: /^\d+:[A-Za-z0-9_-]{0,29}$/, says: 'it is too short; part of it is missing' },
  ],
  hint: 'Copy the one @BotFather gave you, digits, a colon and some 35 characters, whole and alone.',
}

/** Which bot a token is of: the digits before the colon, no secret. Null when it is no token. */
export const telegramBotId = (token: string): string | null =>
  pattern.test(token) ? token.slice(0, token.indexOf(':')) : null
