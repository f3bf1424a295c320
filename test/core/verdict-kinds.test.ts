import { expect, test } from 'vitest'
import { no, unknown, yes } from '../../src/core/answer.ts'
import type { Channel, ChannelKind } from '../../src/core/channel.ts'
import type { ChannelEvidence, Evidence } from '../../src/core/evidence.ts'
import type { PlatformRecord } from '../../src/core/records.ts'
import { judge } from '../../src/core/verdict.ts'
import { channel, evidence, log, minutes, noon, ownPoller, platform, seconds } from './evidence-builder.ts'

const ids = {
  ...{ telegram: 'plugin:telegram@m', discord: 'plugin:discord@m', imessage: 'plugin:imessage@m' },
  ...{ fakechat: 'plugin:fakechat@m', custom: 'server:pager' },
} as const satisfies Readonly<Record<ChannelKind, string>>

/** A live session of one channel of a kind, but for what is changed. */
const of = (kind: ChannelKind, change: Partial<ChannelEvidence> = {}): Evidence => {
  const its: Channel = { ...channel().channel, kind, id: ids[kind] }
  const { session } = evidence()
  return evidence({
    session: { ...session, channels: [its] },
    channels: [channel({ channel: its, ...change })],
  })
}
const judged = (seen: Evidence) => {
  const { state, reason, detail } = judge(seen, noon).channels[0] ?? {}
  return { state, reason, detail }
}
const live = { state: 'live', reason: null, detail: null }
const withoutPlatform = ['imessage', 'fakechat', 'custom'] as const
const withPlatform = ['telegram', 'discord'] as const

test.each(withoutPlatform)('%s is live without any answer of a platform', (kind) => {
  expect(judged(of(kind, { platform: null }))).toEqual(live)
  // What a record of something else says is not about it.
  for (const other of [platform({ token: 'rejected' }), platform({ at: noon - 60 * minutes })])
    expect(judged(of(kind, { platform: other }))).toEqual(live)
})

test.each(withoutPlatform)('%s is not live without its process', (kind) => {
  const gone = of(kind, { platform: null, poller: no('no process of it below client 4712') })
  expect(judged(gone)).toMatchObject({ state: 'recovering', reason: 'plugin-exited' })
  const which = of(kind, { platform: null, poller: unknown('which process it is could not be told') })
  expect(judged(which)).toMatchObject({ state: 'unknown', reason: 'stale-evidence' })
  const whose = of(kind, { platform: null, poller: yes({ ...ownPoller, ours: 'unknown' }) })
  expect(judged(whose)).toMatchObject({ state: 'unknown', reason: 'stale-evidence' })
  const held = of(kind, { platform: null, poller: yes({ ...ownPoller, suspended: true }) })
  expect(judged(held)).toMatchObject({ state: 'recovering', reason: 'plugin-stopped' })
})

const named = { telegram: 'Telegram', discord: 'Discord' } as const

test.each(withPlatform)('%s is live only with one, and is called by its name', (kind) => {
  const old = platform({ at: noon - 6 * minutes })
  const cases: readonly (readonly [PlatformRecord | null, string, string])[] = [
    [platform({ token: 'rejected' }), 'token-rejected', `${named[kind]} refuses it`],
    [null, 'stale-evidence', `nobody has asked ${named[kind]} about the token`],
    [platform({ token: 'unknown' }), 'stale-evidence', `nobody has asked ${named[kind]} about the token`],
    [old, 'stale-evidence', `${named[kind]} was last asked 6 minutes ago`],
  ]
  expect(judged(of(kind))).toEqual(live)
  for (const [answer, reason, detail] of cases)
    expect(judged(of(kind, { platform: answer }))).toMatchObject({ reason, detail })
  const registered = { ...log, registeredAt: noon - 5 * seconds }
  expect(judged(of(kind, { platform: null, log: registered }))).toMatchObject({
    state: 'starting',
    detail: `${named[kind]} is asked about the token`,
  })
})

test.each([
  ['message-content', 'intent-missing'],
  ['server', 'no-server'],
] as const)('a bot of Discord that lacks %s waits for a person', (lacks, reason) => {
  expect(judged(of('discord', { platform: platform({ lacks }) }))).toMatchObject({ state: 'blocked', reason })
})

test.each([...withoutPlatform, ...withPlatform])('%s that is not registered is not live', (kind) => {
  const unregistered = { ...log, registeredAt: null, connectedAt: null, startedAt: noon - minutes }
  expect(judged(of(kind, { log: unregistered })).state).not.toBe('live')
  expect(judged(of(kind, { log: null })).state).not.toBe('live')
})

test('with nobody who looks again and again, a plugin of Discord without a connection now is not called live', () => {
  const seen = (change: Partial<ChannelEvidence>, keeper: Evidence['keeper'] = null) =>
    judged({ ...of('discord', change), keeper }).reason
  expect(seen({ connected: 'no' })).toBe('stale-evidence')
  expect(seen({ connected: 'yes' })).toBeNull()
  expect(seen({ connected: 'unknown' })).toBeNull()
  // It may still be on its way to one.
  expect(seen({ connected: 'no', log: { ...log, registeredAt: noon - 19 * seconds } })).toBeNull()
  // A keeper tells one that is gone for a moment from one that stays away.
  expect(seen({ connected: 'no' }, evidence().keeper)).toBeNull()
})
