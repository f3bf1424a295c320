import { afterEach, expect, test } from 'vitest'
import type { Body } from './model-api/rig.ts'
import { ask, channel, closeAll, post, replyTool, start, user } from './model-api/rig.ts'

afterEach(closeAll)

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

test('waits before a turn ends when asked to', async () => {
  const api = await start()
  const asked = user(channel('slow: 0, 0.2'))
  const answer = await ask(api, [asked])
  const before = Date.now()
  await ask(api, [asked, assistant(answer), result(answer, 'ok')])
  expect(Date.now() - before).toBeGreaterThan(190)
})
