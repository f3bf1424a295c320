import { expect, test, vi } from 'vitest'
import { parseFields } from '../../src/claude/fields.ts'

test('an object is read whatever stands around it that JSON allows, and nothing else is', () => {
  expect(parseFields(' {"a":1}\r')).toEqual({ a: 1 })
  for (const text of ['', ' ', '[]', 'null', '7', '"{}"', '{', '{}}', '{"a":1', '\uFEFF{}', '{a}', '\0'])
    expect(parseFields(text)).toBeNull()
})

test('what is cut or no object costs no exception', () => {
  const parse = vi.spyOn(JSON, 'parse')
  for (const text of ['', 'garbage', '\0\0\0', '{"debug":"Starting conn', '[1]', 'null']) parseFields(text)
  expect(parse).not.toHaveBeenCalled()
  parse.mockRestore()
})
