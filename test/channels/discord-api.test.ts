import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  inviteLink,
  permissionNames,
  probeDiscord,
  readApplication,
  readServers,
} from '../../src/channels/discord-api.ts'
import type { Request, RequestInit } from '../../src/system/https.ts'

const id = '123456789012345678'
const token = [
  Buffer.from(id).toString('base64url'),
  'Gtest0',
  'made-up_secret_of_thirty_eight_letters',
].join('.')
const root = 'https://discord.com/api/v10'
const blank = {
  ...{ at: 5, botId: id, token: 'unknown', account: null, pending: null, webhook: null, lacks: null },
  detail: null,
}

type Reply = { readonly status: number; readonly body: string } | Error

/** Discord as replies by path; notes what was asked. */
const api = (replies: Readonly<Record<string, Reply>>) => {
  const asked: string[] = []
  const sent: RequestInit[] = []
  const request: Request = async (url, init) => {
    asked.push(url)
    sent.push(init)
    const reply = replies[url.slice(root.length).replace(/\?.*/, '')] ?? new Error('not asked for')
    if (reply instanceof Error) throw reply
    return reply
  }
  return { request, asked, sent }
}

const ok = (result: unknown): Reply => ({ status: 200, body: JSON.stringify(result) })
const refused = (status: number): Reply => ({
  status,
  body: JSON.stringify({ message: `${status}: Unauthorized`, code: 0 }),
})
const [meAt, applicationAt, serversAt] = ['/users/@me', '/applications/@me', '/users/@me/guilds']
const me = ok({ id, username: 'work_bot', discriminator: '0', bot: true })
const application = (flags?: unknown) => ok({ id: '987654321098765432', flags })
const servers = ok([{ id: '1', name: 'Home' }])
const well = { [meAt]: me, [applicationAt]: application(1 << 19), [serversAt]: servers }
const known = { token: 'accepted', account: '@work_bot' } as const
const page = { status: 200, body: '<html>Accept our terms</html>' }

test.each<[what: string, replies: Readonly<Record<string, Reply>>, expected: object]>([
  ['well', well, known],
  ['the flag of a bot in many servers', { ...well, [applicationAt]: application(1 << 18) }, known],
  ['both flags, and others', { ...well, [applicationAt]: application((1 << 18) | (1 << 19) | 1) }, known],
  [
    'neither flag',
    { ...well, [applicationAt]: application(1 << 23) },
    { ...known, lacks: 'message-content' },
  ],
  ['no flags at all', { ...well, [applicationAt]: application() }, { ...known, lacks: 'message-content' }],
  [
    'flags that are none',
    { ...well, [applicationAt]: application('x') },
    { ...known, lacks: 'message-content' },
  ],
  ['in no server', { ...well, [serversAt]: ok([]) }, { ...known, lacks: 'server' }],
  [
    'neither',
    { ...well, [applicationAt]: application(0), [serversAt]: ok([]) },
    { ...known, lacks: 'message-content' },
  ],
  [
    'a person’s account',
    { [meAt]: ok({ id, username: 'ada', bot: false }) },
    { token: 'rejected', detail: expect.stringContaining('account') },
  ],
  [
    'an account that does not say',
    { [meAt]: ok({ id, username: 'ada' }) },
    { token: 'rejected', detail: expect.stringContaining('account') },
  ],
  ['reset', { [meAt]: refused(401) }, { token: 'rejected', detail: '/users/@me answered 401' }],
  [
    'a proxy that wants a login',
    { [meAt]: { status: 401, body: '<html>' } },
    { detail: '/users/@me answered 401' },
  ],
  ['a page before the network', { [meAt]: page }, { detail: '/users/@me answered 200' }],
  ['an answer that is no table', { [meAt]: ok([]) }, { detail: '/users/@me answered 200' }],
  [
    'an answer cut off',
    { [meAt]: { status: 200, body: '{"id":"1","bo' } },
    { detail: '/users/@me answered 200' },
  ],
  ['forbidden', { [meAt]: refused(403) }, { detail: '/users/@me answered 403' }],
  ['too many requests', { [meAt]: refused(429) }, { detail: '/users/@me answered 429' }],
  [
    'a failure there',
    { [meAt]: { status: 502, body: 'Bad Gateway' } },
    { detail: '/users/@me answered 502' },
  ],
  [
    'no network',
    { [meAt]: new Error(`ECONNREFUSED for Bot ${token}`) },
    { detail: '/users/@me: ECONNREFUSED for Bot <token>' },
  ],
  [
    'half an answer',
    { [meAt]: me, [applicationAt]: new Error('timeout') },
    { ...known, detail: '/applications/@me: timeout' },
  ],
  [
    'a page in its place',
    { ...well, [applicationAt]: page },
    { ...known, detail: '/applications/@me answered 200' },
  ],
  [
    'an application without an id',
    { ...well, [applicationAt]: ok({ flags: 1 << 19 }) },
    { ...known, detail: '/applications/@me answered 200' },
  ],
  [
    'two thirds of one',
    { ...well, [serversAt]: refused(429) },
    { ...known, detail: '/users/@me/guilds answered 429' },
  ],
  [
    'servers that are no list',
    { ...well, [serversAt]: ok({}) },
    { ...known, detail: '/users/@me/guilds answered 200' },
  ],
  [
    'a name that can be none',
    { ...well, [meAt]: ok({ username: 'a\u001b[2J', bot: true }) },
    { ...known, account: null },
  ],
  [
    'a name of before',
    { ...well, [meAt]: ok({ username: 'work', discriminator: '0042', bot: true }) },
    { ...known, account: '@work#0042' },
  ],
])('%s', async (_, replies, expected) => {
  const seen = await probeDiscord(api(replies).request, root, token, 5)
  expect(seen).toEqual({ ...blank, ...expected })
  expect(JSON.stringify(seen)).not.toContain(token)
})

