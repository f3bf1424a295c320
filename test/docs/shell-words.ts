/** A shell line in the words that programs get: quotes are taken away, a part ends at `|`, `||`, `&&`, `;` or `&`. */
export const partsOf = (line: string): readonly (readonly string[])[] => {
  const parts: string[][] = [[]]
  for (const [token] of line.replace(/(^|\s)#.*$/, '').matchAll(tokens)) {
    if (/^[|&;]+$/.test(token)) parts.push([])
    else if (token.trim() !== '') parts.at(-1)?.push(unquoted(token))
  }
  return parts.filter((words) => words.length > 0)
}

/** The lines of a script; one that ends in a backslash goes on in the next. */
export const linesOf = (script: string): readonly string[] =>
  script
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))

const tokens = /(?:"[^"]*"|'[^']*'|\\.|[^\s|&;"'\\])+|[|&;]+|\s+/g

const unquoted = (token: string): string =>
  token.replace(/"([^"]*)"|'([^']*)'|\\(.)/g, (_, double, single, one) => double ?? single ?? one)
