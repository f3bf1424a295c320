import { afterEach, expect, test } from 'vitest'
import type { Reply } from './bot-api/rig.ts'
import { call, closeAll, start } from './bot-api/rig.ts'
import { until } from './until.ts'

afterEach(closeAll)

const ids = ({ result }: Reply): readonly number[] =>
  (result as { update_id: number }[]).map((one) => one.update_id)

test('knows its bots, refuses other tokens with 401 and malformed ones with 404', async () => {
  const api = await start()
  expect(await call(api, 'getMe')).toMatchObject({
    ok: true,
    result: { id: Number(api.bot.id), is_bot: true, username: api.bot.username },
  })
  expect(await call(api, 'getMe', {}, '123456789:AAtestnobody')).toEqual({
    ok: false,
    error_code: 401,
    description: 'Unauthorized',
  })
  expect(await call(api, 'getMe', {}, 'nonsense')).toMatchObject({ error_code: 404 })
  expect(await call(api, 'getNothing')).toMatchObject({ error_code: 404 })
  const second = api.addBot('123456789:AAtestsecond')
  second.push('to the second one only')
  expect([api.bot.pending(), second.pending()]).toEqual([0, 1])
  second.revoke()
  expect(await call(api, 'getMe', {}, second.token)).toMatchObject({ error_code: 401 })
  expect(await call(api, 'getMe')).toMatchObject({ ok: true })
})

test('keeps updates until a later offset confirms them', async () => {
  const api = await start()
  for (const text of ['one', 'two', 'three']) api.bot.push(text)
  const first = await call(api, 'getUpdates')
  expect(first.result).toMatchObject([
    { message: { text: 'one', chat: { id: 4242 }, from: { id: 4242 } } },
    {},
    {},
  ])
  expect(ids(await call(api, 'getUpdates', { limit: 1 }))).toEqual(ids(first).slice(0, 1))
  const last = ids(first)[2] ?? 0
  expect(ids(await call(api, 'getUpdates', { offset: last }))).toEqual([last])
  expect(api.bot.pending()).toBe(1)
  expect(await call(api, 'getWebhookInfo')).toMatchObject({ result: { url: '', pending_update_count: 1 } })
  expect(ids(await call(api, 'getUpdates', { offset: last + 1 }))).toEqual([])
  expect(api.bot.pending()).toBe(0)
})

test('a negative offset keeps the newest only', async () => {
  const api = await start()
  for (const text of ['one', 'two', 'three']) api.bot.push(text)
  const newest = await call(api, 'getUpdates', { offset: -1 })
  expect(newest.result).toMatchObject([{ message: { text: 'three' } }])
  expect(api.bot.pending()).toBe(1)
})

test('a long poll waits for a message, ends empty at its timeout and is forgotten when the caller hangs up', async () => {
  const api = await start()
  const poll = call(api, 'getUpdates', { timeout: 30 })
  const poller = await until('a poller', () => api.bot.pollers()[0])
  expect(poller.timeoutSeconds).toBe(30)
  api.bot.push('hello')
  expect((await poll).result).toMatchObject([{ message: { text: 'hello' } }])
  const seen = ids(await call(api, 'getUpdates'))[0] ?? 0
  const before = Date.now()
  expect(ids(await call(api, 'getUpdates', { offset: seen + 1, timeout: 1 }))).toEqual([])
  expect(Date.now() - before).toBeGreaterThan(900)

  const abort = new AbortController()
  const given = fetch(`${api.root}/bot${api.bot.token}/getUpdates?timeout=30`, {
    signal: abort.signal,
  }).catch(String)
  await until('a poller', () => api.bot.pollers().length === 1)
  abort.abort()
  await given
  await until('no poller', () => api.bot.pollers().length === 0)
  api.bot.push('while nobody polls')
  expect(api.bot.pending()).toBe(1)
})

test('a newcomer takes over and the older poll ends with 409', async () => {
  const api = await start()
  const older = call(api, 'getUpdates', { timeout: 30 })
  await until('a poller', () => api.bot.pollers().length === 1)
  const newer = call(api, 'getUpdates', { timeout: 30 })
  const refused = await older
  expect(refused).toMatchObject({ ok: false, error_code: 409 })
  expect(refused.description).toMatch(/^Conflict: terminated by other getUpdates request/)
  await until('the newer poller', () => api.bot.pollers().length === 1)
  api.bot.push('for the newer')
  expect((await newer).result).toMatchObject([{ message: { text: 'for the newer' } }])
})

test('a webhook stops polling until it is deleted; revoking ends a poll with 401', async () => {
  const api = await start()
  const cut = call(api, 'getUpdates', { timeout: 30 })
  await until('a poller', () => api.bot.pollers().length === 1)
  await call(api, 'setWebhook', { url: 'https://example.org/hook' })
  expect(await cut).toMatchObject({ error_code: 409 })
  expect(await call(api, 'getUpdates')).toMatchObject({
    error_code: 409,
    description: expect.stringContaining('webhook is active'),
  })
  expect(await call(api, 'getWebhookInfo')).toMatchObject({ result: { url: 'https://example.org/hook' } })
  expect(await call(api, 'deleteWebhook')).toMatchObject({ ok: true, result: true })
  const revoked = call(api, 'getUpdates', { timeout: 30 })
  await until('a poller', () => api.bot.pollers().length === 1)
  api.bot.revoke()
  expect(await revoked).toMatchObject({ error_code: 401 })
})

test('sends, edits, reacts, and only where a person wrote before', async () => {
  const api = await start()
  expect(await call(api, 'sendMessage', { chat_id: 4242, text: 'hi' })).toMatchObject({
    error_code: 400,
    description: 'Bad Request: chat not found',
  })
  const asked = api.bot.push('hi')
  const waited = api.bot.waitForSent(({ text }) => text === 'second', 2_000)
  await call(api, 'sendMessage', { chat_id: 4242, text: 'first' })
  await call(api, 'sendMessage', { chat_id: '4242', text: 'second' })
  expect(await waited).toMatchObject({ chatId: '4242', text: 'second' })
  await call(api, 'editMessageText', {
    chat_id: 4242,
    message_id: api.bot.sent()[0]?.messageId,
    text: 'changed',
  })
  expect(api.bot.sent().map(({ text }) => text)).toEqual(['changed', 'second'])
  await call(api, 'setMessageReaction', {
    chat_id: 4242,
    message_id: asked,
    reaction: [{ type: 'emoji', emoji: '👀' }],
  })
  expect(api.bot.reactions()).toEqual([{ chatId: '4242', messageId: asked, emoji: ['👀'] }])
  expect(await call(api, 'sendMessage', { chat_id: 4242, text: 'x'.repeat(4097) })).toMatchObject({
    error_code: 400,
  })
  await expect(api.bot.waitForSent(({ text }) => text === 'never', 60)).rejects.toThrow(/in vain/)
})
