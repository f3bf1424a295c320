import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readChat } from '../../src/channels/telegram-chat.ts'
import type { Request, RequestInit } from '../../src/system/https.ts'

const token = '123456789:AAtest0000000000000000000000000000'
const root = 'https://api.telegram.org'
const answering =
  (status: number, document: unknown): Request =>
  async () => ({ status, body: JSON.stringify(document) })
const named = (result: object) => readChat(answering(200, { ok: true, result }), root, token, '7')

test.each([
  ['both names', { first_name: 'Ada', last_name: 'Lovelace', username: 'ada' }, 'Ada Lovelace', '@ada'],
  ['one name', { first_name: 'Ada' }, 'Ada', null],
  ['none, as of a deleted account', { first_name: '' }, null, null],
  ['other shapes', { first_name: 7, last_name: {}, username: [] }, null, null],
  [
    'line breaks and escape sequences',
    { first_name: 'A\n\u001b[2Jda', last_name: '\r\u0007L' },
    'A [2Jda L',
    null,
  ],
  ['writing turned around', { first_name: '\u202eadA\u2066', last_name: 'a\u200bb' }, 'adA a b', null],
  ['a name with a path', { first_name: 'A', username: '../x' }, 'A', null],
  ['other alphabets', { first_name: 'Åse', last_name: '李' }, 'Åse 李', null],
  ['quotes, in which names are shown', { first_name: 'Ada" @ada (id 42). "' }, "Ada' @ada (id 42). '", null],
  ['what looks like them', { first_name: '\u201cA\u201d \uff02B\u2033 \u02baC\u275e' }, "'A' 'B' 'C'", null],
  ['two that look like one', { first_name: "A'' \u2019\u2019B``" }, "A' 'B'", null],
  ['an apostrophe', { first_name: "O'Brien", last_name: 'D\u2019Arc' }, "O'Brien D\u2019Arc", null],
])('%s', async (_, result, name, username) => {
  expect(await named(result)).toEqual({ is: 'yes', value: { name, username } })
})

test('a name as long as it likes is cut, not within a character', async () => {
  const seen = await named({ first_name: '😀'.repeat(500) })
  expect(seen).toEqual({ is: 'yes', value: { name: '😀'.repeat(130), username: null } })
})

test('asks by POST, the id in the body', async () => {
  const asked: (readonly [string, RequestInit])[] = []
  const request: Request = async (url, init) => {
    asked.push([url, init])
    return { status: 200, body: '{"ok":true,"result":{}}' }
  }
  await readChat(request, root, token, '-7')
  expect(asked).toMatchObject([[`${root}/bot${token}/getChat`, { method: 'POST', body: '{"chat_id":"-7"}' }]])
})

test.each([
  [
    'no such chat',
    answering(400, { ok: false, description: 'Bad Request: chat not found' }),
    'no',
    'no such',
  ],
  ['a refused token', answering(401, { ok: false }), 'unknown', 'getChat answered 401'],
  ['a failure there', answering(502, 'Bad Gateway'), 'unknown', 'getChat answered 502'],
  ['another answer', answering(200, { ok: true, result: [] }), 'unknown', 'getChat answered 200'],
  [
    'no network',
    async () => {
      throw new Error(`${root}/bot${token}/getChat`)
    },
    'unknown',
    '<token>',
  ],
] as const)('%s', async (_, request, is, detail) => {
  const seen = await readChat(request, root, token, '7')
  expect(seen).toMatchObject({ is, detail: expect.stringContaining(detail) })
  expect(JSON.stringify(seen)).not.toContain(token)
})

test('never throws, and a name is one line without the quotes it is shown in', async () => {
  const anyReply = fc.record({
    status: fc.constantFrom(200, 400, 500),
    body: fc.oneof(fc.json(), fc.string()),
  })
  await fc.assert(
    fc.asyncProperty(anyReply, fc.string({ unit: 'binary' }), async (reply, first_name) => {
      await readChat(async () => reply, root, token, '7')
      const seen = await named({ first_name })
      expect(seen.is === 'yes' ? (seen.value.name ?? '') : '').not.toMatch(/\p{Cc}|\p{Cf}|"|''/u)
    }),
  )
})
