import fc from 'fast-check'
import { expect, test } from 'vitest'
import { messengerOf } from '../../src/channels/messenger.ts'
import { stateDirFor } from '../../src/channels/state-dir.ts'
import type { ClientPaths } from '../../src/core/client.ts'

const telegram = messengerOf('telegram')
if (telegram === null) throw new Error('no Telegram')
const { tokenIn: telegramToken, tokenFault, botId } = telegram
const telegramStateDir = (
  env: Readonly<Record<string, string>>,
  paths: ClientPaths,
  session: string,
  exclusive: boolean,
) =>
  stateDirFor(env, paths, {
    channel: { id: 'plugin:telegram@claude-plugins-official', kind: 'telegram' },
    session,
    exclusive,
  })

const secret = 'AAtest0000000000000000000000000000_-x'
const token = `123456789:${secret}`

test.each([
  ['as it is', token],
  ['with the line end of echo', `${token}\n`],
  ['with the line end of Windows', `${token}\r\n`],
  ['with an empty line behind it', `${token}\n\n`],
  ['with a space before it', ` ${token}`],
  ['with a space behind it', `${token} \n`],
  ['with a tab and a no-break space', `\t${token}\u00a0`],
])('taken %s', (_, text) => expect(telegramToken(text)).toBe(token))

test.each([
  ['nothing', '', 'empty'],
  ['a line end', '\n', 'empty'],
  ['a line of .env', `TELEGRAM_BOT_TOKEN=${token}`, '.env'],
  ['an export', `export TELEGRAM_BOT_TOKEN=${token}`, '.env'],
  ['Bearer', `Bearer ${token}`, 'Bearer'],
  ['an address', `https://api.telegram.org/bot${token}/getMe`, 'address'],
  ['two lines', `${token}\n${token}\n`, 'line break'],
  ['a CR within', `${token.slice(0, 20)}\r${token.slice(20)}`, 'carriage return'],
  ['single quotes', `'${token}'`, 'quotes'],
  ['double quotes', `"${token}"`, 'quotes'],
  ['curly quotes', `“${token}”`, 'quotes'],
  ['a space within', `${token.slice(0, 20)} ${token.slice(20)}`, 'space'],
  ['a no-break space within', `${token.slice(0, 20)}\u00a0${token.slice(20)}`, 'space'],
  ['bot before it', `bot${token}`, '`bot`'],
  ['a name', '@work_bot', 'name'],
  ['no colon', secret, 'no colon'],
  ['no number', `abc:${secret}`, 'not a number'],
  ['a short number', `1234:${secret}`, 'number before the colon'],
  ['a half', token.slice(0, 25), 'too short'],
  ['another alphabet', `123456789:${'ä'.repeat(35)}`, 'characters'],
])('refused: %s', (_, text, says) => {
  const refused = () => telegramToken(text)
  expect(refused).toThrow(says)
  expect(refused).toThrow(expect.objectContaining({ name: 'ExpectedError', status: 2 }))
  expect(refused).not.toThrow(secret.slice(0, 12))
})

test('whatever is wrong with it, no part of a token is told', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, behind) => {
      const said = tokenFault(`${before}${token}${behind}`)
      expect(said ?? '').not.toContain(secret.slice(0, 8))
      expect(said === null).toBe(
        /^\d{6,12}:[A-Za-z0-9_-]{30,}$/.test(`${before}${token}${behind}`) && !/\n$/.test(behind),
      )
    }),
  )
})

test('the bot of a token', () => {
  expect(botId(token)).toBe('123456789')
  expect(botId('123456789:short')).toBeNull()
  expect(botId(`${token}\n`)).toBeNull()
})

const paths = { config: '/home/me/.claude', json: '', logs: '', home: '/home/me' }

test.each([
  ['exclusive', {}, true, '/home/me/.claude/channels/telegram-work'],
  [
    'exclusive, whatever the variable',
    { TELEGRAM_STATE_DIR: '/s' },
    true,
    '/home/me/.claude/channels/telegram-work',
  ],
  ['shared', {}, false, '/home/me/.claude/channels/telegram'],
  ['shared, with the variable', { TELEGRAM_STATE_DIR: '/s' }, false, '/s'],
  ['shared, with an empty variable', { TELEGRAM_STATE_DIR: '' }, false, '/home/me/.claude/channels/telegram'],
])('state folder: %s', (_, env, exclusive, expected) => {
  expect(telegramStateDir(env, paths, 'work', exclusive)).toBe(expected)
})

test('state folder: the variable is normalised when it is absolute, refused when it is relative', () => {
  const of = (TELEGRAM_STATE_DIR: string) => telegramStateDir({ TELEGRAM_STATE_DIR }, paths, 'work', false)
  expect(of('/s/../t/')).toBe('/t')
  for (const relative of ['bots', './bots', '../bots', '~/bots'])
    expect(() => of(relative)).toThrow(
      expect.objectContaining({
        status: 2,
        message: expect.stringContaining(`TELEGRAM_STATE_DIR is "${relative}"`),
        hint: expect.stringContaining('whole path'),
      }),
    )
})
