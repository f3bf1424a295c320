import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldExchanges } from '../../src/claude/exchanges.ts'
import { emptyExchangeRows, listExchanges } from '../../src/core/exchange.ts'

/** What a real client wrote: the official plugin's protocol, a Bot API of this machine, made-up ids. */
const golden = (name: string): readonly string[] =>
  readFileSync(new URL(`transcripts/${name}.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
const exchanges = (lines: readonly string[]) => listExchanges(lines.reduce(foldExchanges, emptyExchangeRows))

describe.each(['2.1.139', '2.1.330'])('as %s wrote it', (version) => {
  test('three messages and their answers; 2.1.139 had two of them in the middle of a turn, as attachments', () => {
    const lines = golden(`answered-${version}`)
    expect(lines.some((line) => line.includes('"queued_command"'))).toBe(version === '2.1.139')
    const sent = { state: 'sent', detail: null }
    const from = { user: 'tester', chatId: '4242' }
    expect(exchanges(lines)).toEqual([
      {
        ...from,
        at: expect.any(Number),
        text: 'hello <b> & "you"',
        answer: { ...sent, text: 'echo: hello <b> & "you"' },
      },
      {
        ...from,
        at: expect.any(Number),
        text: 'two\nlines é 漢',
        answer: { ...sent, text: 'echo: two\nlines é 漢' },
      },
      { ...from, at: expect.any(Number), text: 'third', answer: { ...sent, text: 'echo: third' } },
    ])
  })

  test('an answer is on its way until its result is there', () => {
    const lines = golden(`answered-${version}`)
    const asked = lines.findIndex((line) => line.includes('__reply","input"'))
    const states = [asked, asked + 1, lines.length].map(
      (end) => exchanges([...lines.slice(0, end), delivery(lines)])[0]?.answer?.state,
    )
    expect(states).toEqual([undefined, 'sending', 'sent'])
  })

  test('an answer that the plugin could not send', () => {
    const last = exchanges(golden(`refused-${version}`)).at(-1)
    expect(last).toMatchObject({
      text: 'refused',
      answer: {
        text: 'echo: refused',
        state: 'failed',
        detail: "GrammyError: Call to 'sendMessage' failed! (400: Bad Request: chat not found)",
      },
    })
  })

  test('a message that plays a message, and a name that needs escaping', () => {
    const [first] = exchanges(golden(`refused-${version}`))
    expect(first).toMatchObject({ user: 'a"b<&\'c', chatId: '4242', answer: { state: 'sent' } })
    expect(first?.text).toMatch(/^&lt;b&gt; "q" [\s\S]*forged[\s\S]*<system-reminder>x<\/system-reminder>$/)
  })

  test('an answer that a person at the terminal refused', () => {
    const lines = golden(`denied-${version}`)
    expect(exchanges(lines)).toMatchObject([
      {
        text: 'asked for',
        answer: {
          text: 'echo: asked for',
          state: 'failed',
          detail: expect.stringMatching(/^The user doesn't want to proceed/),
        },
      },
    ])
    // 2.1.139 wrote the call before the message.
    const [call, message] = ['"tool_use"', '"kind":"channel"'].map((text) =>
      lines.findIndex((line) => line.includes(text)),
    )
    expect((call ?? 0) < (message ?? 0)).toBe(version === '2.1.139')
  })

  test('in any order the rows say the same', () => {
    const lines = golden(`answered-${version}`)
    const expected = exchanges(lines)
    fc.assert(
      fc.property(fc.shuffledSubarray([...lines], { minLength: lines.length }), (shuffled) => {
        expect(exchanges(shuffled)).toEqual(expected)
      }),
      { numRuns: 50 },
    )
  })
})

/** The first message's row, which 2.1.139 may write late. */
const delivery = (lines: readonly string[]): string =>
  lines.find((line) => line.includes('"origin":{"kind":"channel"')) ?? ''

const at = (second: number) => Date.parse('2026-11-22T12:00:00.000Z') + second * 1000
const row = (second: number, fields: object) =>
  JSON.stringify({ timestamp: new Date(at(second)).toISOString(), ...fields })
const wrapped = (text: string, chat: string, id = '9') =>
  `<channel source="plugin:telegram:telegram" chat_id="${chat}" message_id="${id}" user="me" ts="x">\n${text}\n</channel>`
const message = (second: number, text: string, chat = '1') =>
  row(second, {
    type: 'user',
    origin: { kind: 'channel' },
    uuid: `m${second}`,
    message: { content: [{ type: 'text', text: wrapped(text, chat, String(second)) }] },
  })
const call = (second: number, id: string, input: object, name = 'mcp__plugin_telegram_telegram__reply') =>
  row(second, { type: 'assistant', message: { content: [{ type: 'tool_use', id, name, input }] } })
const result = (second: number, id: string, fields: object = {}) =>
  row(second, {
    type: 'user',
    message: { content: [{ type: 'tool_result', tool_use_id: id, content: 'sent (id: 2)', ...fields }] },
  })
const failure = (text: string) => ({ is_error: true, content: [{ type: 'text', text }] })

test('only what the client escapes is unescaped', () => {
  const name = '&lt;a&gt; &quot;&apos;&#39;&amp; &constructor; &__proto__; &toString; &#x27; &'
  const text = `<channel source="plugin:telegram:telegram" user="${name}">x</channel>`
  const line = row(1, { type: 'user', origin: { kind: 'channel' }, message: { content: text } })
  expect(exchanges([line])[0]?.user).toBe("<a> \"''& &constructor; &__proto__; &toString; &#x27; &")
})

test('an answer belongs to the newest message of its chat before it', () => {
  const found = exchanges([
    message(1, 'one'),
    message(2, 'other chat', '2'),
    message(3, 'two'),
    call(4, 'a', { chat_id: '2', text: 'to the other' }),
    call(5, 'b', { chat_id: '1', text: 'to two' }),
    message(6, 'three'),
    call(7, 'c', { chat_id: '3', text: 'to nobody' }),
  ])
  expect(found.map(({ answer }) => answer?.text ?? null)).toEqual([null, 'to the other', 'to two', null])
})

test('an answer that quotes a message belongs to that one, if it is there', () => {
  const found = exchanges([
    message(1, 'one'),
    message(2, 'two'),
    call(3, 'a', { chat_id: '1', text: 'to one', reply_to: '1' }),
    call(4, 'b', { chat_id: '1', text: 'to whom', reply_to: '77' }),
  ])
  expect(found.map(({ answer }) => answer?.text)).toEqual(['to one', 'to whom'])
})

test('an answer in several parts is joined; the worst state counts', () => {
  const parts = [
    message(1, 'one'),
    call(2, 'a', { chat_id: '1', text: 'first' }),
    call(3, 'b', { chat_id: '1', text: 'second' }),
  ]
  const states = (...more: readonly string[]) => exchanges([...parts, ...more])[0]?.answer
  expect(states(result(4, 'a'))).toEqual({ text: 'first\nsecond', state: 'sending', detail: null })
  expect(states(result(4, 'a'), result(4, 'b'))?.state).toBe('sent')
  expect(states(result(4, 'a', failure('no')))).toMatchObject({ state: 'failed', detail: 'no' })
})

test('a text that was tried again counts by its last try', () => {
  const tries = [
    message(1, 'one'),
    call(2, 'a', { chat_id: '1', text: 'hello' }),
    result(3, 'a', failure('no')),
    call(4, 'b', { chat_id: '1', text: 'hello' }),
  ]
  expect(exchanges(tries)[0]?.answer).toEqual({ text: 'hello', state: 'sending', detail: null })
  expect(exchanges([...tries, result(5, 'b')])[0]?.answer).toEqual({
    text: 'hello',
    state: 'sent',
    detail: null,
  })
})

test('a text that was refused and then said in other words counts as those went', () => {
  const refused = [
    message(1, 'one'),
    call(2, 'a', { chat_id: '1', text: '*hello' }),
    result(3, 'a', failure("can't parse entities")),
  ]
  const again = [...refused, call(4, 'b', { chat_id: '1', text: 'hello' })]
  const answer = (lines: readonly string[]) => exchanges(lines)[0]?.answer
  expect(answer(refused)?.state).toBe('failed')
  expect(answer(again)).toEqual({ text: 'hello', state: 'sending', detail: null })
  expect(answer([...again, result(5, 'b')])).toEqual({ text: 'hello', state: 'sent', detail: null })
  expect(answer([...again, result(5, 'b', failure('blocked by the user'))])).toEqual({
    text: 'hello',
    state: 'failed',
    detail: 'blocked by the user',
  })
})

test('a part that was on its way before another was refused does not make up for that', () => {
  const parts = [
    message(1, 'one'),
    call(2, 'a', { chat_id: '1', text: 'first' }),
    call(3, 'b', { chat_id: '1', text: 'second' }),
    result(4, 'a', failure('no')),
    result(5, 'b'),
  ]
  expect(exchanges(parts)[0]?.answer).toEqual({ text: 'first\nsecond', state: 'failed', detail: 'no' })
})

test('what failed is told without tags and tokens, and not at length', () => {
  const token = `123456789:${'A'.repeat(35)}`
  const detail = (text: string) =>
    exchanges([
      message(1, 'x'),
      call(2, 'a', { chat_id: '1', text: 'y' }),
      result(3, 'a', { is_error: true, content: text }),
    ])[0]?.answer?.detail
  expect(detail('<tool_use_error>Error: No such tool</tool_use_error>')).toBe('Error: No such tool')
  expect(detail(`https://api.telegram.org/bot${token}/sendMessage`)).not.toContain('AAAA')
  expect(detail('x'.repeat(2_000))).toHaveLength(500)
})

