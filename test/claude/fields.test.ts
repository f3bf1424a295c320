import { expect, test, vi } from 'vitest'
import { parseFields, timeField } from '../../src/claude/fields.ts'

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

test('a time is an ISO time, and what only looks a little like one is none', () => {
  const time = (text: unknown) => timeField({ at: text }, 'at')
  expect(time('2026-11-22T10:00:00.000Z')).toBe(1_795_341_600_000)
  expect(time('2026-11-22T11:00:00+01:00')).toBe(1_795_341_600_000)
  for (const text of [
    'x 5',
    '2026',
    '5',
    '2026-11-22',
    '2026-11-22T10:00:00',
    '2026-13-22T10:00:00Z',
    5,
    null,
  ])
    expect(time(text), String(text)).toBeNull()
})
