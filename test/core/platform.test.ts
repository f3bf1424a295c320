import { expect, test } from 'vitest'
import {
  isOutdated,
  isProbeDue,
  mayBeTurnedAway,
  mayLackNetwork,
  mergePlatform,
  nextProbeMs,
  nextProbesMs,
  ofBot,
} from '../../src/core/platform.ts'
import type { Platform } from '../../src/core/records.ts'
import { minutes, noon, platform, seconds } from './evidence-builder.ts'

const answer = (change: Partial<Platform> = {}): Platform => ({
  at: noon,
  botId: '123456789',
  token: 'accepted',
  account: '@work_bot',
  pending: 3,
  webhook: null,
  lacks: null,
  detail: null,
  ...change,
})
const failure = (at = noon): Platform =>
  answer({ at, token: 'unknown', account: null, pending: null, detail: 'getMe: no route to host' })
const trouble = { since: noon, times: 1, detail: 'getMe: no route to host' }

test.each([
  ['a first answer', null, answer(), { ...answer(), trouble: null }],
  [
    'a refusal',
    platform(),
    answer({ token: 'rejected' }),
    { ...answer({ token: 'rejected' }), trouble: null },
  ],
  ['an answer after trouble', platform({ trouble }), answer(), { ...answer(), trouble: null }],
  ['a failure before any answer', null, failure(), { ...failure(), trouble }],
  [
    'a failure keeps the last definite answer and its time',
    platform(),
    failure(),
    { ...platform(), trouble },
  ],
  [
    'a refusal outlives a failure',
    platform({ token: 'rejected' }),
    failure(),
    { token: 'rejected', trouble },
  ],
  [
    'the cause may be missing',
    null,
    { ...failure(), detail: null },
    { trouble: { ...trouble, detail: 'no answer' } },
  ],
  [
    'half an answer keeps the other half',
    platform({ webhook: 'example.org', pending: 7 }),
    answer({ pending: null, detail: 'getWebhookInfo answered 502' }),
    { at: noon, token: 'accepted', webhook: 'example.org', pending: 7 },
  ],
  [
    'half an answer keeps what the bot lacks',
    platform({ lacks: 'message-content' }),
    answer({ pending: null, detail: '/applications/@me answered 502' }),
    { at: noon, token: 'accepted', lacks: 'message-content' },
  ],
  ['and that it lacks nothing', platform(), answer({ detail: 'timeout' }), { lacks: null }],
  ['half a first answer', null, answer({ detail: 'timeout' }), { token: 'accepted', lacks: null }],
  ['a failure keeps what it lacks', platform({ lacks: 'server' }), failure(), { lacks: 'server', trouble }],
  ['a whole answer says it anew', platform({ lacks: 'message-content' }), answer(), { lacks: null }],
  [
    'a refusal is whole',
    platform({ lacks: 'server' }),
    answer({ token: 'rejected', detail: '/users/@me answered 401' }),
    { token: 'rejected', lacks: null },
  ],
  [
    'a whole answer replaces a webhook',
    platform({ webhook: 'example.org', pending: 7 }),
    answer(),
    { webhook: null, pending: 3 },
  ],
])('%s', (_, before, now, after) => {
  expect(mergePlatform(before, now)).toMatchObject(after)
})

test('failures in a row are counted from the first one on', () => {
  const record = [0, 5, 15].map((s) => failure(noon + s * seconds)).reduce(mergePlatform, platform())
  expect(record.trouble).toEqual({ since: noon, times: 3, detail: 'getMe: no route to host' })
})

test.each([
  ['never asked', null, 0],
  ['all well', platform(), minutes],
  ['one failure', platform({ trouble }), 5 * seconds],
  ['two failures', platform({ trouble: { ...trouble, times: 2 } }), 10 * seconds],
  ['four failures', platform({ trouble: { ...trouble, times: 4 } }), 40 * seconds],
  ['many failures', platform({ trouble: { ...trouble, times: 2_000 } }), minutes],
])('it is asked again: %s', (_, record, ms) => {
  expect(nextProbeMs(record)).toBe(ms)
})

