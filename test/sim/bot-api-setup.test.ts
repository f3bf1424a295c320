import { afterEach, expect, onTestFinished, test } from 'vitest'
import { findOtherPoller } from '../../src/channels/other-poller.ts'
import { probeTelegram, removeWebhook } from '../../src/channels/telegram-api.ts'
import { readChat } from '../../src/channels/telegram-chat.ts'
import { systemClock } from '../../src/system/clock.ts'
import { createRequest } from '../../src/system/https.ts'
import { call, closeAll, start } from './bot-api/rig.ts'
import type { BotApi } from './bot-api/server.ts'
import { connectBot } from './plugin/telegram/bot-api.ts'
import { pollUpdates } from './plugin/telegram/poll.ts'
import { until } from './until.ts'

afterEach(closeAll)

const request = createRequest({ env: {} })
const find = ({ root, bot }: BotApi) => findOtherPoller(request, root, bot.token, systemClock)

/** Polls as the plugin does, until the test ends. */
const poll = async ({ root, bot }: BotApi, texts: string[] = []) => {
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const handle = async (update: unknown) => {
    texts.push(JSON.stringify(update))
  }
  void pollUpdates(connectBot(root, bot.token, stop.signal), handle, stop.signal)
  await until('a poller', () => bot.pollers().length === 1)
}

test('getChat: who wrote, by the name they had last; nobody else', async () => {
  const api = await start()
  const chat = { chat_id: 7 }
  expect(await call(api, 'getChat', chat)).toMatchObject({
    error_code: 400,
    description: 'Bad Request: chat not found',
  })
  expect(await readChat(request, api.root, api.bot.token, '7')).toMatchObject({ is: 'no' })
  api.bot.push('hi', { from: 7, username: 'ada', firstName: 'Ada' })
  expect((await call(api, 'getChat', chat)).result).toEqual({
    id: 7,
    type: 'private',
    first_name: 'Ada',
    username: 'ada',
  })
  api.bot.push('hi', { from: 7, username: 'ada', firstName: 'Ada L.' })
  expect(await readChat(request, api.root, api.bot.token, '7')).toEqual({
    is: 'yes',
    value: { name: 'Ada L.', username: '@ada' },
  })
  expect(await readChat(request, api.root, '123456789:AAtestnobody', '7')).toMatchObject({ is: 'unknown' })
})

test('a webhook is taken away, and the messages that wait stay', async () => {
  const api = await start()
  const { root, bot } = api
  bot.push('waits')
  bot.setWebhook('https://example.org/hook')
  expect(await find(api)).toEqual({ is: 'webhook' })
  expect(await removeWebhook(request, root, bot.token)).toEqual({ is: 'yes', value: true })
  expect([bot.webhook(), bot.pending()]).toEqual(['', 1])
  expect(await probeTelegram(request, root, bot.token, 0)).toMatchObject({ webhook: null, pending: 1 })
  expect(await removeWebhook(request, root, '123456789:AAtestnobody')).toMatchObject({ is: 'no' })
})

test('nobody polls: found out in four seconds, with messages that wait in two', async () => {
  const [silent, waits] = [await start(), await start()]
  waits.bot.push('waits')
  expect(await Promise.all([find(silent), find(waits)])).toEqual([{ is: 'none' }, { is: 'none' }])
  expect(waits.bot.pending()).toBe(1)
  expect(silent.requests().map(({ method, params }) => [method, params])).toEqual([
    ['getUpdates', { limit: 1, timeout: 4 }],
  ])
})

test('a plugin that polls elsewhere is found, and goes on afterwards without losing a message', async () => {
  const api = await start()
  const texts: string[] = []
  await poll(api, texts)
  expect(await find(api)).toEqual({ is: 'polls' })
  await until('the plugin polls again', () => api.bot.pollers().length === 1)
  api.bot.push('after')
  await until('the message', () => texts.some((text) => text.includes('after')))
})

test('messages that wait while somebody takes them: found', async () => {
  const api = await start()
  api.bot.push('waits')
  const found = find(api)
  await until('the queue was looked at', () =>
    api.requests().some(({ method }) => method === 'getWebhookInfo'),
  )
  await poll(api)
  expect(await found).toEqual({ is: 'polls' })
})
