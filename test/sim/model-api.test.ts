import { afterEach, expect, test } from 'vitest'
import type { ModelApi } from './model-api/server.ts'
import { startModelApi } from './model-api/server.ts'

const opened: ModelApi[] = []
const start = async (): Promise<ModelApi> => {
  const api = await startModelApi()
  opened.push(api)
  return api
}
afterEach(async () => {
  for (const api of opened.splice(0)) await api.close()
})

const replyTool = {
  name: 'mcp__plugin_telegram_telegram__reply',
  input_schema: { properties: { chat_id: {}, text: {} } },
}
const tools = [{ name: 'Bash' }, { name: 'Read' }, replyTool]
const channel = (text: string, chat = '7') =>
  `<channel source="plugin:telegram:telegram" chat_id="${chat}" user="tester" ts="2026-11-22">\n${text}\n</channel>`

type Body = {
  readonly content: readonly {
    readonly type: string
    readonly text?: string
    readonly id?: string
    readonly name?: string
    readonly input?: unknown
  }[]
  readonly stop_reason: string
}

const post = (api: ModelApi, body: object): Promise<Response> =>
  fetch(`${api.root}/v1/messages?beta=true`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', ...body }),
  })

const ask = async (api: ModelApi, messages: readonly object[]): Promise<Body> =>
  (await (await post(api, { tools, messages })).json()) as Body

const user = (content: unknown) => ({ role: 'user', content })

test('answers a channel message through the reply tool, then ends the turn', async () => {
  const api = await start()
  const first = await ask(api, [
    user([
      { type: 'text', text: 'a reminder' },
      { type: 'text', text: channel('hello') },
    ]),
  ])
  expect(first.stop_reason).toBe('tool_use')
  expect(first.content).toMatchObject([
    { type: 'tool_use', name: replyTool.name, input: { chat_id: '7', text: 'echo: hello' } },
  ])
  const result = {
    type: 'tool_result',
    tool_use_id: first.content[0]?.id,
    content: `sent ${channel('not a message')}`,
  }
  const second = await ask(api, [
    user(channel('hello')),
    { role: 'assistant', content: first.content },
    user([result]),
  ])
  expect(second).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'text', text: 'sent' }] })
})

const assistant = (answer: Body) => ({ role: 'assistant', content: answer.content })
const result = (answer: Body, content: unknown) =>
  user([{ type: 'tool_result', tool_use_id: answer.content[0]?.id, content }])

test('answers several waiting messages one after the other', async () => {
  const api = await start()
  const messages: object[] = [
    user([
      { type: 'text', text: channel('a', '1') },
      { type: 'text', text: channel('run: b', '2') },
    ]),
  ]
  const answers: Body[] = []
  for (const printed of ['ok', 'out of b', 'ok', null]) {
    const answer = await ask(api, messages)
    answers.push(answer)
    messages.push(assistant(answer), ...(printed === null ? [] : [result(answer, printed)]))
  }
  expect(answers.map(({ content }) => content[0])).toMatchObject([
    { name: replyTool.name, input: { chat_id: '1', text: 'echo: a' } },
    { name: 'Bash', input: { command: 'b' } },
    { name: replyTool.name, input: { chat_id: '2', text: 'out of b' } },
    { type: 'text', text: 'sent' },
  ])
  const later = await ask(api, [
    ...messages,
    user(channel('c', '3')),
    { role: 'system', content: 'the date' },
  ])
  expect(later.content).toMatchObject([{ name: replyTool.name, input: { chat_id: '3', text: 'echo: c' } }])
})

test('looks the reply tool up where it is not on offer, and says so when it cannot', async () => {
  const api = await start()
  const asked = user(`a hint: <channel source="telegram" chat_id="..." ts="...">.\n${channel('a')}`)
  const search = [{ name: 'Bash' }, { name: 'ToolSearch' }]
  const first = (await (await post(api, { tools: search, messages: [asked] })).json()) as Body
  expect(first.content).toMatchObject([{ name: 'ToolSearch', input: { query: `select:${replyTool.name}` } }])
  const messages = [
    asked,
    assistant(first),
    result(first, [{ type: 'tool_reference', tool_name: replyTool.name }]),
  ]
  const found = (await (await post(api, { tools: [...search, replyTool], messages })).json()) as Body
  expect(found.content).toMatchObject([{ name: replyTool.name, input: { chat_id: '7', text: 'echo: a' } }])
  const deaf = { stop_reason: 'end_turn', content: [{ text: 'no reply tool is offered for: echo: a' }] }
  expect(await (await post(api, { tools: search, messages })).json()).toMatchObject(deaf)
  expect(await (await post(api, { tools: [{ name: 'Bash' }], messages: [asked] })).json()).toMatchObject(deaf)
})

test('runs commands, reads files, and sends what came out', async () => {
  const api = await start()
  const run = await ask(api, [user(channel('run: echo hi; id'))])
  expect(run.content).toMatchObject([{ name: 'Bash', input: { command: 'echo hi; id' } }])
  const result = {
    type: 'tool_result',
    tool_use_id: run.content[0]?.id,
    content: [{ type: 'text', text: 'hi' }],
  }
  const sent = await ask(api, [
    user(channel('run: echo hi; id')),
    { role: 'assistant', content: run.content },
    user([result]),
  ])
  expect(sent.content).toMatchObject([{ name: replyTool.name, input: { chat_id: '7', text: 'hi' } }])
  const read = await ask(api, [user(channel('read: /tmp/a b.png'))])
  expect(read.content).toMatchObject([{ name: 'Read', input: { file_path: '/tmp/a b.png' } }])
  const typed = await ask(api, [user('<system-reminder>x</system-reminder>\nrun: ls')])
  expect(typed.content).toMatchObject([{ name: 'Bash', input: { command: 'ls' } }])
  expect((await ask(api, [user('hello there')])).content).toMatchObject([{ text: 'typed: hello there' }])
  expect((await ask(api, [user(channel('say: nothing more'))])).content).toMatchObject([
    { type: 'text', text: 'nothing more' },
  ])
})

test('waits when asked to', async () => {
  const api = await start()
  const before = Date.now()
  const slow = await ask(api, [user(channel('slow: 0.2'))])
  expect(Date.now() - before).toBeGreaterThan(190)
  expect(slow.content).toMatchObject([{ input: { text: 'echo: slow: 0.2' } }])
})

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
