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

// Made up by the rule, and put together here so that no scanner takes it for one.
const parts = ['MTIzNDU2Nzg5MDEyMzQ1Njc4', 'Gtest0', 'made-up_secret_of_thirty_eight_letters'] as const
const discord = parts.join('.')

test('cuts out tokens of Discord, and keeps whose they are', () => {
  const [bot] = parts
  const cut = `${bot}.<redacted>`
  expect(redact(`token ${discord}.`)).toBe(`token ${cut}.`)
  expect(redact(`authorization: Bot ${discord}`)).toBe(`authorization: Bot ${cut}`)
  expect(redact(`DISCORD_BOT_TOKEN=${discord}\n"${discord}"`)).toBe(`DISCORD_BOT_TOKEN=${cut}\n"${cut}"`)
  // As it stands in JSON, and in an address.
  expect(redact(JSON.stringify(`a\n${discord}\t${discord}`))).toBe(`"a\\n${cut}\\t${cut}"`)
  expect(redact(`?auth=Bot%20${discord}`)).toBe(`?auth=Bot%20${cut}`)
  expect(redact(`${discord} ${token}`)).toBe(`${cut} 123456789:<redacted>`)
})

test('of every bot’s id', () => {
  const id = fc.stringMatching(/^[1-9]\d{16,18}$/)
  fc.assert(
    fc.property(fc.string(), id, fc.constantFrom('', ' ', '"', '\n', '='), (before, bot, between) => {
      // Glued to a word it would be none of Discord's making.
      const text = `${before.replace(/[\w-]+$/, '')}${between}`
      const [, middle, secret] = parts
      expect(
        redact(`${text}${[Buffer.from(bot).toString('base64url'), middle, secret].join('.')}`),
      ).not.toContain(secret)
    }),
  )
})

test('leaves everything else alone', () => {
  for (const text of [
    '',
    '12:30:00',
    '4712:ok',
    'plugin:telegram@claude-plugins-official',
    '2026-11-22T10:00:00Z',
    '[::1]:8080',
    '11111111-1111-4111-8111-111111111111',
    `${'9f86d081884c7d65'.repeat(4)}  server.ts`,
    `sha256-${Buffer.from('x'.repeat(32)).toString('base64')}`,
    '/home/me/.claude/plugins/cache/claude-plugins-official/discord/0.0.4/server.ts',
    'MyVeryLongNameOfAComponent.module.scss',
    'NODE_EXTRA_CA_CERTS_OF_ALL.of.them_and_more',
    'NotAToken_but_long_enough.Gtest0.too-short',
    parts[0],
    'https://discord.com/oauth2/authorize?client_id=123456789012345678&scope=bot&permissions=274878008384',
  ])
    expect(redact(text)).toBe(text)
})

test('a text of a million digits takes no longer than another', () => {
  const before = performance.now()
  expect(redact('1'.repeat(1_000_000)).length).toBe(1_000_000)
  expect(redact(`${'1'.repeat(100_000)}:${'a'.repeat(100_000)}`)).toBe(`${'1'.repeat(100_000)}:<redacted>`)
  expect(performance.now() - before).toBeLessThan(2_000)
})

test.each([
  ['word characters', 'M'.repeat(1_000_000)],
  ['words', 'MTIz '.repeat(200_000)],
  ['parts of tokens', `${'M'.repeat(24)}.`.repeat(40_000)],
  ['tokens that are cut', `${parts[0]}.${parts[1]}.`.repeat(30_000)],
  ['escapes', '\\nM'.repeat(330_000)],
  ['digits', '1'.repeat(1_000_000)],
])('a megabyte of %s takes no time that anybody notices', (_, text) => {
  const before = performance.now()
  expect(redact(text)).toBe(text)
  // 5 to 30 ms here; squared it would be hours.
  expect(performance.now() - before).toBeLessThan(1_000)
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