const refused = platform({ token: 'rejected' })
test.each([
  ['a refusal from before this client registered', refused, refused.at + 1, true],
  ['a refusal since', refused, refused.at, false],
  ['a refusal, and no client that registered', refused, null, false],
  ['what it lacked before', platform({ lacks: 'message-content' }), noon, true],
  ['what it lacks since', platform({ lacks: 'server' }), noon - 30 * seconds, false],
  ['an acceptance from before', platform(), noon, false],
  ['nothing known', null, noon, false],
])('outdated: %s', (_, record, registeredAt, outdated) => {
  expect(isOutdated(record, registeredAt, noon + 60 * minutes)).toBe(outdated)
})

test('it is asked once about a plugin that ended in a client that registered since it was asked last', () => {
  const may = (is: 'yes' | 'no' | 'unknown', registeredAt: number | null) =>
    mayBeTurnedAway(platform(), registeredAt, { is }, noon)
  const { at } = platform()
  expect(may('no', at + 1)).toBe(true)
  expect([may('no', at), may('no', null), may('no', noon + 1)]).toEqual([false, false, false])
  expect([may('yes', at + 1), may('unknown', at + 1)]).toEqual([false, false])
  expect(mayBeTurnedAway(null, at, { is: 'no' }, noon)).toBe(false)
})

test('whether a plugin that failed may have lacked the network is known once its platform answered since', () => {
  const { at } = platform()
  expect(mayLackNetwork(platform(), at, at)).toBe(false)
  expect(mayLackNetwork(platform(), at + 1, at + 1)).toBe(true)
  expect(mayLackNetwork(platform({ trouble }), at, at)).toBe(true)
  expect(mayLackNetwork(null, at, at)).toBe(true)
  // Nobody could be asked, it did not fail, or the clock was set back.
  expect(mayLackNetwork(null, at, at + 20_000)).toBe(false)
  expect(mayLackNetwork(null, null, at)).toBe(false)
  expect(mayLackNetwork(null, at, at - 1)).toBe(false)
})

test('the platform is asked when it is due, and when the clock was set back', () => {
  expect(isProbeDue(noon, noon)).toBe(true)
  expect(isProbeDue(noon + minutes, noon)).toBe(false)
  expect(isProbeDue(noon + 60 * minutes, noon)).toBe(true)
})

test('what was said of another bot is not known of this one', () => {
  expect(ofBot(platform(), '123456789')).toEqual(platform())
  expect(ofBot(platform(), '987654321')).toBeNull()
  // A record of an older release, a session whose token never had an id: nothing speaks against it.
  expect(ofBot(platform({ botId: null }), '987654321')).not.toBeNull()
  expect(ofBot(platform(), null)).not.toBeNull()
})

const telegram = { id: 'plugin:telegram@official', kind: 'telegram' } as const
const discord = { id: 'plugin:discord@official', kind: 'discord' } as const
const page = { id: 'plugin:fakechat@official', kind: 'fakechat' } as const

test.each([
  ['an answered one', [telegram], [telegram.id], 60_000],
  ['one without a token', [telegram], [], 5_000],
  ['an answered one beside one without a token', [telegram, discord], [telegram.id], 5_000],
  ['one that has no platform', [page], [], 60_000],
  ['an answered one beside one that has no platform', [telegram, page], [telegram.id], 60_000],
])('%s: asked again after so long', (_, channels, answered, ms) => {
  const known = { [telegram.id]: platform() }
  expect(nextProbesMs(channels, (id) => answered.some((one) => one === id), known)).toBe(ms)
})

test('of several the one that failed is asked again first', () => {
  const known = { [telegram.id]: platform(), [discord.id]: platform({ trouble }) }
  expect(nextProbesMs([telegram, discord, page], (id) => id !== page.id, known)).toBe(5_000)
})
