import fc from 'fast-check'
import { expect, test } from 'vitest'
import { messengerOf } from '../../src/channels/messenger.ts'
import type { Request, RequestInit } from '../../src/system/https.ts'
import { NetworkError } from '../../src/system/network-error.ts'

const tokens = {
  telegram: '123456789:AAtest0000000000000000000000000000',
  discord: ['MTIzNDU2Nzg5MDEyMzQ1Njc4', 'GhIjKl', 'a'.repeat(38)].join('.'),
} as const
const root = 'https://127.0.0.1'
type Kind = keyof typeof tokens

const told = async (kind: Kind, answers: readonly (readonly [number, unknown])[]) => {
  const asked: (readonly [string, RequestInit])[] = []
  const left = [...answers]
  const request: Request = async (url, init) => {
    asked.push([url, init])
    const [status, document] = left.shift() ?? [500, '']
    return { status, body: typeof document === 'string' ? document : JSON.stringify(document) }
  }
  const to = { senderId: '184', text: 'work is blocked' }
  const delivery = await messengerOf(kind)?.notify(request, root, tokens[kind], to)
  expect(JSON.stringify(delivery)).not.toContain(tokens[kind])
  return { delivery, asked }
}
const opened = [200, { id: '900', type: 1 }] as const

test('Telegram gets it by one call, into the chat that has the person’s id', async () => {
  const { delivery, asked } = await told('telegram', [[200, { ok: true, result: {} }]])
  expect(delivery).toEqual({ is: 'sent' })
  expect(asked).toHaveLength(1)
  expect(asked[0]?.[0]).toBe(`${root}/bot${tokens.telegram}/sendMessage`)
  expect(JSON.parse(asked[0]?.[1].body ?? '')).toEqual({
    chat_id: '184',
    text: 'work is blocked',
    link_preview_options: { is_disabled: true },
  })
})

test('Discord gets it by two: the direct channel, and the message, which calls nobody', async () => {
  const { delivery, asked } = await told('discord', [opened, [200, { id: '1' }]])
  expect(delivery).toEqual({ is: 'sent' })
  expect(asked.map(([url, { body = '' }]) => [url, JSON.parse(body)])).toEqual([
    [`${root}/users/@me/channels`, { recipient_id: '184' }],
    [
      `${root}/channels/900/messages`,
      { content: 'work is blocked', flags: 4, allowed_mentions: { parse: [] } },
    ],
  ])
})

