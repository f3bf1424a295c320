import fc from 'fast-check'
import { expect, test } from 'vitest'
import { messengerOf } from '../../src/channels/messenger.ts'
import { probeTelegram, removeWebhook } from '../../src/channels/telegram-api.ts'
import type { Request } from '../../src/system/https.ts'

const token = '123456789:AAtest0000000000000000000000000000'
const root = 'https://api.telegram.org'
const blank = {
  at: 5,
  botId: '123456789',
  token: 'unknown',
  account: null,
  pending: null,
  webhook: null,
  lacks: null,
  detail: null,
}

type Reply = { readonly status: number; readonly body: string } | Error

/** The Bot API as two replies, by method; notes what was asked. */
const api = (replies: Readonly<Record<string, Reply>>) => {
  const asked: string[] = []
  const sent: (string | undefined)[] = []
  const request: Request = async (url, { method, body }) => {
    asked.push(url)
    sent.push(method === 'POST' ? body : undefined)
    const reply = replies[url.slice(url.lastIndexOf('/') + 1)] ?? new Error('not asked for')
    if (reply instanceof Error) throw reply
    return reply
  }
  return { request, asked, sent }
}

const ok = (result: object): Reply => ({ status: 200, body: JSON.stringify({ ok: true, result }) })
const refused = (status: number): Reply => ({
  status,
  body: JSON.stringify({ ok: false, error_code: status, description: 'x' }),
})
const me = ok({ id: 123456789, is_bot: true, username: 'work_bot' })
const idle = ok({ url: '', has_custom_certificate: false, pending_update_count: 0 })

test.each([
  ['well', { getMe: me, getWebhookInfo: idle }, { token: 'accepted', account: '@work_bot', pending: 0 }],
  [
    'messages wait',
    { getMe: me, getWebhookInfo: ok({ url: '', pending_update_count: 3 }) },
    { token: 'accepted', account: '@work_bot', pending: 3 },
  ],
  [
    'a name and a number that can be none',
    {
      getMe: ok({ username: 'a\u001b[2Jb' }),
      getWebhookInfo: { status: 200, body: '{"ok":true,"result":{"pending_update_count":1e999}}' },
    },
    { token: 'accepted' },
  ],
  [
    'a webhook, of which only the host is kept',
    { getMe: me, getWebhookInfo: ok({ url: `https://example.org:8443/${token}`, pending_update_count: 0 }) },
    { token: 'accepted', account: '@work_bot', pending: 0, webhook: 'example.org:8443' },
  ],
  [
    'a strange webhook',
    { getMe: me, getWebhookInfo: ok({ url: 'x' }) },
    { token: 'accepted', account: '@work_bot', webhook: 'set' },
  ],
  ['revoked', { getMe: refused(401) }, { token: 'rejected', detail: 'getMe answered 401' }],
  ['never was', { getMe: refused(404) }, { token: 'rejected', detail: 'getMe answered 404' }],
  [
    'a proxy in between',
    { getMe: { status: 404, body: '<html>not found</html>' } },
    { detail: 'getMe answered 404' },
  ],
  ['too many requests', { getMe: refused(429) }, { detail: 'getMe answered 429' }],
  ['a failure there', { getMe: { status: 502, body: 'Bad Gateway' } }, { detail: 'getMe answered 502' }],
  [
    'an answer cut off',
    { getMe: { status: 200, body: '{"ok":true,"resu' } },
    { detail: 'getMe answered 200' },
  ],
  [
    'no network',
    { getMe: new Error(`connect ECONNREFUSED https://api.telegram.org/bot${token}/getMe`) },
    { detail: 'getMe: connect ECONNREFUSED https://api.telegram.org/bot<token>/getMe' },
  ],
  [
    'half an answer',
    { getMe: me, getWebhookInfo: new Error('timeout') },
    { token: 'accepted', account: '@work_bot', detail: 'getWebhookInfo: timeout' },
  ],
  ['without a name', { getMe: ok({ id: 1 }), getWebhookInfo: idle }, { token: 'accepted', pending: 0 }],
])('%s', async (_, replies, expected) => {
  const { request } = api(replies)
  const seen = await probeTelegram(request, root, token, 5)
  expect(seen).toEqual({ ...blank, ...expected })
  expect(JSON.stringify(seen)).not.toContain(token)
})

test('asks nothing a running bot could notice', async () => {
  const { request, asked } = api({ getMe: me, getWebhookInfo: idle })
  await probeTelegram(request, 'http://127.0.0.1:8081', token, 5)
  expect(asked).toEqual([
    `http://127.0.0.1:8081/bot${token}/getMe`,
    `http://127.0.0.1:8081/bot${token}/getWebhookInfo`,
  ])
})

test('never throws, whatever is answered', async () => {
  const reply = fc.record({
    status: fc.integer({ min: 100, max: 599 }),
    body: fc.oneof(fc.json(), fc.string()),
  })
  await fc.assert(
    fc.asyncProperty(reply, reply, async (first, second) => {
      const seen = await probeTelegram(api({ getMe: first, getWebhookInfo: second }).request, root, token, 5)
      expect(['accepted', 'rejected', 'unknown']).toContain(seen.token)
    }),
  )
})

test('a webhook is taken away by POST, and what waits stays', async () => {
  const { request, asked, sent } = api({ deleteWebhook: { status: 200, body: '{"ok":true,"result":true}' } })
  expect(await removeWebhook(request, root, token)).toEqual({ is: 'yes', value: true })
  expect(asked).toEqual([`${root}/bot${token}/deleteWebhook`])
  expect(sent).toEqual(['{}'])
})

test.each([
  ['a revoked token', refused(401), 'no', 'deleteWebhook answered 401'],
  ['too many requests', refused(429), 'unknown', 'deleteWebhook answered 429'],
  ['a strange answer', ok({}), 'unknown', 'deleteWebhook answered 200'],
  ['no network', new Error(`${root}/bot${token}/x`), 'unknown', `deleteWebhook: ${root}/bot<token>/x`],
])('a webhook that stays: %s', async (_, deleteWebhook, is, detail) => {
  expect(await removeWebhook(api({ deleteWebhook }).request, root, token)).toEqual({ is, detail })
})

test.each([
  [undefined, 'https://api.telegram.org'],
  ['', 'https://api.telegram.org'],
  ['https://bots.example.org/', 'https://bots.example.org'],
  ['https://bots.example.org/api/', 'https://bots.example.org/api'],
  ['http://127.0.0.1:8081', 'http://127.0.0.1:8081'],
  ['http://localhost:8081/', 'http://localhost:8081'],
  ['http://[::1]:8081', 'http://[::1]:8081'],
])('root %s', (given, expected) =>
  expect(messengerOf('telegram')?.apiRoot({ TELEGRAM_API_ROOT: given })).toBe(expected),
)

test.each([
  'http://bots.example.org',
  'http://127.0.0.1.example.org',
  'http://localhost.example.org',
  'ftp://127.0.0.1',
  'bots.example.org',
  'file:///x',
  'http://10.0.0.1',
  'http://user@example.org',
])('root %s is refused', (given) =>
  expect(() => messengerOf('telegram')?.apiRoot({ TELEGRAM_API_ROOT: given })).toThrow(
    expect.objectContaining({ name: 'ExpectedError', status: 2 }),
  ),
)
