import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldTranscript } from '../../src/claude/transcript-rows.ts'
import { emptyTranscript, type Transcript } from '../../src/core/client.ts'

const at = (second: number) => Date.parse('2026-11-22T12:54:00.000Z') + second * 1000
const row = (second: number, fields: object) =>
  JSON.stringify({ timestamp: new Date(at(second)).toISOString(), sessionId: 's', ...fields })
const fold = (...lines: readonly string[]) => lines.reduce(foldTranscript, emptyTranscript)

const channel = { kind: 'channel', server: 'plugin:telegram:telegram' }
const message = (id: number) =>
  `<channel source="plugin:telegram:telegram" message_id="${id}">\nx > y\n</channel>`
const enqueue = (second: number, id = 1) =>
  row(second, { type: 'queue-operation', operation: 'enqueue', content: message(id) })
const dequeue = (second: number) => row(second, { type: 'queue-operation', operation: 'dequeue' })
const delivered = (second: number, id = 1) =>
  row(second, {
    type: 'user',
    isMeta: true,
    message: { role: 'user', content: message(id) },
    origin: channel,
  })
const absorbed = (second: number, id: number) =>
  row(second, {
    type: 'attachment',
    attachment: { type: 'queued_command', prompt: message(id), origin: channel },
  })
const answer = (second: number, stop = 'end_turn') =>
  row(second, { type: 'assistant', message: { model: 'claude-opus-5-5', content: [], stop_reason: stop } })
