/** What the YAML of our pages comes to. */
export type Yaml = string | readonly Yaml[] | { readonly [key: string]: Yaml }

type Line = { readonly indent: number; readonly text: string; readonly number: number }

/**
 * Reads the YAML that our pages are written in: block maps and lists, indented by spaces, flow lists and maps of plain
 * words, comments. Every scalar is a string. Throws, naming the line, for anything else: so a slip of an indentation
 * does not pass for another document.
 */
export const readYaml = (text: string): readonly Yaml[] =>
  text
    .split(/^---$/m)
    .map((part) => part.split('\n').flatMap((line, i) => toLine(line, i + 1)))
    .map((lines) => {
      const [first] = lines
      if (first === undefined) throw new Error('an empty document')
      const [value, rest] = readBlock(lines, first.indent)
      if (rest[0] !== undefined) throw wrong(rest[0])
      return value
    })

const toLine = (line: string, number: number): readonly Line[] => {
  const text = line.trim()
  if (text === '' || text.startsWith('#')) return []
  if (line.includes('\t') || / #/.test(line)) throw new Error(`line ${number}: ${line}`)
  return [{ indent: line.length - line.trimStart().length, text, number }]
}

type Read<T extends Yaml> = readonly [T, readonly Line[]]

const readBlock = (lines: readonly Line[], indent: number): Read<Yaml> => {
  const [first] = lines
  if (first === undefined || first.indent !== indent) throw wrong(first)
  return first.text.startsWith('- ') ? readList(lines, indent) : readMap(lines, indent)
}

const readList = (lines: readonly Line[], indent: number): Read<readonly Yaml[]> => {
  const items: Yaml[] = []
  let rest = lines
  for (let line = rest[0]; line?.indent === indent && line.text.startsWith('- '); line = rest[0]) {
    const inner = { ...line, indent: indent + 2, text: line.text.slice(2) }
    if (isEntry(inner.text)) {
      const [value, after] = readMap([inner, ...rest.slice(1)], indent + 2)
      items.push(value)
      rest = after
    } else {
      items.push(readScalar(inner))
      rest = rest.slice(1)
    }
  }
  if (rest[0] !== undefined && rest[0].indent >= indent && !isEntry(rest[0].text)) throw wrong(rest[0])
  return [items, rest]
}

const readMap = (lines: readonly Line[], indent: number): Read<{ readonly [key: string]: Yaml }> => {
  const entries: (readonly [string, Yaml])[] = []
  let rest = lines
  for (let line = rest[0]; line?.indent === indent && isEntry(line.text); line = rest[0]) {
    const [, key = '', value = ''] = entry.exec(line.text) ?? []
    if (entries.some(([known]) => known === key)) throw wrong(line)
    rest = rest.slice(1)
    const next = rest[0]
    if (value !== '') entries.push([key, readScalar({ ...line, text: value })])
    else if (
      next !== undefined &&
      (next.indent > indent || (next.indent === indent && next.text.startsWith('- ')))
    ) {
      const [block, after] = readBlock(rest, next.indent)
      entries.push([key, block])
      rest = after
    } else throw wrong(line)
  }
  if (entries.length === 0 || (rest[0] !== undefined && rest[0].indent > indent)) throw wrong(rest[0])
  return [Object.fromEntries(entries), rest]
}

const entry = /^([\w.-]+):(?: (.+))?$/
const isEntry = (text: string): boolean => entry.test(text)

const readScalar = (line: Line): Yaml => {
  const { text } = line
  if (text === '{}') return {}
  if (text.startsWith('[')) return JSON.parse(text) as readonly string[]
  if (text.startsWith('"')) return JSON.parse(text) as string
  if (/^[&*!|>{%@`']/.test(text) || / #|: /.test(text)) throw wrong(line)
  return text
}

const wrong = (line: Line | undefined): Error =>
  new Error(line === undefined ? 'something is missing at the end' : `line ${line.number}: ${line.text}`)