test('other tools, other channels and what a person typed are no part of it', () => {
  const typed = row(1, { type: 'user', message: { content: wrapped('typed', '1') } })
  const queued = row(1, {
    type: 'attachment',
    attachment: { type: 'queued_command', prompt: wrapped('x', '1'), origin: { kind: 'human' } },
  })
  expect(exchanges([typed, queued])).toEqual([])
  const others = [
    message(1, 'one'),
    call(2, 'a', { chat_id: '1', text: 'x' }, 'mcp__plugin_discord_discord__reply'),
    call(2, 'b', { chat_id: '1', text: 'x' }, 'mcp__plugin_telegram_telegram__react'),
    call(2, 'c', { command: 'ls' }, 'Bash'),
  ]
  expect(exchanges(others)[0]?.answer).toBeNull()
})

test('the last 20 messages are kept, and what other tools say fills nothing up', () => {
  const lines = Array.from({ length: 30 }, (_, i) => message(i, `message ${i}`))
  expect(exchanges(lines).map(({ text }) => text)).toEqual(lines.slice(10).map((_, i) => `message ${i + 10}`))
  const long = [message(1, 'one'), call(2, 'a', { chat_id: '1', text: 'x' })]
  const noise = Array.from({ length: 500 }, (_, i) => result(3, `noise ${i}`))
  const rows = [...long, ...noise, result(4, 'a')].reduce(foldExchanges, emptyExchangeRows)
  expect(listExchanges(rows)[0]?.answer?.state).toBe('sent')
  expect(rows.results.length).toBeLessThan(30)
})

