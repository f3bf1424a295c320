import { expect, test } from 'vitest'
import { createHold } from '../../src/channels/hold.ts'

const line = (value: object) => `${JSON.stringify({ jsonrpc: '2.0', ...value })}\n`
const message = (content: string) =>
  line({ method: 'notifications/claude/channel', params: { content, meta: { chat_id: '1' } } })
const hello = line({ id: 0, result: { protocolVersion: '2025-06-18', capabilities: { tools: {} } } })
const tools = line({ result: { tools: [{ name: 'reply' }] }, id: 1 })
const permission = line({ method: 'notifications/claude/channel/permission', params: { behavior: 'allow' } })

/** A hold whose time passes when told; `take` answers what the plugin's write would. */
const rig = () => {
  const sent: string[] = []
  const notes: { readonly keeps: boolean; readonly sent: number }[] = []
  const timers: { at: number; act: () => void }[] = []
  let now = 0
  const take = createHold<string>(
    (text) => sent.push(text) > 0 && text !== 'full',
    (ms, act) => timers.push({ at: now + ms, act }),
    (keeps) => notes.push({ keeps, sent: sent.length }),
  )
  return {
    sent,
    notes,
    take: (text: string) => take(text, text),
    pass: (ms: number) => {
      now += ms
      for (const { act } of timers.splice(0).filter(({ at, act }) => at <= now || !timers.push({ at, act })))
        act()
    },
  }
}

test('a message is kept until a second after the client was given the tools', () => {
  const { sent, take, pass } = rig()
  expect(take(message('before'))).toBe(true)
  take(hello)
  take(message('between'))
  take(tools)
  take(message('after'))
  pass(999)
  expect(sent).toEqual([hello, tools])
  pass(1)
  expect(sent.slice(2)).toEqual([message('before'), message('between'), message('after')])
  take(message('at once'))
  expect(sent.at(-1)).toBe(message('at once'))
  // The second timer finds nothing to do.
  pass(10_000)
  expect(sent).toHaveLength(6)
})

test('what is kept is noted from before the first one until all were sent', () => {
  const { take, pass, notes } = rig()
  take(hello)
  take(tools)
  expect(notes).toEqual([])
  take(message('one'))
  take(message('two'))
  expect(notes).toEqual([{ keeps: true, sent: 2 }])
  pass(1_000)
  take(message('three'))
  expect(notes.slice(1)).toEqual([{ keeps: false, sent: 4 }])
})

test('nothing is noted where nothing was kept', () => {
  const { take, pass, notes } = rig()
  take(tools)
  pass(1_000)
  take(message('at once'))
  expect(notes).toEqual([])
})

test('a client that asks for no tools gets it five seconds after the handshake', () => {
  const { sent, take, pass } = rig()
  take(hello)
  take(message('hi'))
  pass(4_999)
  expect(sent).toEqual([hello])
  pass(1)
  expect(sent).toEqual([hello, message('hi')])
})

test.each([
  ['an answer to a permission prompt', permission],
  ['an answer that quotes a message', line({ id: 2, result: { content: [{ text: message('x') }] } })],
  ['a message written together with an answer', `${tools}${message('x')}`],
  ['anything else', 'polling as @bot\n'],
])('%s passes at once', (_, text) => {
  const { sent, take } = rig()
  take(text)
  expect(sent).toEqual([text])
})

test('a message that quotes a list of tools opens nothing', () => {
  const { sent, take, pass } = rig()
  take(message(tools))
  pass(60_000)
  expect(sent).toEqual([])
})

test('what the stream says of a write is handed on', () => {
  const { take } = rig()
  expect(take('full')).toBe(false)
})
