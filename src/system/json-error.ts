/**
 * Where a text stops being JSON, lines and columns from 1. Node 20 itself names the place in some of its messages only.
 * For text that is valid JSON it answers its end.
 */
export const findJsonError = (text: string): { readonly line: number; readonly column: number } => {
  const before = text.slice(0, firstWrong(text)).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}

type Token = '{' | '}' | '[' | ']' | ',' | ':' | 'text' | 'scalar'

const space = /[ \t\r\n]*/y
const punctuation = /[{}[\],:]/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them unescaped, so they are what to look for.
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y

const firstWrong = (text: string): number => {
  const open: ('{' | '[')[] = []
  let expected: ReadonlySet<Token> = value
  for (let at = skip(space, text, 0); at < text.length; at = skip(space, text, at)) {
    const token = tokenAt(text, at)
    if (token === null || !expected.has(token)) return at
    at = skip(token === 'text' ? string : token === 'scalar' ? scalar : punctuation, text, at)
    if (token === '{' || token === '[') open.push(token)
    if (token === '}' || token === ']') open.pop()
    expected = after(token, expected, open.at(-1))
  }
  return text.length
}

const value: ReadonlySet<Token> = new Set(['{', '[', 'text', 'scalar'])
const valueOrEnd: ReadonlySet<Token> = new Set([...value, ']'])
const key: ReadonlySet<Token> = new Set(['text'])
const keyOrEnd: ReadonlySet<Token> = new Set(['text', '}'])
const colon: ReadonlySet<Token> = new Set([':'])
const nextMember: ReadonlySet<Token> = new Set([',', '}'])
const nextItem: ReadonlySet<Token> = new Set([',', ']'])
const nothing: ReadonlySet<Token> = new Set()

const after = (token: Token, was: ReadonlySet<Token>, inside: '{' | '[' | undefined): ReadonlySet<Token> => {
  if (token === '{') return keyOrEnd
  if (token === '[') return valueOrEnd
  if (token === ':') return value
  if (token === ',') return inside === '{' ? key : value
  if (token === 'text' && (was === key || was === keyOrEnd)) return colon
  if (inside === undefined) return nothing
  return inside === '{' ? nextMember : nextItem
}

const tokenAt = (text: string, at: number): Token | null => {
  if (skip(string, text, at) > at) return 'text'
  if (skip(scalar, text, at) > at) return 'scalar'
  return skip(punctuation, text, at) > at ? (text.charAt(at) as Token) : null
}

const skip = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}
