/** How somebody calls themselves: anybody may call themselves anything. */
export type PersonNames = {
  /** On one line, and without double quotes or what looks like them: it is shown in such. */
  readonly name: string | null
  /** With its @. */
  readonly username: string | null
}

/** Telegram allows 64 characters for each of two names, Discord 32 for its one. */
const mostCharacters = 130

/** Names as one that can be shown: nothing in it passes for what stands around it. */
export const oneLine = (names: readonly unknown[]): string | null => {
  const text = names
    .filter((name) => typeof name === 'string')
    .join(' ')
    // Besides control characters those that turn the writing around, by which a name could pass for what follows it.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(doubleQuotes, "''")
    .replace(likeDoubleQuotes, "'")
    .trim()
  return text === '' ? null : [...text].slice(0, mostCharacters).join('')
}

/** What can be taken for the `"` that ends a name; within one an apostrophe says as much. */
const doubleQuotes =
  /["\u02ba\u02dd\u02ee\u05f4\u201c-\u201f\u2033\u2034\u2036\u2037\u2057\u275d\u275e\u2760\u3003\u301d-\u301f\uff02\u{1f676}-\u{1f678}]/gu

/** Two apostrophes, as O'Brien has one, look like it as well. */
const likeDoubleQuotes =
  /['`\u00b4\u02b9\u02bb-\u02bd\u02c8\u02ca\u02cb\u05f3\u2018-\u201b\u2032\u2035\u275b\u275c\uff07]{2,}/gu
