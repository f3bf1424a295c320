import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findJsonError } from '../../src/system/json-error.ts'

const whole = (text: string) => {
  const lines = text.split('\n')
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 }
}

test.each([
  ['', 1, 1],
  ['{"a": 1,}', 1, 9],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
  ['{\n  "a": bad\n}', 2, 8],
  ["{'a': 1}", 1, 2],
  ['{"a": 1', 1, 8],
  ['{"a": [1, 2}', 1, 12],
  ['{"a": "open\n}', 1, 7],
  ['{"a": "\\q"}', 1, 7],
  ['{"a": 01}', 1, 7],
  ['{"a": 1} x', 1, 10],
  ['{"a" 1}', 1, 6],
  ['// comment\n{}', 1, 1],
  ['[1,,2]', 1, 4],
  ['{} {}', 1, 4],
  ['nul', 1, 1],
])('%j breaks at line %i, column %i', (text, line, column) => {
  expect(findJsonError(text)).toEqual({ line, column })
})

test('agrees with JSON.parse on what is JSON at all', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(50), fc.string({ maxLength: 2 }), (json, at, noise) => {
      const pretty = JSON.stringify(JSON.parse(json), null, 2)
      expect(findJsonError(pretty)).toEqual(whole(pretty))
      const text = pretty.slice(0, at) + noise + pretty.slice(at)
      try {
        JSON.parse(text)
        expect(findJsonError(text)).toEqual(whole(text))
      } catch {
        // The place lies within the text, and everything before it could still have become JSON.
        const { line, column } = findJsonError(text)
        expect(line).toBeLessThanOrEqual(text.split('\n').length)
        expect(column).toBeGreaterThan(0)
      }
    }),
    { numRuns: 500 },
  )
})
