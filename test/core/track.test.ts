import { expect, test } from 'vitest'
import { no, yes } from '../../src/core/answer.ts'
import type { ChannelKind } from '../../src/core/channel.ts'
import { emptyTranscript } from '../../src/core/client.ts'
import type { Event } from '../../src/core/events.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { newHealth } from '../../src/core/machine.ts'
import type { Health } from '../../src/core/records.ts'
import { trackChanges } from '../../src/core/track.ts'
import { judge } from '../../src/core/verdict.ts'
import {
  channel,
  client,
  clientProcess,
  evidence,
  exitRecord,
  firstConversation,
  freeze,
  log,
  minutes,
  noon,
  ownPoller,
  platform,
  run,
  seconds,
  sessionFile,
  thief,
  wanted,
  withChannel,
  withoutClient,
} from './evidence-builder.ts'

const track = (seen: Evidence, health: Health = newHealth(noon), now = noon) => {
  const { health: next, effects } = trackChanges(freeze(health), freeze(seen), judge(seen, noon), now)
  return {
    health: next,
    events: effects.flatMap((effect): readonly Event[] => (effect.do === 'journal' ? [effect.event] : [])),
  }
}
/** One look after the other, ten seconds apart. */
const follow = (...seen: readonly Evidence[]) =>
  seen.reduce(
    (known, each, i) => track(each, known.health, noon + i * 10 * seconds),
    track(seen[0] ?? evidence()),
  )
const moved = '22222222-2222-4222-8222-222222222222'
const inConversation = (id: string | null, of = 'run-1'): Evidence =>
  evidence({ run: run({ run: of }), client: client({ file: sessionFile({ conversation: id }) }) })
const deaf = withChannel({ poller: no('gone') })
const stolen = withChannel({ poller: yes(thief) })

test('the very same health when nothing changed', () => {
  const { health } = track(evidence())
  expect(track(evidence(), health, noon + seconds)).toEqual({ health, events: [] })
  expect(track(evidence(), health, noon + seconds).health).toBe(health)
})

test('the client last seen is kept with its run, and outlives its own end', () => {
  const { pid, start } = clientProcess
  const { health } = track(evidence())
  expect(health.client).toEqual({ pid, start, run: 'run-1' })
  expect(track(withoutClient(), health).health.client).toEqual({ pid, start, run: 'run-1' })
  const next = { ...clientProcess, start: 'another' }
  expect(track(evidence({ client: client({ process: next }) }), health).health.client?.start).toBe('another')
  expect(track(evidence({ run: run({ run: 'run-2' }) }), health).health.client?.run).toBe('run-2')
})

test('a change of state is dated and journalled once, with what was seen', () => {
  const first = track(evidence())
  expect(first.events).toEqual([
    { type: 'state', channel: null, from: null, to: 'live', reason: null, detail: null },
  ])
  const second = track(deaf, first.health, noon + seconds)
  expect(second.events).toEqual([
    { type: 'state', channel: null, from: 'live', to: 'recovering', reason: 'plugin-exited', detail: 'gone' },
  ])
  expect(second.health.since['']).toEqual({
    state: 'recovering',
    reason: 'plugin-exited',
    at: noon + seconds,
  })
  expect(track(deaf, second.health, noon + 2 * seconds).health.since).toBe(second.health.since)
})

test('of several channels each says its own', () => {
  const other = {
    id: 'plugin:telegram@other',
    kind: 'telegram',
    stateDir: '/s',
    account: null,
    botId: null,
    development: false,
    server: null,
    agreedIn: null,
  } as const
  const { events } = track(
    evidence({ channels: [channel(), channel({ channel: other, poller: no('gone') })] }),
  )
  expect(events.flatMap((event) => (event.type === 'state' ? [[event.channel, event.to]] : []))).toEqual([
    [null, 'recovering'],
    ['plugin:telegram@claude-plugins-official', 'live'],
    ['plugin:telegram@other', 'recovering'],
  ])
})

test('what is wanted is acknowledged by its time', () => {
  expect(track(evidence({ wanted: wanted({ at: 7 }) })).health.acknowledged).toBe(7)
  expect(track(evidence({ wanted: null })).health.acknowledged).toBeNull()
})

