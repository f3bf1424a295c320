/**
 * What `systemctl show` and `show-environment` print: `NAME=value` lines. Of one that is there twice the last. systemd
 * 252 writes a value with a blank in it as `$'…'`, an entry of a list as `"…"`, both with backslashes.
 */
export const printedProperties = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )

/** The entries of a list; one value is a list of one. */
export const printedWords = (value: string): readonly string[] =>
  [...value.matchAll(/\$'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(
    ([, single, double, plain = '']) => (single ?? double)?.replace(/\\(.)/g, '$1') ?? plain,
  )
