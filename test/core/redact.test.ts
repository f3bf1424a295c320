import fc from 'fast-check'
import { expect, test } from 'vitest'
import { redact } from '../../src/core/redact.ts'

const token = '123456789:AAtest_made-up-0123456789abcdefghij'

test('cuts tokens out and keeps which bot it was', () => {
  expect(redact(`token ${token}.`)).toBe('token 123456789:<redacted>.')
  expect(redact(`https://api.telegram.org/bot${token}/getMe`)).toBe(
    'https://api.telegram.org/bot123456789:<redacted>/getMe',
  )
  expect(redact(token.replace(':', '%3A'))).toBe('123456789%3A<redacted>')
  expect(redact(`${token} ${token}`)).toBe('123456789:<redacted> 123456789:<redacted>')
})

test('leaves everything else alone', () => {
  for (const text of [
    '',
    '12:30:00',
    '4712:ok',
    'plugin:telegram@claude-plugins-official',
    '2026-11-22T10:00:00Z',
    '[::1]:8080',
  ])
    expect(redact(text)).toBe(text)
})

test('a text of a million digits takes no longer than another', () => {
  const before = performance.now()
  expect(redact('1'.repeat(1_000_000)).length).toBe(1_000_000)
  expect(redact(`${'1'.repeat(100_000)}:${'a'.repeat(100_000)}`)).toBe(`${'1'.repeat(100_000)}:<redacted>`)
  expect(performance.now() - before).toBeLessThan(2_000)
})

test('no secret part is left anywhere in a text', () => {
  const part = fc.stringMatching(/^[A-Za-z0-9_-]{30,40}$/)
  fc.assert(
    fc.property(
      fc.string(),
      fc.stringMatching(/^\d{6,12}$/),
      part,
      fc.string(),
      (before, id, secret, after) => {
        expect(redact(`${before}${id}:${secret}${after}`)).not.toContain(secret)
      },
    ),
  )
})