test('the conversation is followed where /clear moves it', () => {
  const first = track(inConversation(firstConversation))
  expect(first.health.conversation).toEqual({ run: 'run-1', id: firstConversation })
  expect(first.events.filter(({ type }) => type === 'conversation')).toEqual([])
  const cleared = track(inConversation(moved), first.health)
  expect(cleared.events).toEqual([{ type: 'conversation', run: 'run-1', from: firstConversation, to: moved }])
  expect(track(inConversation(null), cleared.health).health).toBe(cleared.health)
  const next = track(
    { ...inConversation(moved, 'run-2'), run: run({ run: 'run-2', conversation: moved }) },
    cleared.health,
  )
  expect(next.health.conversation).toEqual({ run: 'run-2', id: moved })
  expect(next.events).toEqual([])
})

test.each([
  ['ours', yes(ownPoller), { ...ownPoller.process, run: 'run-1', connected: false, silentSince: null }],
  ['a thief’s', yes(thief), undefined],
  ['nobody knows whose', yes({ ...ownPoller, ours: 'unknown' } as const), undefined],
  ['gone', no('gone'), undefined],
])('a poller that is %s', (_, poller, known) => {
  expect(track(withChannel({ poller })).health.pollers['plugin:telegram@claude-plugins-official']).toEqual(
    known,
  )
})

test('a poller of ours is remembered when it is gone', () => {
  const { health } = follow(evidence(), deaf)
  expect(health.pollers['plugin:telegram@claude-plugins-official']).toEqual({
    ...ownPoller.process,
    ...{ run: 'run-1', connected: false, silentSince: null },
  })
})

const link = (connected: 'yes' | 'no' | 'unknown', poller = yes(ownPoller)): Evidence =>
  withChannel({ connected, poller })
const newcomer = yes({ ...ownPoller, process: { pid: 4799, start: '999' } })

test.each<[string, readonly Evidence[], object]>([
  ['never seen to have one', [link('no'), link('no')], { connected: false, silentSince: null }],
  ['it has one', [link('yes')], { connected: true, silentSince: null }],
  [
    'it had one: since the first look without',
    [link('yes'), link('no'), link('no')],
    { connected: true, silentSince: noon + 10 * seconds },
  ],
  [
    'nobody could look since',
    [link('yes'), link('no'), link('unknown')],
    { silentSince: noon + 10 * seconds },
  ],
  ['it has one again', [link('yes'), link('no'), link('yes')], { connected: true, silentSince: null }],
  [
    'another poller begins anew',
    [link('yes'), link('no'), link('no', newcomer)],
    { pid: 4799, connected: false },
  ],
])('the connection of a poller: %s', (_, seen, record) => {
  expect(follow(...seen).health.pollers['plugin:telegram@claude-plugins-official']).toMatchObject(record)
})

test.each<[ChannelKind, number | null]>([
  ['discord', noon],
  ['telegram', null],
  ['imessage', null],
  ['custom', null],
])('a plugin of %s that never had a connection is silent since %s', (kind, silentSince) => {
  const never = withChannel({
    ...{ connected: 'no', poller: yes(ownPoller) },
    channel: { ...channel().channel, kind },
  })
  const id = channel().channel.id
  expect(follow(never, never).health.pollers[id]).toMatchObject({ connected: false, silentSince })
  const had = withChannel({ ...never.channels[0], connected: 'yes' })
  expect(follow(never, had).health.pollers[id]).toMatchObject({ connected: true, silentSince: null })
})

test('a bot that never had a gateway is not live for good', () => {
  const mute = withChannel({
    ...{ connected: 'no', poller: yes(ownPoller), platform: platform({ at: noon + 2 * minutes }) },
    channel: { ...channel().channel, kind: 'discord' },
  })
  const { health } = follow(mute)
  const at = (ms: number) => judge({ ...mute, health }, noon + ms).channels[0]?.reason
  expect(at(89 * seconds)).not.toBe('not-draining')
  expect(at(2 * minutes)).toBe('not-draining')
})

const from = noon + 10 * seconds
const to = noon + 20 * seconds
/** The client is back, and the platform was asked so long after the gap began that four wait. */
const back = (askedAfterMs: number, startedAfterMs: number) =>
  withChannel({
    platform: platform({ at: from + askedAfterMs, pending: 4 }),
    log: { ...log, startedAt: from + startedAfterMs },
  })
const waited = back(2 * seconds, 5 * seconds)
const refused = { at: noon, status: 401, error: null, resetsAt: null }
const failing = {
  ...emptyTranscript,
  failed: [{ at: noon + 5 * seconds, messages: 2 }],
  apiFailure: refused,
}
/** Another client runs, registered a second after the one before it ended. */
const restarted = (
  endedAfterMs: number,
  unanswered: number,
  reason: 'client-exited' | 'asked' = 'client-exited',
) =>
  withChannel(
    { log: { ...log, registeredAt: noon + endedAfterMs + seconds } },
    { run: run({ exits: [exitRecord({ at: noon + endedAfterMs, reason, unanswered })] }) },
  )
