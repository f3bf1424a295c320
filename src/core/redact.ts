/** Secrets by their form. The part before them is kept: which bot it was is no secret and helps. */
const secrets: readonly RegExp[] = [
  // Telegram: `123456789:AA…`, also percent-encoded in an address (field notes, section 3).
  // From the first digit on, and from no other: else long numbers take a second for each ten thousand digits, squared.
  /(?<!\d)(\d{6,}(?::|%3[Aa]))[A-Za-z0-9_-]{20,}/g,
  // Discord: `MTIz…`, an id that begins with a digit, in base64, and two more parts (its API's documentation). It begins
  // where a word does, or behind what stands for another character: `\n` in JSON, `%20` in an address.
  /(?:(?<![A-Za-z0-9_-])|(?<=\\[bfnrt]|%[0-9A-Fa-f]{2}))([MNO][A-Za-z0-9_-]{21,39}\.)[A-Za-z0-9_-]{5,8}\.[A-Za-z0-9_-]{27,}/g,
]

/** The text with every bot token cut out of it. */
export const redact = (text: string): string =>
  secrets.reduce((rest, secret) => rest.replace(secret, '$1<redacted>'), text)