const blocked = { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' }
const busy = { ok: false, description: 'Too Many Requests: retry after 7', parameters: { retry_after: 7 } }

test.each<[string, Kind, readonly (readonly [number, unknown])[], string, string | number]>([
  ['blocked by the person', 'telegram', [[403, blocked]], 'refused', 'blocked by the user'],
  [
    'a chat that never was',
    'telegram',
    [[400, { ok: false, description: 'Bad Request: chat not found' }]],
    'refused',
    'chat not found',
  ],
  ['a token that is refused', 'telegram', [[401, { ok: false }]], 'refused', 'token is refused'],
  ['too often', 'telegram', [[429, busy]], 'later', 7_000],
  ['too often, without a time', 'telegram', [[429, { ok: false }]], 'later', 30_000],
  [
    'too often, for a time that no clock has',
    'telegram',
    [[429, '{"ok":false,"parameters":{"retry_after":1e400}}']],
    'later',
    30_000,
  ],
  ['too often, for ever', 'discord', [opened, [429, '{"retry_after":1e308}']], 'later', 30_000],
  ['a failure there', 'telegram', [[502, 'Bad Gateway']], 'failed', '502'],
  ['a gateway that waited in vain', 'telegram', [[504, 'Gateway Timeout']], 'unsure', '504'],
  ['a gateway that waited in vain', 'discord', [opened, [524, 'error code: 524']], 'unsure', '524'],
  ['a gateway that understood no answer', 'discord', [opened, [520, 'error code: 520']], 'unsure', '520'],
  ['a gateway that reached nobody', 'discord', [opened, [521, 'error code: 521']], 'failed', '521'],
  ['a gateway that waited in vain for the direct channel', 'discord', [[504, '']], 'failed', '504'],
  ['a portal’s page', 'telegram', [[200, '<html>']], 'failed', '200'],
  ['a proxy that wants a password', 'telegram', [[407, '']], 'failed', '407'],
  ['a proxy that forbids it', 'telegram', [[403, 'Forbidden']], 'failed', '403'],
  ['a portal that knows no such page', 'telegram', [[404, { error: 'not found' }]], 'failed', '404'],
  ['a request that was too slow for a proxy', 'discord', [[408, '']], 'failed', '408'],
  ['a proxy that forbids it', 'discord', [opened, [403, '<html>']], 'failed', '403'],
  ['a portal that knows no such page', 'discord', [[404, ['not found']]], 'failed', '404'],
  [
    'a person who lets no bot write',
    'discord',
    [opened, [403, { code: 50007, message: 'no' }]],
    'refused',
    'lets no bot',
  ],
  ['nobody of that id', 'discord', [[400, { code: 50035, message: 'Invalid Form Body' }]], 'refused', '400'],
  [
    'a token that was reset',
    'discord',
    [[401, { message: '401: Unauthorized' }]],
    'refused',
    'token is refused',
  ],
  [
    'too often',
    'discord',
    [opened, [429, { message: 'slow', retry_after: 1.25, global: false }]],
    'later',
    1_250,
  ],
  ['a channel without an id', 'discord', [[200, {}]], 'failed', 'without a channel'],
  ['a failure there', 'discord', [opened, [503, '']], 'failed', '503'],
])('%s, %s', async (_, kind, answers, is, what) => {
  const { delivery } = await told(kind, answers)
  expect(delivery).toMatchObject(
    typeof what === 'number' ? { is, afterMs: what } : { is, detail: expect.stringContaining(what) },
  )
})

test('words of a platform that nobody knows, and ids, are not handed on', async () => {
  const { delivery } = await told('telegram', [
    [400, { ok: false, description: `Bad Request: ${'x'.repeat(9)} /home/me` }],
  ])
  expect(delivery).toEqual({ is: 'refused', detail: 'sendMessage answered 400' })
  const discord = await told('discord', [opened, [404, { message: 'Unknown Channel' }]])
  expect(JSON.stringify(discord.delivery)).not.toContain('900')
})

test('never throws, whatever comes back', async () => {
  const reply = fc.tuple(fc.constantFrom(200, 400, 403, 429, 500), fc.oneof(fc.json(), fc.string()))
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<Kind>('telegram', 'discord'),
      fc.array(reply, { maxLength: 2 }),
      async (kind, answers) => {
        const { delivery } = await told(kind, answers)
        expect(['sent', 'unsure', 'refused', 'later', 'failed']).toContain(delivery?.is)
      },
    ),
  )
})

test('no answer to what was sent may be there; no way there, or to the direct channel only, is not', async () => {
  const failing =
    (mayHaveArrived: boolean): Request =>
    async () => {
      throw new NetworkError('the API did not answer within 5000 ms', 'ETIMEDOUT', mayHaveArrived)
    }
  const afterOne = (next: Request): Request => {
    let asked = 0
    return async (url, init) => {
      asked += 1
      return asked === 1 ? { status: 200, body: JSON.stringify(opened[1]) } : next(url, init)
    }
  }
  const become = async (kind: Kind, request: Request) =>
    (await messengerOf(kind)?.notify(request, root, tokens[kind], { senderId: '184', text: 'x' }))?.is
  expect(await become('telegram', failing(true))).toBe('unsure')
  expect(await become('telegram', failing(false))).toBe('failed')
  expect(await become('discord', failing(true))).toBe('failed')
  expect(await become('discord', afterOne(failing(true)))).toBe('unsure')
  expect(await become('discord', afterOne(failing(false)))).toBe('failed')
})

test('no network is a failure, without the token', async () => {
  const request: Request = async (url) => {
    throw new Error(`no way to ${url}`)
  }
  for (const kind of ['telegram', 'discord'] as const) {
    const delivery = await messengerOf(kind)?.notify(request, root, tokens[kind], {
      senderId: '1',
      text: 'x',
    })
    expect(delivery).toMatchObject({ is: 'failed' })
    expect(JSON.stringify(delivery)).not.toContain(tokens[kind])
  }
})
