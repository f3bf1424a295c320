import { expect, test } from 'vitest'
import { messengerOf } from '../../src/channels/messenger.ts'
import type { ChannelKind } from '../../src/core/channel.ts'
import { kinds } from '../../src/core/kinds.ts'

const all = Object.keys(kinds) as readonly ChannelKind[]

test('the kinds that have a token have a messenger, and that knows the same variable and name', () => {
  for (const kind of all) {
    const messenger = messengerOf(kind)
    expect(messenger?.variable ?? null).toBe(kinds[kind].tokenVariable)
    if (messenger !== null) expect(messenger.label).toBe(kinds[kind].label)
  }
  expect(all.filter((kind) => messengerOf(kind) !== null)).toEqual(['telegram', 'discord'])
})

const messengers = [
  ['telegram', 'TELEGRAM_API_ROOT', 'https://api.telegram.org'],
  ['discord', 'DISCORD_API_ROOT', 'https://discord.com/api/v10'],
] as const

test.each(messengers)('%s: its API is where %s says, else at its own place', (kind, name, usual) => {
  const of = (given: string | undefined) => messengerOf(kind)?.apiRoot({ [name]: given })
  for (const none of [undefined, '']) expect(of(none)).toBe(usual)
  expect(of('https://bots.example.org/api/')).toBe('https://bots.example.org/api')
  for (const here of ['http://127.0.0.1:8081', 'http://localhost:8081', 'http://[::1]:8081'])
    expect(of(`${here}/`)).toBe(here)
})

test.each(messengers)('%s: the token goes nowhere in the open, nor where %s is no address', (kind, name) => {
  for (const given of [
    'http://bots.example.org',
    'http://127.0.0.1.example.org',
    'http://localhost.example.org',
    'http://10.0.0.1',
    'http://user@example.org',
    'ftp://127.0.0.1',
    'bots.example.org',
    'file:///x',
  ])
    expect(() => messengerOf(kind)?.apiRoot({ [name]: given })).toThrow(
      expect.objectContaining({ name: 'ExpectedError', status: 2, message: expect.stringContaining(name) }),
    )
})

test('the variable of one says nothing of the other', () => {
  const env = { TELEGRAM_API_ROOT: 'http://127.0.0.1:1', DISCORD_API_ROOT: 'http://127.0.0.1:2' }
  expect(messengerOf('telegram')?.apiRoot(env)).toBe('http://127.0.0.1:1')
  expect(messengerOf('discord')?.apiRoot(env)).toBe('http://127.0.0.1:2')
})

test('where a person writes to a bot', () => {
  const bot = { account: '@work_bot', botId: '123456789012345678' }
  expect(messengerOf('telegram')?.link(bot)).toBe('https://t.me/work_bot')
  expect(messengerOf('telegram')?.link({ ...bot, account: null })).toBeNull()
  expect(messengerOf('discord')?.link({ ...bot, account: null })).toBe(
    'https://discord.com/users/123456789012345678',
  )
  expect(messengerOf('discord')?.link({ ...bot, botId: null })).toBeNull()
})

test('a person is looked up by the chat with Telegram, by the person with Discord', async () => {
  const asked: string[] = []
  const request = async (url: string, { body }: { readonly body?: string }) => {
    asked.push(`${url} ${body ?? ''}`)
    return { status: 500, body: '' }
  }
  for (const [kind] of messengers)
    await messengerOf(kind)?.readPerson(request as never, 'http://x', 'T', { senderId: '7', chatId: '8' })
  expect(asked).toEqual(['http://x/botT/getChat {"chat_id":"8"}', 'http://x/users/7 '])
})
