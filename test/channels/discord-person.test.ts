import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDiscordPerson } from '../../src/channels/discord-person.ts'
import type { Request } from '../../src/system/https.ts'

const token = [
  Buffer.from('123456789012345678').toString('base64url'),
  'Gtest0',
  'made-up_secret_of_thirty_eight',
].join('.')
const root = 'https://discord.com/api/v10'
const answering =
  (status: number, document: unknown): Request =>
  async () => ({ status, body: JSON.stringify(document) })
const read = (request: Request, id = '42') => readDiscordPerson(request, root, token, id)

test.each([
  ['both names', { global_name: 'Ada Lovelace', username: 'ada.l' }, 'Ada Lovelace', '@ada.l'],
  ['no name to show', { global_name: null, username: 'ada' }, null, '@ada'],
  ['other shapes', { global_name: 7, username: [] }, null, null],
  ['a name with a path', { global_name: 'A', username: '../x' }, 'A', null],
  ['line breaks and escape sequences', { global_name: 'A\n\u001b[2Jda' }, 'A [2Jda', null],
  ['writing turned around', { global_name: '\u202eadA' }, 'adA', null],
  ['quotes, in which names are shown', { global_name: 'Ada" (id 42). "' }, "Ada' (id 42). '", null],
])('%s', async (_, document, name, username) => {
  expect(await read(answering(200, document))).toEqual({ is: 'yes', value: { name, username } })
})

test('asks by the id, and by nothing that is none', async () => {
  const asked: string[] = []
  const request: Request = async (url) => {
    asked.push(url)
    return { status: 200, body: '{}' }
  }
  await read(request, '987654321098765432')
  for (const id of ['', '@me', '42/x', '../users/@me', '1'.repeat(21), '42\n', '-1'])
    expect((await read(request, id)).is).toBe('no')
  expect(asked).toEqual([`${root}/users/987654321098765432`])
})

test.each<[what: string, request: Request, is: string, detail: string]>([
  ['nobody', answering(404, { message: 'Unknown User', code: 10013 }), 'no', 'nobody'],
  ['an id Discord can not read', answering(400, { message: 'Invalid Form Body' }), 'no', 'nobody'],
  ['a refused token', answering(401, { message: '401: Unauthorized' }), 'unknown', 'answered 401'],
  ['too many requests', answering(429, { message: 'slow down' }), 'unknown', 'answered 429'],
  ['a failure there', answering(502, 'Bad Gateway'), 'unknown', 'answered 502'],
  ['another answer', answering(200, []), 'unknown', 'answered 200'],
  [
    'no network',
    async () => {
      throw new Error(`Bot ${token}`)
    },
    'unknown',
    '<token>',
  ],
])('%s', async (_, request, is, detail) => {
  const seen = await read(request)
  expect(seen).toMatchObject({ is, detail: expect.stringContaining(detail) })
  expect(JSON.stringify(seen)).not.toContain(token)
})

test('never throws, and a name is one line without the quotes it is shown in', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(200, 400, 500),
      fc.oneof(fc.json(), fc.string()),
      async (status, body) => {
        const seen = await read(async () => ({ status, body }))
        expect(seen.is === 'yes' ? (seen.value.name ?? '') : '').not.toMatch(/\p{Cc}|\p{Cf}|"|''/u)
      },
    ),
  )
})