test('asks as a bot, by nothing that a running one notices, and for no longer than 5 s each', async () => {
  const { request, asked, sent } = api(well)
  await probeDiscord(request, root, token, 5)
  expect(asked).toEqual([`${root}/users/@me`, `${root}/applications/@me`, `${root}/users/@me/guilds?limit=5`])
  for (const { headers, timeoutMs, method, body } of sent) {
    expect([method ?? 'GET', body, timeoutMs]).toEqual(['GET', undefined, 5_000])
    // Discord refuses who does not say what it is, in this form.
    expect(headers).toEqual({
      authorization: `Bot ${token}`,
      'user-agent': expect.stringMatching(/^DiscordBot \(https:\/\/\S+, \d+\)$/),
    })
  }
})

test('never throws, whatever is answered, and the token is never told', async () => {
  const reply = fc.record({
    status: fc.constantFrom(200, 401, 404, 500),
    body: fc.oneof(fc.json(), fc.string(), fc.constant(JSON.stringify({ username: token, bot: true }))),
  })
  await fc.assert(
    fc.asyncProperty(reply, reply, reply, async (first, second, third) => {
      const { request } = api({ [meAt]: first, [applicationAt]: second, [serversAt]: third })
      const seen = await probeDiscord(request, root, token, 5)
      expect(seen.token === 'accepted' && first.status !== 200).toBe(false)
      expect(seen.lacks === 'server' && third.body.trim() !== '[]').toBe(false)
    }),
  )
})

test('the application and the servers of a bot', async () => {
  const { request } = api({ ...well, [serversAt]: ok([{ name: 'Home' }, {}, 'x', null]) })
  expect(await readApplication(request, root, token)).toEqual({
    is: 'yes',
    value: { id: '987654321098765432', readsMessages: true },
  })
  expect(await readServers(request, root, token)).toEqual({ is: 'yes', value: ['Home', '', '', ''] })
  const reset = api({ [applicationAt]: refused(401), [serversAt]: refused(401) })
  expect((await readApplication(reset.request, root, token)).is).toBe('no')
  expect((await readServers(reset.request, root, token)).is).toBe('no')
})

// An id goes into an address: nothing else may.
test.each(['', '1', '12345678901234567&scope=admin', 7, null])(
  'an application is none by the id %j',
  async (id) => {
    expect((await readApplication(api({ [applicationAt]: ok({ id }) }).request, root, token)).is).toBe(
      'unknown',
    )
  },
)

/** By the names Discord gives its bits (its API reference, "Permissions"), told otherwise than in the source. */
const bits: Readonly<Record<string, bigint>> = {
  'Add Reactions': 0x40n,
  'View Channels': 0x400n,
  'Send Messages': 0x800n,
  'Attach Files': 0x8000n,
  'Read Message History': 0x10000n,
  'Send Messages in Threads': 0x4000000000n,
}

test('the invitation asks for these permissions and no other', () => {
  const { origin, pathname, searchParams } = new URL(inviteLink(id))
  expect(`${origin}${pathname}`).toBe('https://discord.com/oauth2/authorize')
  expect(Object.fromEntries(searchParams)).toEqual({
    ...{ client_id: id, scope: 'bot', integration_type: '0' },
    permissions: String(Object.values(bits).reduce((sum, bit) => sum | bit, 0n)),
  })
  expect(searchParams.get('permissions')).toBe('274878008384')
  expect([...permissionNames].sort()).toEqual(Object.keys(bits).sort())
})