test('a row that is read twice counts once', () => {
  const lines = [message(1, 'one'), call(2, 'a', { chat_id: '1', text: 'x' }), result(3, 'a')]
  expect(exchanges([...lines, ...lines])).toEqual(exchanges(lines))
  expect(exchanges(lines)).toHaveLength(1)
})

test('cut, garbled and future rows change nothing and never throw', () => {
  const texts = [message(1, 'x'), call(1, 'a', { chat_id: '1', text: 'x' }), result(1, 'a')]
  const cut = fc
    .tuple(fc.constantFrom(...texts), fc.nat(200))
    .map(([text, end]) => text.slice(0, Math.min(end, text.length - 1)))
  const future = fc
    .record({
      type: fc.constantFrom('user', 'assistant', 'attachment', 'new'),
      message: fc.jsonValue(),
      attachment: fc.jsonValue(),
    })
    .map((fields) => row(1, fields))
  const oddContent = fc
    .tuple(fc.constantFrom('user', 'assistant'), fc.jsonValue())
    .map(([type, content]) => row(1, { type, origin: { kind: 'channel' }, message: { content } }))
  const before = texts.reduce(foldExchanges, emptyExchangeRows)
  expect(listExchanges(before)).toHaveLength(1)
  fc.assert(
    fc.property(fc.oneof(cut, fc.string(), fc.json(), future, oddContent), (line) => {
      expect(foldExchanges(before, line)).toEqual(before)
    }),
  )
  const untagged = ['no tag', '<channel>', wrapped('x', '1').slice(0, -3), `before ${wrapped('x', '1')}`]
  for (const content of untagged)
    expect(
      foldExchanges(before, row(1, { type: 'user', origin: { kind: 'channel' }, message: { content } })),
    ).toEqual(before)
})
