import { afterEach, beforeEach, expect, test } from 'vitest'
import { call, connect } from './discord-api/rig.ts'
import { type DiscordApi, startDiscordApi } from './discord-api/server.ts'
import { until } from './until.ts'

let api: DiscordApi
beforeEach(async () => {
  api = await startDiscordApi()
})
afterEach(() => api.close())

const unauthorized = { status: 401, body: { message: '401: Unauthorized', code: 0 } }
const texts = ({ events }: Awaited<ReturnType<typeof connect>>) =>
  events().flatMap(({ d }) => (d.content === undefined ? [] : [d.content]))

test('knows its bots by their token, and nobody else with the prefix of one', async () => {
  const { id, token, username } = api.bot
  expect(id).toMatch(/^\d{18,19}$/)
  expect(token).toMatch(/^[\w-]{24,26}\.[\w-]{6}\.[\w-]{38}$/)
  expect((await call(api, 'GET /users/@me')).body).toEqual({
    id,
    username,
    discriminator: '0',
    global_name: null,
    bot: true,
  })
  const person = api.addUserToken()
  for (const header of ['', token, 'Bot nonsense', `Bot ${person}`])
    expect(await call(api, 'GET /users/@me', null, header)).toMatchObject(unauthorized)
  expect((await call(api, 'GET /users/@me', null, person)).body).not.toHaveProperty('bot')
  expect(await call(api, 'GET /nothing')).toMatchObject({ status: 404 })
  expect(api.requests().map(({ bot, method, status }) => [bot, method, status])).toContainEqual([
    id,
    'GET /users/@me',
    200,
  ])
})

test('the intent is a flag of the application, and a gateway is refused without it', async () => {
  const flags = async () => ((await call(api, 'GET /applications/@me')).body as { flags: number }).flags
  expect(await flags()).toBe(1 << 19)
  api.bot.setIntent('approved')
  expect(await flags()).toBe(1 << 18)
  expect((await connect(api)).status).toBe(200)
  api.bot.setIntent(false)
  expect(await flags()).toBe(0)
  expect(await call(api, 'GET /gateway/stream')).toMatchObject({
    status: 400,
    body: { message: 'Used disallowed intents', code: 4014 },
  })
})

test('every gateway gets every message, and what comes while there is none is lost', async () => {
  api.bot.push('too early')
  const [one, other] = [await connect(api), await connect(api)]
  await until('both', () => api.bot.gateways().length === 2)
  api.bot.push('to both')
  for (const each of [one, other]) await until('the message', () => texts(each).includes('to both'))
  expect([texts(one), texts(other)]).toEqual([['to both'], ['to both']])
  expect(one.events()[0]).toMatchObject({ t: 'READY', d: { user: { username: api.bot.username } } })
  one.close()
  await until('one less', () => api.bot.gateways().length === 1)
  api.bot.dropGateways()
  await until('none', () => api.bot.gateways().length === 0 && other.isOver())
})

test('a token taken back hangs up on who is connected; a new one of the same bot works', async () => {
  const gateway = await connect(api)
  const next = api.bot.rotate()
  await until('its end', () => gateway.isOver())
  expect(await call(api, 'GET /users/@me')).toMatchObject(unauthorized)
  expect(await call(api, 'GET /gateway/stream')).toMatchObject(unauthorized)
  expect(await call(api, 'GET /users/@me', null, `Bot ${next}`)).toMatchObject({ body: { id: api.bot.id } })
  api.bot.rotate('valid')
  expect(await call(api, 'GET /users/@me', null, `Bot ${next}`)).toMatchObject({ status: 200 })
  api.bot.revoke()
  expect(await call(api, 'GET /users/@me', null, `Bot ${next}`)).toMatchObject(unauthorized)
})

test('who wrote is known by name, the servers are those it was put into', async () => {
  expect(await call(api, 'GET /users/333333333333333333')).toMatchObject({
    status: 404,
    body: { message: 'Unknown User', code: 10013 },
  })
  api.bot.push('hi', { from: '333333333333333333', username: 'ada', globalName: 'Ada' })
  expect((await call(api, 'GET /users/333333333333333333')).body).toMatchObject({
    id: '333333333333333333',
    username: 'ada',
    global_name: 'Ada',
  })
  expect((await call(api, 'GET /users/@me/guilds')).body).toHaveLength(1)
  api.bot.setServers([])
  expect((await call(api, 'GET /users/@me/guilds')).body).toEqual([])
})

test('sends, edits, reacts and lists, and only to who wrote before', async () => {
  const channel = api.bot.channelOf()
  const content = { content: 'hello' }
  expect(await call(api, `POST /channels/${channel}/messages`, content)).toMatchObject({ status: 404 })
  const direct = await call(api, 'POST /users/@me/channels', { recipient_id: '424242424242424242' })
  expect(direct.body).toMatchObject({ id: channel })
  expect(await call(api, `POST /channels/${channel}/messages`, content)).toMatchObject({ status: 403 })
  const asked = api.bot.push('hi')
  const waited = api.bot.waitForSent(({ text }) => text === 'hello', 2_000)
  const { id } = (await call(api, `POST /channels/${channel}/messages`, content)).body as { id: string }
  expect(await waited).toMatchObject({ chatId: channel, messageId: id })
  await call(api, `PATCH /channels/${channel}/messages/${id}`, { content: 'changed' })
  expect(api.bot.sent().map(({ text }) => text)).toEqual(['changed'])
  expect(await call(api, `PATCH /channels/${channel}/messages/${asked}`, content)).toMatchObject({
    status: 403,
  })
  const emoji = encodeURIComponent('👀')
  await call(api, `PUT /channels/${channel}/messages/${asked}/reactions/${emoji}/@me`)
  expect(api.bot.reactions()).toEqual([{ chatId: channel, messageId: asked, emoji: '👀' }])
  expect((await call(api, `GET /channels/${channel}/messages?limit=2`)).body).toMatchObject([
    { content: 'changed', author: { bot: true } },
    { content: 'hi' },
  ])
  const long = { content: 'x'.repeat(2001) }
  expect(await call(api, `POST /channels/${channel}/messages`, long)).toMatchObject({ status: 400 })
})

test('failures on demand, in the form of this service', async () => {
  const end = api.fail({
    how: 'refuse',
    method: 'GET /users/@me',
    status: 429,
    description: 'You are being rate limited.',
    retryAfter: 0.5,
  })
  expect(await call(api, 'GET /users/@me')).toEqual({
    status: 429,
    body: { message: 'You are being rate limited.', retry_after: 0.5, global: false },
    retryAfter: '0.5',
  })
  expect(await call(api, 'GET /applications/@me')).toMatchObject({ status: 200 })
  end()
  expect(await call(api, 'GET /users/@me')).toMatchObject({ status: 200 })
})
