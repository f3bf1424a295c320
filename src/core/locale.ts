type Environment = Readonly<Record<string, string | undefined>>

/** Whether more than ASCII can be shown: by the locale, as POSIX orders its variables; without any it is plain ASCII. */
export const isUnicode = (env: Environment): boolean => /utf-?8/i.test(localeOf(env))

/**
 * Whether block signs can be shown, one in each column: Unicode calls their width ambiguous, and terminals of East Asian
 * locales may give them two (UAX #11).
 */
export const hasNarrowBlocks = (env: Environment): boolean =>
  isUnicode(env) && !/^(ja|ko|zh)(?![a-z])/i.test(localeOf(env))

const localeOf = ({ LC_ALL, LC_CTYPE, LANG }: Environment): string =>
  [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '') ?? ''