/** What its last client was at was left to the next one, which was started too late for that. */
const tooLate = (brokenAt: number | null) =>
  evidence({
    run: run({
      exits: [
        exitRecord({ at: noon - minutes, unanswered: 0, promised: { messages: 2, until: noon, brokenAt } }),
      ],
    }),
  })
const registered = (said = platform({ at: noon + 13 * seconds })) =>
  withChannel({ log: { ...log, registeredAt: noon + 12 * seconds }, platform: said })
const away = platform({ trouble: { since: noon, times: 2, detail: 'no route to host' } })
const starting = withoutClient({ run: run({ startedAt: noon - seconds }) })
const stale = withChannel({ platform: null })
const open = { to: null, waited: null, unanswered: 0, maybeLost: false }

test.each<[string, readonly Evidence[], object[]]>([
  ['live all the time', [evidence(), evidence()], []],
  ['a start is no gap', [evidence(), starting, evidence()], []],
  ['nor is what cannot be told', [evidence(), stale, evidence()], []],
  ['nor a stop that was asked for', [evidence(), withoutClient({ wanted: wanted({ want: false }) })], []],
  ['deaf, still', [evidence(), deaf], [{ ...open, from, reason: 'plugin-exited', unanswered: 0 }]],
  [
    'deaf and back',
    [evidence(), deaf, waited],
    [{ ...open, from, to, reason: 'plugin-exited', waited: 4, unanswered: 0 }],
  ],
  [
    'started anew, and its token refused at first: until that was over',
    [evidence(), deaf, registered(platform({ at: noon + 13 * seconds, token: 'rejected' })), registered()],
    [{ from, to: noon + 30 * seconds }],
  ],
  [
    'started anew, with the network away before and after that: until it was back',
    [
      evidence(),
      withChannel({ platform: away }),
      registered(away),
      registered(platform({ at: noon + 29 * seconds })),
    ],
    [{ from, to: noon + 30 * seconds, reason: 'network' }],
  ],
  [
    'started anew, and well: until it was registered',
    [evidence(), deaf, starting, registered()],
    [{ from, to: noon + 12 * seconds }],
  ],
  [
    'deaf and back, asked before that: how many waited is not known',
    [evidence(), deaf, back(-seconds, 5 * seconds)],
    [{ from, to, waited: null }],
  ],
  [
    'deaf and back, asked once the plugin polled again: neither',
    [evidence(), deaf, back(7 * seconds, 5 * seconds)],
    [{ from, to, waited: null }],
  ],
  [
    'deaf, starting and back',
    [evidence(), deaf, starting, waited],
    [{ from, to: to + 10 * seconds, reason: 'plugin-exited' }],
  ],
  [
    'gone, with nobody to ask',
    [evidence(), withoutClient({ run: run() })],
    [{ ...open, from, reason: 'client-exited' }],
  ],
  [
    'a thief drops what he takes',
    [evidence(), stolen, evidence()],
    [{ from, to, reason: 'poller-stolen', maybeLost: true }],
  ],
  [
    'a thief after a death',
    [evidence(), deaf, stolen, evidence()],
    [{ reason: 'plugin-exited', maybeLost: true }],
  ],
  [
    'an expired login takes messages and answers none',
    [evidence(), evidence({ client: client({ transcript: failing }) })],
    [{ reason: 'login-expired', unanswered: 2, maybeLost: true }],
  ],
  [
    'a client that was killed and started again between two looks, with two messages in its memory',
    [evidence(), restarted(5 * seconds, 2)],
    [{ from: noon + 5 * seconds, to: noon + 6 * seconds, reason: 'client-exited', unanswered: 2 }],
  ],
  ['counted once', [evidence(), restarted(5 * seconds, 2), restarted(5 * seconds, 2)], [{ unanswered: 2 }]],
  [
    'seen gone before its end is on record: one gap',
    [evidence(), withoutClient({ run: run() }), restarted(9 * seconds, 1)],
    [{ from: noon + 9 * seconds, to: noon + 10 * seconds, unanswered: 1 }],
  ],
  ['a message that the next client goes on with', [tooLate(null), tooLate(null)], []],
  [
    'a message that the next client came too late for, counted once',
    [tooLate(null), tooLate(noon + 5 * seconds), tooLate(noon + 5 * seconds)],
    [{ from: noon + 5 * seconds, to: noon + 5 * seconds, reason: 'client-exited', unanswered: 2 }],
  ],
  ['a restart that somebody asked for', [evidence(), restarted(5 * seconds, 0, 'asked')], []],
  [
    'a restart that somebody asked for, and that cost a message',
    [evidence(), restarted(5 * seconds, 1, 'asked')],
    [{ from: noon + 5 * seconds, to: noon + 5 * seconds, reason: 'asked', unanswered: 1 }],
  ],
  [
    'a single turn that failed, and live all the same',
    [evidence(), evidence({ client: client({ transcript: { ...failing, apiFailure: null } }) })],
    [{ from: noon + 5 * seconds, to: noon + 5 * seconds, reason: 'model-failing', unanswered: 2 }],
  ],
  [
    'twice',
    [evidence(), deaf, evidence(), deaf],
    [
      { from, to },
      { from: noon + 30 * seconds, to: null },
    ],
  ],
])('gaps: %s', (_, seen, gaps) => {
  expect(follow(...seen).health.gaps).toMatchObject(gaps)
  expect(follow(...seen).health.gaps).toHaveLength(gaps.length)
})

