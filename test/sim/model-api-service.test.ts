import { afterEach, expect, test } from 'vitest'
import type { Body } from './model-api/rig.ts'
import { ask, channel, closeAll, post, start, tools, user } from './model-api/rig.ts'

afterEach(closeAll)

test('streams events that add up to the same message', async () => {
  const api = await start()
  const response = await post(api, { stream: true, tools, messages: [user(channel('hello'))] })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const events = (await response.text())
    .split('\n\n')
    .filter((part) => part !== '')
    .map(
      (part) =>
        JSON.parse(part.split('\ndata: ')[1] ?? '') as {
          type: string
          delta?: { partial_json?: string; stop_reason?: string }
        },
    )
  expect(events.map(({ type }) => type)).toEqual([
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ])
  expect(JSON.parse(events[2]?.delta?.partial_json ?? '')).toEqual({ chat_id: '7', text: 'echo: hello' })
  expect(events[4]?.delta?.stop_reason).toBe('tool_use')
})

test('side requests, token counts and HEAD get harmless answers; the log tells turns from the rest', async () => {
  const api = await start()
  expect((await fetch(api.root, { method: 'HEAD' })).status).toBe(200)
  const counted = await fetch(`${api.root}/v1/messages/count_tokens`, {
    method: 'POST',
    body: '{"messages":[]}',
  })
  expect(await counted.json()).toEqual({ input_tokens: 10 })
  const title = (await (await post(api, { messages: [user(channel('hello'))] })).json()) as Body
  expect(title.stop_reason).toBe('end_turn')
  expect((await fetch(`${api.root}/v1/other`, { method: 'POST', body: '{}' })).status).toBe(404)
  await ask(api, [user('hi')])
  expect(api.calls().map(({ method, path, status }) => [method, path, status])).toEqual([
    ['HEAD', '/', 200],
    ['POST', '/v1/messages/count_tokens', 200],
    ['POST', '/v1/messages', 200],
    ['POST', '/v1/other', 404],
    ['POST', '/v1/messages', 200],
  ])
  expect(api.turns()).toHaveLength(1)
})

test('fails for those who ask for one model, and for nobody else', async () => {
  const api = await start()
  const heal = api.fail({ status: 500, model: 'ill' })
  const statusFor = async (model: string) =>
    (await post(api, { model, tools, messages: [user('hi')] })).status
  expect([await statusFor('ill'), await statusFor('well')]).toEqual([500, 200])
  heal()
  expect(await statusFor('ill')).toBe(200)
})

test('fails as told, in the form of the real one', async () => {
  const api = await start()
  api.fail({ status: 529, times: 1 })
  const overloaded = await post(api, { tools, messages: [user('hi')] })
  expect(overloaded.status).toBe(529)
  expect(await overloaded.json()).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } })
  const heal = api.fail({ status: 429, retry: false, message: 'usage limit reached' })
  const limited = await post(api, { tools, messages: [user('hi')] })
  expect([limited.status, limited.headers.get('x-should-retry')]).toEqual([429, 'false'])
  expect(await limited.json()).toMatchObject({
    error: { type: 'rate_limit_error', message: 'usage limit reached' },
  })
  heal()
  api.fail({ status: 401, times: 1 })
  expect((await post(api, { messages: [] })).status).toBe(401)
  expect((await post(api, { tools, messages: [user('hi')] })).status).toBe(200)
  api.setResponder(() => ({ text: 'something else' }))
  expect((await ask(api, [user('hi')])).content).toEqual([{ type: 'text', text: 'something else' }])
})
