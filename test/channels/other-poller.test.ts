import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findOtherPoller } from '../../src/channels/other-poller.ts'
import type { Request, RequestInit } from '../../src/system/https.ts'

const token = '123456789:AAtest0000000000000000000000000000'
const root = 'https://api.telegram.org'

type Reply = { readonly status: number; readonly body: string; readonly afterMs?: number } | Error

/** The Bot API as replies in the order of the calls, on a clock of its own; the last one is given again. */
const api = (...replies: readonly Reply[]) => {
  let now = 1_000
  const asked: { readonly at: number; readonly method: string; readonly init: RequestInit }[] = []
  const request: Request = async (url, init) => {
    asked.push({ at: now, method: url.slice(url.lastIndexOf('/') + 1), init })
    const reply = replies[Math.min(asked.length, replies.length) - 1] ?? new Error('not asked for')
    if (reply instanceof Error) throw reply
    now += reply.afterMs ?? 0
    return reply
  }
  const clock = {
    elapsed: () => now,
    sleep: async (ms: number) => {
      now += ms
    },
  }
  return { asked, find: () => findOtherPoller(request, root, token, clock) }
}
const answered = (result: unknown, afterMs = 0): Reply => ({
  status: 200,
  body: JSON.stringify({ ok: true, result }),
  afterMs,
})
const refused = (status: number, description: unknown): Reply => ({
  status,
  body: JSON.stringify({ ok: false, error_code: status, description }),
})
const queue = (pending_update_count: unknown, url = '') => answered({ url, pending_update_count })
const other =
  'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'
const hooked = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first"
const update = answered([{ update_id: 1 }])

test.each<readonly [string, readonly Reply[], object]>([
  ['nobody in four seconds', [answered([], 4_000)], { is: 'none' }],
  ['an empty answer too soon proves nothing', [answered([], 900)], { is: 'unknown' }],
  ['another poll', [refused(409, other)], { is: 'polls' }],
  ['the same, shouted', [refused(409, other.toUpperCase())], { is: 'polls' }],
  ['a webhook', [refused(409, hooked)], { is: 'webhook' }],
  ['a webhook set just now', [refused(409, 'Conflict: terminated by setWebhook request')], { is: 'webhook' }],
  [
    'a conflict nobody knows',
    [refused(409, 'Conflict: moon')],
    { is: 'unknown', detail: 'getUpdates answered 409' },
  ],
  ['a conflict without words', [refused(409, undefined)], { is: 'unknown' }],
  ['a conflict that is no Bot API’s', [{ status: 409, body: '<html>' }], { is: 'unknown' }],
  ['those words with another status', [refused(400, other)], { is: 'unknown' }],
  ['a refused token', [refused(401, 'Unauthorized')], { is: 'unknown', detail: 'getUpdates answered 401' }],
  ['too many requests', [refused(429, 'x')], { is: 'unknown' }],
  ['no list', [answered({})], { is: 'unknown' }],
  ['no network', [new Error(`connect ${root}/bot${token}/x`)], { is: 'unknown' }],
  ['a message waits, and goes on waiting', [update, queue(3), queue(3)], { is: 'none' }],
  ['and more come', [update, queue(3), queue(5)], { is: 'none' }],
  ['a message waits, and is taken', [update, queue(3), queue(2)], { is: 'polls' }],
  ['a message waits, and is taken before the first look', [update, queue(0)], { is: 'polls' }],
  ['a webhook by then', [update, queue(3), queue(3, 'https://example.org')], { is: 'webhook' }],
  [
    'the queue can’t be seen',
    [update, refused(502, 'x')],
    { is: 'unknown', detail: 'getWebhookInfo answered 502' },
  ],
  ['nor a second time', [update, queue(3), new Error('timeout')], { is: 'unknown' }],
  ['a strange queue', [update, queue('3')], { is: 'unknown' }],
])('%s', async (_, replies, expected) => {
  const seen = await api(...replies).find()
  expect(seen).toMatchObject(expected)
  expect(JSON.stringify(seen)).not.toContain(token)
})

test('one poll that confirms nothing and is waited for longer than it takes', async () => {
  const { asked, find } = api(answered([], 4_000))
  await find()
  expect(asked).toMatchObject([
    { method: 'getUpdates', init: { method: 'POST', body: '{"limit":1,"timeout":4}' } },
  ])
  expect(asked[0]?.init.timeoutMs).toBeGreaterThanOrEqual(8_000)
})

test('the queue is looked at twice, two seconds apart', async () => {
  const { asked, find } = api(update, queue(1), queue(1))
  await find()
  expect(asked.map(({ at, method }) => [method, at - 1_000])).toEqual([
    ['getUpdates', 0],
    ['getWebhookInfo', 0],
    ['getWebhookInfo', 2_000],
  ])
})

test('never throws, whatever is answered', async () => {
  const reply = fc.record({
    status: fc.constantFrom(200, 400, 409, 500),
    body: fc.oneof(fc.json(), fc.string()),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(reply, { minLength: 1 }), async (replies) => {
      expect(['none', 'polls', 'webhook', 'unknown']).toContain((await api(...replies).find()).is)
    }),
  )
})
