/** Whether more than ASCII can be shown: by the locale, as POSIX orders its variables; without any it is plain ASCII. */
export const isUnicode = ({
  LC_ALL,
  LC_CTYPE,
  LANG,
}: Readonly<Record<string, string | undefined>>): boolean =>
  /utf-?8/i.test([LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '') ?? '')