test('the last twenty gaps are kept', () => {
  const { health } = follow(...Array.from({ length: 30 }, () => [evidence(), deaf]).flat())
  expect(health.gaps).toHaveLength(20)
  expect(health.gaps.at(-1)).toMatchObject({ to: null, from: noon + 590 * seconds })
})

const fault = { times: 2, at: noon - minutes, wellMs: 0, wellSince: null, lacked: false } as const
const { id: telegram } = channel().channel
const triedFor = (known: Health) => known.tries[telegram]

test('of a channel’s tries one is left once it was well for ten minutes in all, none after ten more, and none without it', () => {
  const well = (known: Health, ms: number) =>
    track(withChannel({ platform: platform({ at: noon + ms }) }), known, noon + ms).health
  const tries = { [telegram]: fault, 'server:gone': fault }
  const known = track(deaf, { ...newHealth(noon), tries }, noon).health
  expect(known.tries).toEqual({ [telegram]: fault })
  const back = well(known, minutes)
  expect(triedFor(back)).toEqual({ ...fault, wellSince: noon + minutes })
  expect(triedFor(well(back, 11 * minutes - 1))).toBe(triedFor(back))
  const sick = track(deaf, back, noon + 8 * minutes).health
  expect(triedFor(sick)).toEqual({ ...fault, wellMs: 7 * minutes })
  const again = well(sick, 20 * minutes)
  const settled = well(again, 23 * minutes)
  expect(triedFor(settled)).toEqual({ ...fault, times: 1, wellSince: noon + 23 * minutes })
  expect(well(settled, 33 * minutes).tries).toEqual({})
})

test.each<[string, Partial<Evidence>, boolean]>([
  [
    'asks for permission',
    { client: client({ file: sessionFile({ activity: 'waiting', waitingFor: 'permission prompt' }) }) },
    true,
  ],
  ['asks', { client: client({ file: sessionFile({ activity: 'waiting', waitingFor: 'an answer' }) }) }, true],
  [
    'fails at its model',
    {
      client: client({
        transcript: {
          ...emptyTranscript,
          apiFailure: { at: noon, status: 529, error: null, resetsAt: null },
        },
      }),
    },
    true,
  ],
  ['is suspended', { client: client({ suspended: true }) }, false],
  ['has no client', { client: null }, false],
  ['is not wanted', { wanted: wanted({ want: false }) }, false],
])('a channel is well by itself, where its session %s', (_, change, well) => {
  const known = { ...newHealth(noon), tries: { [telegram]: fault } }
  expect(triedFor(track(evidence(change), known).health)?.wellSince).toBe(well ? noon : null)
})

test('that a port is taken is remembered with the try, until the next one', () => {
  const failed = { at: noon, why: 'port-taken', text: '' } as const
  const seen = (obstacles: Evidence['obstacles']) =>
    withChannel({ log: { ...log, registeredAt: null, failed }, poller: no('gone') }, { obstacles })
  const known = { ...newHealth(noon), tries: { [telegram]: fault } }
  const taken = { reason: 'port-taken', detail: '' } as const
  for (const [obstacles, lacked] of [
    [[], false],
    [[{ ...taken, channel: 'server:other' }], false],
    [[{ ...taken, reason: 'token-missing' }], false],
    [[taken], true],
    [[{ ...taken, channel: telegram }], true],
  ] as const)
    expect(triedFor(track(seen(obstacles), known).health)?.lacked).toBe(lacked)
  const lacking = track(seen([taken]), known).health
  expect(track(seen([]), lacking, noon + minutes).health).toBe(lacking)
})
