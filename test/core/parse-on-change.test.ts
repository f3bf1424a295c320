import { expect, test } from 'vitest'
import { parseOnChange } from '../../src/core/parse-on-change.ts'

const counting = () => {
  const parsed: string[] = []
  const parse = parseOnChange((text) => {
    parsed.push(text)
    return { text }
  })
  return { parsed, parse }
}

test('a text is parsed once, and again when it is another', () => {
  const { parsed, parse } = counting()
  const first = parse('/a', 'one')
  expect(parse('/a', 'one')).toBe(first)
  expect(parse('/a', 'two')).toEqual({ text: 'two' })
  expect(parse('/a', 'one')).toEqual({ text: 'one' })
  expect(parsed).toEqual(['one', 'two', 'one'])
})

test('each file has its own', () => {
  const { parse } = counting()
  expect(parse('/a', 'one')).not.toBe(parse('/b', 'one'))
  expect(parse('/b', 'two')).toEqual({ text: 'two' })
  expect(parse('/a', 'one')).toEqual({ text: 'one' })
})

test('what nobody reads any more is not kept forever: a client that starts has a session file of its own', () => {
  const { parsed, parse } = counting()
  for (let pid = 1; pid <= 1_000; pid++) parse(`/sessions/${pid}.json`, 'x')
  parse('/sessions/1.json', 'x')
  expect(parsed).toHaveLength(1_000)
  parse('/sessions/1001.json', 'x')
  parse('/sessions/1.json', 'x')
  expect(parsed).toHaveLength(1_002)
})