const request = (second: number) => row(second, { type: 'api-request' })
const sample = (name: string): Transcript =>
  readFileSync(new URL(`transcripts/${name}.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .reduce(foldTranscript, emptyTranscript)
const waits = ({ waiting }: Transcript) => waiting.map(({ at: time }) => time)
const failure = (second: number, status: number, error: string) =>
  row(second, {
    type: 'assistant',
    isApiErrorMessage: true,
    apiErrorStatus: status,
    error,
    message: { model: '<synthetic>', content: [] },
  })

test('messages wait until a turn takes them, by what they say of themselves', () => {
  const busy = fold(enqueue(14, 1), dequeue(14), delivered(14, 1), enqueue(15, 2), enqueue(17, 3))
  expect(busy).toMatchObject({
    delivered: 1,
    lastDelivered: [{ server: channel.server, at: at(14) }],
    turn: { messages: [at(14)] },
  })
  expect(waits(busy)).toEqual([at(15), at(17)])
  const after = [dequeue(20), dequeue(20), delivered(20, 3), answer(21)].reduce(foldTranscript, busy)
  expect(waits(after)).toEqual([at(15)])
  expect(after).toMatchObject({ turn: null, lastAssistantAt: at(21) })
})

test('of each channel the last message is told by its server; one that names none is nobody’s', () => {
  const of = (second: number, server?: string) =>
    row(second, {
      type: 'user',
      message: { role: 'user', content: message(second) },
      origin: { kind: 'channel', ...(server === undefined ? {} : { server }) },
    })
  const told = fold(of(1, 'pager'), delivered(2, 1), of(3), absorbed(4, 2))
  expect(told.delivered).toBe(4)
  expect(told.lastDelivered).toEqual([
    { server: 'pager', at: at(1) },
    { server: channel.server, at: at(4) },
  ])
  const many = fold(...Array.from({ length: 30 }, (_, i) => of(i, `s${i}`)))
  expect(many.lastDelivered.map(({ server }) => server)).toEqual(
    Array.from({ length: 20 }, (_, i) => `s${i + 10}`),
  )
})

test('one that a turn takes in its middle waits no longer, and belongs to it', () => {
  const turn = fold(enqueue(1, 1), delivered(2, 1), answer(3, 'tool_use'), enqueue(4, 2), absorbed(5, 2))
  expect(waits(turn)).toEqual([])
  expect(turn).toMatchObject({ delivered: 2, turn: { at: at(2), messages: [at(2), at(5)] } })
})

test('taken before it is written that it came: 2.1.139 writes in any order', () => {
  expect(waits(fold(absorbed(2, 7), enqueue(1, 7)))).toEqual([])
})

test('a person who takes what waits back into the prompt, or interrupts a turn', () => {
  expect(
    waits(fold(enqueue(1), enqueue(1, 2), row(2, { type: 'queue-operation', operation: 'popAll' }))),
  ).toEqual([])
  const content = [{ type: 'text', text: '[Request interrupted by user for tool use]' }]
  expect(fold(delivered(1), row(2, { type: 'user', message: { content } })).turn).toBeNull()
})

test('what a person queues is no message of a channel', () => {
  expect(waits(fold(row(1, { type: 'queue-operation', operation: 'enqueue', content: '/clear' })))).toEqual(
    [],
  )
})

test('a turn that a killed client was at goes on in the next, until the client gives it up', () => {
  const killed = fold(delivered(1, 1), answer(2, 'tool_use'))
  const resumed = row(9, {
    type: 'user',
    isMeta: true,
    message: { content: [{ type: 'text', text: 'Continue from where you left off.' }] },
  })
  expect(foldTranscript(killed, resumed).turn).toMatchObject({ messages: [at(1)] })
  const given = row(9, { type: 'assistant', message: { model: '<synthetic>', content: [] } })
  expect(foldTranscript(killed, given).turn).toBeNull()
})

test('a turn is begun once something came after its prompt', () => {
  const told = (second: number) => row(second, { type: 'attachment', attachment: { type: 'date' } })
  const isBegun = (...lines: readonly string[]) => fold(...lines).turn?.begun
  expect(isBegun(delivered(1))).toBe(false)
  expect(isBegun(delivered(1), told(2))).toBe(true)
  expect(isBegun(delivered(1), answer(2, 'tool_use'))).toBe(true)
  expect(isBegun(delivered(1, 1), answer(2, 'tool_use'), absorbed(3, 2))).toBe(true)
  // Left alone by the client after the one that was killed, and then another comes.
  expect(isBegun(delivered(1, 1), told(2), delivered(3, 2))).toBe(false)
  expect(isBegun(told(1))).toBeUndefined()
})

test('a turn that ends in an API error is counted with its messages', () => {
  const failed = fold(delivered(1, 1), absorbed(2, 2), failure(3, 500, 'server_error'), failure(4, 500, 'x'))
  expect(failed.failed).toEqual([{ at: at(3), messages: 2 }])
  expect(failed.turn).toBeNull()
})

const reply = (second: number, id = 'a') =>
  row(second, {
    type: 'assistant',
    message: {
      model: 'claude-opus-5-5',
      stop_reason: 'tool_use',
      content: [{ type: 'tool_use', id, name: 'mcp__plugin_telegram_telegram__reply', input: {} }],
    },
  })
const result = (
  second: number,
  { id = 'a', ...rest }: { readonly id?: string; readonly is_error?: boolean } = {},
) =>
  row(second, {
    type: 'user',
    message: { content: [{ type: 'tool_result', tool_use_id: id, content: 'sent (id: 7)', ...rest }] },
  })
const unanswered = (...lines: readonly string[]) => fold(...lines).turn?.messages

test('what came before an answer that went out is answered, though the turn fails later', () => {
  const turn = fold(delivered(1, 1), reply(3), absorbed(4, 2), result(5))
  expect(turn.turn).toMatchObject({ messages: [at(4)] })
  expect(foldTranscript(turn, failure(6, 401, 'x')).failed).toEqual([{ at: at(6), messages: 1 }])
})

test('an answer that did not go out answers nothing: its client was ended before, or its plugin was gone', () => {
  expect(unanswered(delivered(1), reply(2))).toEqual([at(1)])
  expect(unanswered(delivered(1), reply(2), result(3, { is_error: true }))).toEqual([at(1)])
  expect(unanswered(delivered(1), reply(2), result(3, { id: 'of another tool' }))).toEqual([at(1)])
  expect(
    unanswered(delivered(1), reply(2), result(3, { is_error: true }), reply(4, 'b'), result(5, { id: 'b' })),
  ).toEqual([])
})

test('a result may stand before its call: 2.1.139 writes in any order', () => {
  expect(unanswered(delivered(1), result(3), reply(2), absorbed(4, 2))).toEqual([at(4)])
})

test('what is remembered has an end', () => {
  const many = Array.from({ length: 1_000 }, (_, i) => [
    enqueue(1, i),
    enqueue(1, i + 5_000),
    delivered(2, i),
  ]).flat()
  const { waiting, taken, turn } = fold(...many)
  expect([waiting.length, taken.length, turn?.messages.length]).toEqual([199, 200, 200])
})

test('requests without an answer in between are tries; each answer ends them', () => {
  expect(fold(request(1)).retrying).toMatchObject({ times: 0 })
  const tried = fold(answer(0), request(1), request(2), request(4))
  expect(tried.retrying).toEqual({ since: at(1), at: at(4), times: 2, status: null, nextAt: null })
  for (const end of [answer(5), answer(5, 'tool_use'), failure(5, 401, 'x')])
    expect(foldTranscript(tried, end).retrying).toBeNull()
})

test('a turn that begins asks for the first time, whatever a client that is gone asked', () => {
  const tried = fold(delivered(0, 1), request(1), request(2), request(4))
  expect(foldTranscript(tried, delivered(9, 2)).retrying).toBeNull()
  expect([absorbed(9, 3), request(9)].reduce(foldTranscript, tried).retrying?.times).toBe(3)
})

test('2.1.139 writes each try that failed, with its status and how long it waits', () => {
  const refused = (second: number, attempt: number) =>
    row(second, {
      ...{ type: 'system', subtype: 'api_error', retryInMs: 2_000, retryAttempt: attempt },
      error: { status: 529 },
    })
  expect(fold(refused(1, 1), refused(3, 2)).retrying).toEqual({
    ...{ since: at(1), at: at(3), times: 2, status: 529, nextAt: at(5) },
  })
  expect(fold(row(1, { type: 'system', subtype: 'turn_duration' })).retrying).toBeNull()
})

test.each([
  // Three messages were absorbed or worked on, two waited when the client was killed: they are nowhere taken.
  ['queued-2.1.330', { retrying: null }],
  ['limited-2.1.330', { delivered: 3, waiting: [], turn: null, retrying: null, apiFailure: null }],
  ['overloaded-2.1.330', { waiting: [], turn: null, retrying: null, apiFailure: null }],
  ['overloaded-2.1.139', { delivered: 3, waiting: [], turn: null, retrying: null, apiFailure: null }],
  ['limited-2.1.139', { waiting: [], turn: null, retrying: null, apiFailure: null }],
  ['unreachable-2.1.330', { waiting: [], turn: null, retrying: null, apiFailure: null }],
  ['limited-at-once-2.1.330', { failed: [expect.objectContaining({ messages: 1 })] }],
  ['credit-2.1.330', { failed: [expect.objectContaining({ messages: 1 })] }],
  [
    'subscription-limit-2.1.330',
    { apiFailure: null, turn: null, failed: [{ at: Date.parse('2026-11-28T01:27:50.652Z'), messages: 1 }] },
  ],
  ['subscription-limit-waiting-2.1.330', { retrying: expect.objectContaining({ times: 0 }), failed: [] }],
  ['subscription-limit-waiting-2.1.139', { retrying: expect.objectContaining({ times: 1, status: 429 }) }],
])('%s, as the client wrote it', (name, seen) => {
  expect(sample(name)).toMatchObject(seen)
})

test.each([
  [401, 'authentication_failed'],
  [429, 'rate_limit'],
])('an API failure %s stands until an answer succeeds', (status, error) => {
  const failed = fold(answer(1), failure(2, status, error))
  expect(failed).toMatchObject({ lastAssistantAt: at(1), apiFailure: { at: at(2), status, error } })
  expect(
    foldTranscript(failed, row(3, { type: 'assistant', message: { model: '<synthetic>' } })).apiFailure,
  ).not.toBeNull()
  expect(foldTranscript(failed, answer(3)).apiFailure).toBeNull()
})

test('what a person typed is no delivery', () => {
  expect(
    fold(
      row(1, { type: 'user', origin: { kind: 'human' }, message: {} }),
      row(2, { type: 'user', message: {} }),
    ),
  ).toEqual({ ...emptyTranscript, lastRowAt: at(2) })
})

test('the last row is somebody’s: what a tool printed too, and nothing of the client’s own', () => {
  const printed = row(9, {
    type: 'user',
    message: { content: [{ type: 'tool_result', tool_use_id: 'a', content: 'done' }] },
  })
  expect(fold(delivered(1), answer(2)).lastRowAt).toBe(at(2))
  expect(fold(delivered(1), printed, row(10, { type: 'system' }), enqueue(11)).lastRowAt).toBe(at(9))
})

test('cut, garbled and future lines change nothing', () => {
  const texts = [delivered(1), answer(1), enqueue(1), failure(1, 429, 'x')]
  const cut = fc
    .tuple(fc.constantFrom(...texts), fc.nat(300))
    .filter(([text, length]) => length < text.length)
    .map(([text, length]) => text.slice(0, length))
  fc.assert(
    fc.property(fc.oneof(cut, fc.string(), fc.json({ maxDepth: 1 })), (line) => {
      expect(fold(line)).toEqual(emptyTranscript)
    }),
  )
  expect(fold('{"type":"assistant"}', '{"type":"a-new-thing"}', 'null')).toEqual(emptyTranscript)
})
