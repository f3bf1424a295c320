import fc from 'fast-check'
import { expect, test } from 'vitest'
import { messengerOf } from '../../src/channels/messenger.ts'

const discord = messengerOf('discord')
if (discord === null) throw new Error('no Discord')

/** Made up, by the rule; put together here so that no scanner takes it for one. */
const id = '123456789012345678'
const first = Buffer.from(id).toString('base64url')
const [middle, secret] = ['Gtest0', 'made-up_secret_of_thirty_eight_letters']
const token = [first, middle, secret].join('.')

test.each([
  ['as it is', token],
  ['with the line end of echo', `${token}\n`],
  ['with the line end of Windows', `${token}\r\n`],
  ['with an empty line behind it', `${token}\n\n`],
  ['with a space before it', ` ${token}`],
  ['with a tab and a no-break space', `\t${token}\u00a0`],
])('taken %s', (_, text) => expect(discord.tokenIn(text)).toBe(token))

test('an id of nineteen digits makes a longer one, and an old one is shorter', () => {
  for (const digits of ['1234567890123456789', '12345678901234567']) {
    const other = [Buffer.from(digits).toString('base64url'), middle, secret].join('.')
    expect(discord.tokenIn(other)).toBe(other)
    expect(discord.botId(other)).toBe(digits)
  }
  const old = [first, middle, secret.slice(0, 27)].join('.')
  expect(discord.tokenFault(old)).toBeNull()
})

test.each([
  ['nothing', '', 'empty'],
  ['a line end', '\n', 'empty'],
  ['a line of .env', `DISCORD_BOT_TOKEN=${token}`, '.env'],
  ['an export', `export DISCORD_BOT_TOKEN=${token}`, '.env'],
  ['an export of another name', `export TOKEN=${token}`, '.env'],
  ['the header', `Bot ${token}`, '`Bot`'],
  ['the header in small letters', `bot ${token}`, '`Bot`'],
  ['Bearer', `Bearer ${token}`, 'Bearer'],
  ['an address', `https://discord.com/api/webhooks/${id}/${secret}`, 'address'],
  ['two lines', `${token}\n${token}\n`, 'line break'],
  ['a CR within', `${token.slice(0, 20)}\r${token.slice(20)}`, 'carriage return'],
  ['single quotes', `'${token}'`, 'quotes'],
  ['double quotes', `"${token}"`, 'quotes'],
  ['curly quotes', `“${token}”`, 'quotes'],
  ['a space within', `${token.slice(0, 30)} ${token.slice(30)}`, 'space'],
  ['an account with two factors', `mfa.${secret}${secret}`, 'account'],
  ['the application’s id', id, 'an id'],
  ['the public key', 'a1'.repeat(32), 'public key'],
  ['the client secret', 'Made-up_client_secret_0123456789', 'client secret'],
  ['no secret', `${first}.${middle}`, 'three parts'],
  ['the first part', first, 'three parts'],
  ['a cut one', token.slice(0, -15), 'missing'],
  ['one without its beginning', token.slice(8), 'missing'],
  ['a middle that is cut', [first, 'G', secret].join('.'), 'missing'],
  ['four parts', `${token}.x`, 'missing'],
  ['another alphabet', [first, middle, 'ä'.repeat(38)].join('.'), 'characters'],
  ['a token of Telegram', '123456789:AAtest0000000000000000000000000000', 'three parts'],
])('refused: %s', (_, text, says) => {
  const refused = () => discord.tokenIn(text)
  expect(refused).toThrow(says)
  expect(refused).toThrow(
    expect.objectContaining({
      ...{ name: 'ExpectedError', status: 2 },
      message: expect.stringMatching(/^That is no Discord bot token: /),
      hint: expect.stringContaining('Reset Token'),
    }),
  )
  for (const part of [secret.slice(0, 8), middle, first.slice(0, 8), 'a1a1a1', 'client_secret_0'])
    expect(refused).not.toThrow(part)
})

test('whatever is wrong with it, no part of a token is told', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, behind) => {
      const text = `${before}${token}${behind}`
      const said = discord.tokenFault(text)
      for (const part of [secret.slice(0, 8), middle, first.slice(0, 8)])
        expect(said ?? '').not.toContain(part)
      expect(said === null).toBe(isToken(text))
    }),
  )
})

/** Said otherwise than in the source: what was pasted on to either end may belong to a longer part. */
const isToken = (text: string): boolean => {
  const [one = '', two = '', three = '', ...more] = text.split('.')
  const fits = (part: string, least: number, most: number) =>
    part.length >= least && part.length <= most && !/[^A-Za-z0-9_-]/.test(part)
  return (
    more.length === 0 && fits(one, 22, 40) && fits(two, 5, 8) && fits(three, 27, Number.POSITIVE_INFINITY)
  )
}

test('the bot of a token is its first part', () => {
  expect(discord.botId(token)).toBe(id)
  expect(discord.botId(`${token}\n`)).toBeNull()
  expect(discord.botId(token.slice(0, -15))).toBeNull()
  expect(
    discord.botId([Buffer.from('no id, but as long').toString('base64url'), middle, secret].join('.')),
  ).toBeNull()
  expect(
    discord.botId([Buffer.from('1234567890123456').toString('base64url'), middle, secret].join('.')),
  ).toBe('1234567890123456')
})
