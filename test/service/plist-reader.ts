type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value }

/** Reads a property list as strictly as XML has it. Throws at whatever is not well-formed, or not of such a list. */
export const readPlist = (text: string): Value => {
  const head =
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n'
  if (!text.startsWith(head)) throw new Error('no head of a property list')
  const tokens = tokenize(text.slice(head.length))
  const next = (): string => {
    const token = tokens.shift()
    if (token === undefined) throw new Error('it ends too soon')
    return token
  }
  const expect = (wanted: string): void => {
    const token = next()
    if (token !== wanted) throw new Error(`${wanted} was due, and there is ${token}`)
  }
  const readText = (tag: string): string => {
    const content = tokens[0]?.startsWith(mark) ? next().slice(mark.length) : ''
    expect(`</${tag}>`)
    return content
  }
  const value = (): Value => {
    const token = next()
    if (token === '<true/>' || token === '<false/>') return token === '<true/>'
    if (token === '<string>') return readText('string')
    if (token === '<integer>') return Number(readText('integer'))
    if (token === '<array>') return list('</array>', value)
    if (token === '<dict>') {
      return Object.fromEntries(
        list('</dict>', () => {
          expect('<key>')
          return [readText('key'), value()] as const
        }),
      )
    }
    throw new Error(`no value: ${token}`)
  }
  const list = <T>(end: string, one: () => T): readonly T[] => {
    const all: T[] = []
    while (tokens[0] !== end) all.push(one())
    next()
    return all
  }
  expect('<plist version="1.0">')
  const read = value()
  expect('</plist>')
  if (tokens.length > 0) throw new Error(`something is left: ${tokens.join('')}`)
  return read
}

/** Tags as they are, and text between them, unescaped; blanks between tags and comments are nothing. */
const tokenize = (text: string): string[] =>
  (text.match(/<!--[\s\S]*?-->|<[^<>]*>|[^<]+/g) ?? []).flatMap((token) => {
    if (token.startsWith('<!--')) {
      if (token.slice(4, -3).includes('--')) throw new Error(`no comment: ${token}`)
      return []
    }
    if (token.startsWith('<')) return [token]
    return /^[ \n]*$/.test(token) && token.includes('\n') ? [] : [`${mark}${plainText(token)}`]
  })

const mark = '\u0000'

const plainText = (text: string): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 knows none of these.
  if (/&(?!(amp|lt|gt);)|[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/.test(text))
    throw new Error(`not well-formed: ${text}`)
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
