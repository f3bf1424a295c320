/**
 * What systemd 252 makes of a command line or an `Environment=` line: its own order of work, from its source
 * (extract-word.c, escape.c, specifier.c, env-util.c), written anew from that and not from ours.
 */
export const readAsSystemd = (line: string, as: 'command' | 'environment'): readonly string[] => {
  const words = splitWords(line).map(expandSpecifiers)
  // Variables are replaced in arguments, never in the path that is executed, and not in `Environment=`.
  return as === 'environment' ? words : words.map((word, i) => (i === 0 ? word : replaceVariables(word)))
}

const splitWords = (line: string): readonly string[] => {
  const words: string[] = []
  let word: string | null = null
  let quote = ''
  for (let i = 0; i < line.length; i++) {
    const letter = line[i] ?? ''
    if (letter === '\\') {
      const [text, length] = readEscape(line.slice(i + 1))
      word = (word ?? '') + text
      i += length
    } else if (quote !== '') {
      if (letter === quote) quote = ''
      else word = (word ?? '') + letter
    } else if (letter === '"' || letter === "'") {
      quote = letter
      word ??= ''
    } else if (' \t\n\r'.includes(letter)) {
      if (word !== null) words.push(word)
      word = null
    } else word = (word ?? '') + letter
  }
  if (quote !== '') throw new Error(`an open quote: ${line}`)
  return word === null ? words : [...words, word]
}

const simple: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
  s: ' ',
}

/** What stands behind a backslash, and how long that was. */
const readEscape = (rest: string): readonly [string, number] => {
  const plain = simple[rest[0] ?? '']
  if (plain !== undefined) return [plain, 1]
  const [all, code = ''] = /^x([0-9a-fA-F]{2})/.exec(rest) ?? []
  if (all === undefined || code === '00') throw new Error(`no escape: \\${rest.slice(0, 4)}`)
  return [String.fromCharCode(Number.parseInt(code, 16)), all.length]
}

const expandSpecifiers = (word: string): string =>
  word.replace(/%(.?)/g, (_, letter: string) => {
    if (letter !== '%') throw new Error(`a specifier: %${letter}`)
    return '%'
  })

const replaceVariables = (word: string): string => {
  if (/^\$[A-Za-z_]\w*$/.test(word)) throw new Error(`a variable: ${word}`)
  return word.replace(/\$(\$|\{)?/g, (_, next: string | undefined) => {
    if (next === '{') throw new Error(`a variable in ${word}`)
    return '$'
  })
}
