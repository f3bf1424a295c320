import { expect, test } from 'vitest'
import { no, unknown, yes } from '../../src/core/answer.ts'
import type { Channel, ChannelKind } from '../../src/core/channel.ts'
import type { ChannelEvidence, Evidence } from '../../src/core/evidence.ts'
import { newHealth } from '../../src/core/machine.ts'
import type { PlatformRecord, PollerRecord } from '../../src/core/records.ts'
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

const discord = (
  connected: ChannelEvidence['connected'],
  registeredAgoMs: number,
  given: { readonly keeper: Evidence['keeper']; readonly known?: Partial<PollerRecord> | null },
) => {
  const { keeper, known = null } = given
  const record = { ...ownPoller.process, run: 'run-1', connected: false, silentSince: null, ...known }
  const health = known === null ? null : { ...newHealth(noon), pollers: { [ids.discord]: record } }
  const seen = of('discord', { connected, log: { ...log, registeredAt: noon - registeredAgoMs } })
  const { state, reason } = judged({ ...seen, keeper, health })
  return reason ?? state
}

test('with nobody who looks again and again, a plugin of Discord without a connection now is not called live', () => {
  const alone = { keeper: null }
  expect(discord('no', 20 * seconds, alone)).toBe('stale-evidence')
  expect(discord('yes', 20 * seconds, alone)).toBe('live')
  expect(discord('unknown', 20 * seconds, alone)).toBe('live')
  // It may still be on its way to one.
  expect(discord('no', 19 * seconds, alone)).toBe('starting')
})

test('with a keeper, a plugin of Discord is not live before its first connection, and one that had one may lose it for a while', () => {
  const { keeper } = evidence()
  const never = (agoMs: number) => ({ keeper, known: { silentSince: noon - agoMs } })
  const had = (agoMs: number) => ({ keeper, known: { connected: true, silentSince: noon - agoMs } })
  expect(discord('no', 5 * seconds, { keeper })).toBe('starting')
  expect(discord('no', 89 * seconds, never(29 * seconds))).toBe('starting')
  expect(discord('no', 89 * seconds, had(29 * seconds))).toBe('live')
  expect(discord('no', 92 * seconds, never(90 * seconds))).toBe('not-draining')
  expect(discord('no', 101 * seconds, never(30 * seconds))).toBe('stale-evidence')
  // `status` leaves the looking to the keeper: what that wrote down counts.
  expect(discord('unknown', 60 * seconds, never(30 * seconds))).toBe('starting')
  expect(discord('unknown', 60 * seconds, had(30 * seconds))).toBe('live')
  expect(discord('unknown', 60 * seconds, { keeper, known: { connected: true } })).toBe('live')
  // Where connections can't be seen, none is missed.
  expect(discord('unknown', 60 * seconds, { keeper, known: {} })).toBe('live')
  // Its record is of a plugin before this one.
  expect(discord('no', 5 * seconds, { keeper, known: { pid: 1, connected: true } })).toBe('starting')
})

test('a connection of Discord seen now counts at once, whatever its keeper has seen yet', () => {
  const { keeper } = evidence()
  for (const known of [null, {}, { silentSince: noon - 5 * minutes }])
    expect(discord('yes', 10 * minutes, { keeper, known })).toBe('live')
  // A keeper that has begun just now, and a plugin that is between two connections.
  expect(discord('no', 10 * minutes, { keeper })).toBe('stale-evidence')
})
