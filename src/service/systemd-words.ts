/**
 * One word of a command line in a unit, and back (systemd.syntax(7), systemd.service(5) "Command lines", systemd 252):
 * in double quotes, C escapes, `%` and `$` doubled. `program`: the first word, in which systemd replaces no variable.
 */
export const unitWord = (word: string, as: 'program' | 'argument' = 'argument'): string => {
  const text = as === 'program' ? word : word.replaceAll('$', '$$$$')
  return /^[\w/.,:=@+-]+$/.test(text) ? text : quoted(text)
}

/** `Environment="NAME=value"`: as a word, but a `$` means nothing there. */
export const unitVariable = (name: string, value: string): string =>
  `Environment=${quoted(`${name}=${value}`)}`

const quoted = (text: string): string => `"${escaped(text).replaceAll('%', '%%')}"`

const escaped = (text: string): string =>
  [...text]
    .map((letter) => {
      if (letter === '"' || letter === '\\') return `\\${letter}`
      const code = letter.codePointAt(0) ?? 0
      return code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, '0')}` : letter
    })
    .join('')

/** The words of a command line as `unitWord` writes them; null where it is written otherwise. */
export const readUnitWords = (line: string): readonly string[] | null => {
  const found = [...line.matchAll(/"((?:[^"\\]|\\["\\]|\\x[0-9a-f]{2})*)"|([^\s"'\\]+)/g)]
  if (found.map(([all]) => all).join(' ') !== line.trim()) return null
  return found.map(([, inQuotes, plain = ''], i) => {
    const word = inQuotes === undefined ? plain : unescaped(inQuotes)
    return i === 0 ? word : word.replaceAll('$$', '$')
  })
}

const unescaped = (text: string): string =>
  text
    .replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_, code: string | undefined, letter: string | undefined) =>
      code === undefined ? (letter ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replaceAll('%%', '%')
