import { expect, test } from 'vitest'
import { no, unknown, yes } from '../../src/core/answer.ts'
import {
  emptyTranscript,
  type FailedWhy,
  type Retrying,
  type RetryLine,
  type SkippedWhy,
} from '../../src/core/client.ts'
import type { ChannelEvidence, ClientEvidence, Evidence, Obstacle } from '../../src/core/evidence.ts'
import { newHealth } from '../../src/core/machine.ts'
import type { ReasonName, State } from '../../src/core/reasons.ts'
import { reasons } from '../../src/core/reasons.ts'
import type { Health } from '../../src/core/records.ts'
import { judge } from '../../src/core/verdict.ts'
import {
  channel,
  client,
  discordChannel,
  evidence,
  exitRecord,
  freeze,
  log,
  loop,
  minutes,
  noon,
  ownPoller,
  platform,
  run,
  seconds,
  session,
  sessionFile,
  thief,
  wanted,
  withChannel,
  withChannels,
  withoutClient,
} from './evidence-builder.ts'

const unregistered = { ...log, registeredAt: null }
const respawned = (agoMs: number) => ({
  ...unregistered,
  ...{ startedAt: noon - agoMs - 300, connectedAt: noon - agoMs, respawnedAt: noon - agoMs - 300 },
})
const skipped = (why: SkippedWhy) =>
  withChannel({ log: { ...unregistered, skipped: { at: noon, why, text: 'Channel notifications skipped' } } })
const failed = (why: FailedWhy) =>
  withChannel({
    log: { ...unregistered, connectedAt: null, failed: { at: noon, why, text: 'Connection failed' } },
  })
const missing = (reason: Obstacle['reason']) => withoutClient({ obstacles: [{ reason, detail: 'seen' }] })
const dialog = (name: NonNullable<ClientEvidence['dialog']>['name']) =>
  evidence({ client: client({ file: null, dialog: { name, text: 'private' } }) })
const waits = (waitingFor: string | null) =>
  evidence({ client: client({ file: sessionFile({ activity: 'waiting', waitingFor }) }) })
const failure = (status: number) => ({ at: noon, status, error: 'x', resetsAt: null })
const answers = (status: number) => {
  const transcript = { ...emptyTranscript, apiFailure: failure(status) }
  return evidence({ client: client({ transcript }) })
}
const held = (reason: 'client-exited' | 'crash-loop' | 'bun-missing' | 'stopped') =>
  withoutClient({ run: run({ waiting: { reason, detail: 'five', until: noon + minutes } }) })
const takenDown = (change: Partial<Evidence>, runId = 'run-1') =>
  withoutClient({
    keeper: null,
    orders: {
      ...{ format: 1, run: runId, ended: 'taken-down', fresh: false },
      hold: { reason: 'stopped', until: null },
    },
    ...change,
  })
const trouble = (times: number) => ({ since: noon, times, detail: 'getMe: no route to host' })
const silent = { log: null, poller: no('there is no bot.pid') } as const
const stray = { pid: 4900, start: '77' } as const
const noLoop = { loop: null, attached: 0, launchFailed: null } as const
const launchFailed = { loop, attached: 0, launchFailed: { status: 70, at: noon } } as const
const startedAgo = (ms: number, change: Partial<ChannelEvidence>): Evidence =>
  withChannel(change, { run: run({ startedAt: noon - ms }) })
const registeredAgo = (ms: number) => ({ ...log, registeredAt: noon - ms })
const healed = Array.from({ length: 3 }, () => ({ reason: 'poller-stolen', at: noon - minutes }) as const)
const health = { ...newHealth(noon), healed }
const spent = (reason: 'plugin-exited' | 'plugin-stopped'): Health => ({
  ...newHealth(noon),
  healed: Array.from({ length: 5 }, () => ({ reason, at: noon - minutes })),
})
const silentSince = (ms: number | null): Health => ({
  ...newHealth(noon),
  pollers: {
    [session.channels[0]?.id ?? '']: {
      ...{ ...ownPoller.process, run: 'run-1', connected: true },
      silentSince: ms,
    },
  },
})
const asks = (retrying: Partial<Retrying>, cause: RetryLine['cause'] | null = null) =>
  evidence({
    client: client({
      file: sessionFile({ activity: 'busy' }),
      transcript: {
        ...emptyTranscript,
        retrying: {
          since: noon - minutes,
          at: noon - seconds,
          times: 0,
          status: null,
          nextAt: null,
          ...retrying,
        },
      },
      retry: cause === null ? null : { cause, nextAt: noon + minutes, attempt: 1 },
    }),
  })
const parked = (reason: 'login-expired' | 'usage-limit') => {
  const hold = { reason, until: noon + 60 * minutes }
  return withoutClient({
    run: run({ waiting: { reason, detail: null, until: noon + 60 * minutes } }),
    orders: { format: 1, run: 'run-1', ended: reason, fresh: false, hold },
    // Told so by the client meanwhile: the cause is still the first one.
    obstacles: [{ reason: 'login-missing', detail: 'the client is not logged in' }],
  })
}
const suspendedPoller = yes({ ...ownPoller, suspended: true })

/** Every reason of the catalogue that evidence amounts to, with evidence that does. */
const produced = {
  'client-missing': [missing('client-missing')],
  'client-outdated': [missing('client-outdated')],
  'bun-missing': [missing('bun-missing'), failed('bun-missing')],
  'plugin-missing': [missing('plugin-missing')],
  'token-missing': [missing('token-missing'), failed('token-missing')],
  'folder-missing': [missing('folder-missing')],
  'multiplexer-missing': [
    withoutClient({ terminal: noLoop, obstacles: [{ reason: 'multiplexer-missing', detail: '' }] }),
  ],
  'state-unwritable': [missing('state-unwritable')],
  'login-missing': [dialog('login-screen'), skipped('login'), missing('login-missing')],
  'login-expired': [
    answers(401),
    answers(403),
    parked('login-expired'),
    asks({ times: 2 }, 'login'),
    asks({ times: 1, status: 401 }),
  ],
  'usage-limit': [
    answers(429),
    parked('usage-limit'),
    asks({ times: 0 }, 'limit'),
    asks({ times: 1, status: 429 }),
    evidence({
      client: client({
        transcript: { ...emptyTranscript, apiFailure: { ...failure(400), error: 'billing_error' } },
      }),
    }),
  ],
  'model-failing': [
    answers(500),
    answers(529),
    asks({ times: 4 }),
    asks({ times: 0 }, 'other'),
    asks({ status: 529 }),
  ],
  'token-in-use': [missing('token-in-use')],
  'plugin-stopped': [withChannel({ poller: suspendedPoller })],
  'not-draining': [
    withChannel({
      platform: platform({ at: noon - seconds, pending: 2, pendingSince: noon - 31 * seconds }),
    }),
    withChannel({ platform: platform({ at: noon - seconds }) }, { health: silentSince(noon - 91 * seconds) }),
    // Deaf before the platform once gave no answer, it is no better for that.
    withChannel({
      platform: platform({
        ...{ at: noon - seconds, pending: 2, pendingSince: noon - 31 * seconds },
        trouble: trouble(1),
      }),
    }),
    withChannel(
      { platform: platform({ at: noon - seconds, trouble: trouble(1) }) },
      { health: silentSince(noon - 92 * seconds) },
    ),
  ],
  'not-healing': [
    withChannel({ poller: no('gone') }, { health: spent('plugin-exited') }),
    withChannel({ poller: suspendedPoller }, { health: spent('plugin-stopped') }),
  ],
  'token-rejected': [
    withChannel({ platform: platform({ token: 'rejected' }) }),
    withChannel({
      log: { ...log, tokenRejected: { at: noon, why: 'token-rejected', text: '401' } },
      platform: null,
    }),
    // Discord's plugin ends where it is refused.
    withChannel({ poller: no('gone'), platform: platform({ token: 'rejected' }) }),
    // The plugin goes on with the token of its start, whatever stands in the file by now.
    withChannel({ log: { ...log, tokenRejected: { at: noon, why: 'token-rejected', text: '401' } } }),
  ],
  'webhook-set': [withChannel({ platform: platform({ webhook: 'example.org' }) })],
  'trust-dialog': [
    dialog('trust-dialog'),
    // Read off the screen, it is known better than by the session file.
    evidence({
      client: client({
        file: sessionFile({ activity: 'waiting', waitingFor: 'dialog open' }),
        dialog: { name: 'trust-dialog', text: 'private' },
      }),
    }),
  ],
  'development-dialog': [dialog('development-dialog')],
  'mcp-dialog': [dialog('mcp-dialog')],
  'bypass-dialog': [dialog('bypass-dialog')],
  'resume-dialog': [dialog('resume-dialog')],
  // 2.1.330 writes a session file while a start-up dialog it has no name for stands.
  'unknown-dialog': [dialog('unknown-dialog'), waits('dialog open')],
  // 2.1.330 and 2.1.139.
  'permission-prompt': [dialog('permission-prompt'), waits('permission prompt'), waits('approve Bash')],
  question: [waits('answer'), waits(null), waits('disapprove of it')],
  'channels-unavailable': [skipped('gate')],
  'not-a-channel': [skipped('not-a-channel')],
  // Neither of the account nor of the server does it say anything.
  'channel-skipped': [skipped('unknown')],
  'org-policy': [skipped('org-policy')],
  'not-allowlisted': [skipped('not-allowlisted')],
  'client-exited': [
    held('client-exited'),
    withoutClient({ run: run({ exits: [exitRecord()] }) }),
    withoutClient({ wanted: wanted({ generation: 2 }) }),
  ],
  'plugin-exited': [
    withChannel({ poller: no('the process in bot.pid (4720) is gone') }),
    // Before this client, the bot lacked something; in no server, its plugin runs.
    withChannel({
      log: registeredAgo(5 * seconds),
      poller: no('gone'),
      platform: platform({ lacks: 'message-content' }),
    }),
    withChannel({ poller: no('gone'), platform: platform({ lacks: 'server' }) }),
    // It had begun to poll in this very start: no grace.
    withChannel({
      log: registeredAgo(100),
      poller: no('the process in bot.pid (4720) is gone'),
      slotTakenAt: noon - 200,
    }),
    withChannel(
      { log: registeredAgo(100), poller: no('no process of it below client 4712') },
      { health: silentSince(null) },
    ),
  ],
  'plugin-not-started': [
    startedAgo(15 * seconds, silent),
    startedAgo(15 * seconds, { log: null, poller: yes(thief) }),
    skipped('not-listed'),
  ],
  'plugin-failed': [
    failed('connection-closed'),
    failed('unknown'),
    withChannel({ log: unregistered }),
    withChannel({ log: unregistered, platform: platform({ trouble: trouble(1) }) }),
    withChannel({ log: { ...unregistered, connectedAt: null } }),
    // Well before a first start would have had its time.
    withChannel({ log: respawned(2 * seconds) }),
  ],
  'port-taken': [failed('port-taken'), missing('port-taken')],
  'server-missing': [missing('server-missing')],
  'intent-missing': [
    withChannel({ platform: platform({ lacks: 'message-content' }) }),
    withChannel({ poller: no('gone'), platform: platform({ lacks: 'message-content' }) }),
    // However young it is.
    withChannel({
      log: registeredAgo(seconds),
      poller: no('gone'),
      platform: platform({ at: noon - 500, lacks: 'message-content' }),
    }),
  ],
  'no-server': [withChannel({ platform: platform({ lacks: 'server' }) })],
  'poller-stolen': [
    withChannel({ poller: yes(thief) }),
    withChannel({ poller: yes({ ...thief, owner: null }) }),
  ],
  'poller-contested': [withChannel({ poller: yes(thief) }, { health })],
  'terminal-lost': [
    evidence({ terminal: noLoop }),
    withoutClient({ terminal: noLoop }),
    withoutClient({ terminal: noLoop, run: null }),
  ],
  'launch-failed': [withoutClient({ terminal: launchFailed })],
  'crash-loop': [held('crash-loop')],
  'taken-down': [takenDown({}), takenDown({ terminal: noLoop }), takenDown({ run: null }, '')],
  network: [
    withChannel({ platform: platform({ trouble: trouble(2) }) }),
    withChannel({ platform: platform({ token: 'unknown', trouble: trouble(7) }) }),
    // Its packages may come by the same network: no other client would do better.
    withChannel({ log: unregistered, platform: platform({ trouble: trouble(2) }) }),
  ],
  'client-stopped': [evidence({ client: client({ suspended: true }) })],
  'records-lost': [
    evidence({ run: null, client: null, terminal: noLoop, stray }),
    // Removed with all the rest: not wanted, as far as anybody knows, and no less alive.
    evidence({ wanted: null, run: null, client: null, terminal: noLoop, stray }),
  ],
  'stale-evidence': [
    withChannel({ poller: unknown('what process 4720 runs could not be read') }),
    withChannel({ poller: yes({ ...ownPoller, ours: 'unknown' }) }),
    withChannel({ platform: null }),
    // A refusal from before this client registered may be of an earlier token.
    withChannel({ platform: platform({ token: 'rejected', at: noon - 20 * minutes }) }),
    withChannel({ platform: platform({ at: noon - 5 * minutes - 1 }) }),
    withChannel({ platform: platform({ at: noon + 6 * minutes }) }),
    // One failure, and never an answer: nothing says that the token is any good.
    withChannel({ platform: platform({ token: 'unknown', trouble: trouble(1) }) }),
    // A log that is not found proves nothing while the plugin may be there.
    withChannel({ log: null }),
    withChannel({ log: null, poller: unknown('what process 4720 runs could not be read') }),
    withChannel({ log: null, poller: yes({ ...ownPoller, ours: 'unknown' }) }),
  ],
} as const satisfies Partial<Readonly<Record<ReasonName, readonly Evidence[]>>>

for (const [reason, cases] of Object.entries(produced) as [ReasonName, readonly Evidence[]][])
  test.each(cases.map((each, i) => [i + 1, each] as const))(`${reason}, case %i`, (_, seen) => {
    const verdict = judge(freeze(seen), noon)
    expect(verdict).toMatchObject({ state: reasons[reason].state, reason })
    expect(verdict.channels).toMatchObject([{ id: session.channels[0]?.id, reason }])
    expect(verdict.detail).not.toBe('private')
  })

test('the last healing that the budget allows is still at work for a moment', () => {
  const last = spent('plugin-exited')
  const just = {
    ...last,
    healed: [...last.healed.slice(1), { reason: 'plugin-exited' as const, at: noon - 5 * seconds }],
  }
  const seen = (at: Health) => judge(withChannel({ poller: no('gone') }, { health: at }), noon).reason
  expect([seen(just), seen(last)]).toEqual(['plugin-exited', 'not-healing'])
})

test('a thief that was ended just now left nobody to fetch messages: that is no other fault', () => {
  const ended = (at: number): Health => ({
    ...newHealth(noon),
    healed: [{ reason: 'poller-stolen', at }],
  })
  const seen = (at: number, startedAt = noon - 10 * minutes) =>
    judge(withChannel({ poller: no('gone') }, { health: ended(at), run: run({ startedAt }) }), noon).reason
  expect(seen(noon - 2 * seconds)).toBe('poller-stolen')
  // It was ended, and still nobody fetches; or it was another client's.
  expect(seen(noon - 9 * seconds)).toBe('plugin-exited')
  expect(seen(noon - 2 * seconds, noon - seconds)).not.toBe('poller-stolen')
})

test('every reason of the catalogue is produced by some evidence, but for those that are mended before they hurt', () => {
  expect([...Object.keys(produced), 'client-replaced', 'client-updated'].sort()).toEqual(
    Object.keys(reasons).sort(),
  )
})

test.each<[string, Evidence, State]>([
  ['everything as it must be', evidence(), 'live'],
  ['its file replaced on disk: it answers on', evidence({ client: client({ replaced: true }) }), 'live'],
  [
    'behind the picker of an old conversation, as 2.1.330 says it',
    evidence({
      client: client({
        file: sessionFile({ activity: 'waiting', waitingFor: 'dialog open' }),
        dialog: { name: 'resume-dialog', text: 'private' },
      }),
    }),
    'live',
  ],
  [
    'an API error of long ago: the next message is tried anew',
    evidence({
      run: run({ startedAt: noon - 60 * minutes }),
      client: client({
        transcript: { ...emptyTranscript, apiFailure: { ...failure(500), at: noon - 11 * minutes } },
      }),
    }),
    'live',
  ],
  [
    'a limit that is over',
    evidence({
      run: run({ startedAt: noon - 180 * minutes }),
      client: client({
        transcript: {
          ...emptyTranscript,
          apiFailure: { ...failure(429), at: noon - 120 * minutes, resetsAt: noon - minutes },
        },
      }),
    }),
    'live',
  ],
  ['the first tries, which say nothing', asks({ times: 1 }, 'unknown'), 'live'],
  ['an answer that takes its time', asks({ times: 0 }), 'live'],
  [
    'refused, and logged in since',
    evidence({
      client: client({
        transcript: { ...emptyTranscript, apiFailure: { ...failure(401), at: noon - minutes } },
      }),
      login: {
        credentialsAt: noon - seconds,
        checked: { at: noon, is: 'yes', credentialsAt: noon - seconds },
      },
    }),
    'live',
  ],
  [
    'messages that wait, and have not for long',
    withChannel({
      platform: platform({ at: noon - seconds, pending: 2, pendingSince: noon - 20 * seconds }),
    }),
    'live',
  ],
  [
    'messages that wait, while others come in',
    withChannel({
      log: { ...log, lastInboundAt: noon - 5 * seconds },
      platform: platform({ at: noon - seconds, pending: 2, pendingSince: noon - 40 * seconds }),
    }),
    'live',
  ],
  ['no connection for a while', evidence({ health: silentSince(noon - 80 * seconds) }), 'live'],
  [
    'no connection, and nobody has asked the platform since',
    withChannel(
      { platform: platform({ at: noon - 100 * seconds }) },
      { health: silentSince(noon - 95 * seconds) },
    ),
    'live',
  ],
  [
    'no connection, and the platform gave no answer either before that had lasted',
    withChannel(
      { platform: platform({ at: noon - 10 * seconds, trouble: trouble(1) }) },
      { health: silentSince(noon - 95 * seconds) },
    ),
    'live',
  ],
  [
    'a plugin held for a moment',
    withChannel({ poller: suspendedPoller }, { wanted: wanted({ generation: 2 }) }),
    'starting',
  ],
  ['busy', evidence({ client: client({ file: sessionFile({ activity: 'busy' }) }) }), 'live'],
  [
    'a client older than session files',
    evidence({ client: client({ file: null, transcript: null }) }),
    'live',
  ],
  ['one failure since the last answer', withChannel({ platform: platform({ trouble: trouble(1) }) }), 'live'],
  ['no keeper', evidence({ keeper: null }), 'live'],
  ['nothing on record', evidence({ wanted: null, run: null, client: null }), 'stopped'],
  ['not wanted', withoutClient({ wanted: wanted({ want: false }) }), 'stopped'],
  [
    'not wanted, whatever is missing',
    { ...missing('bun-missing'), wanted: wanted({ want: false }) },
    'stopped',
  ],
  ['its client still ends', evidence({ wanted: wanted({ want: false }) }), 'stopped'],
  [
    'asked for just now',
    withoutClient({ wanted: wanted({ at: noon - seconds }), terminal: noLoop, run: null }),
    'starting',
  ],
  ['the loop, and nothing else yet', withoutClient({ run: null }), 'starting'],
  ['started just now', withoutClient({ run: run({ startedAt: noon - seconds }) }), 'starting'],
  ['asked for anew just now', withoutClient({ wanted: wanted({ generation: 2, at: noon }) }), 'starting'],
  ['what was missing is there', held('bun-missing'), 'starting'],
  ['held back', held('stopped'), 'starting'],
  ['no log yet', startedAgo(14 * seconds, silent), 'starting'],
  [
    'being started',
    withChannel({ log: { ...unregistered, startedAt: noon - 31_000, connectedAt: null } }),
    'starting',
  ],
  ['connected', withChannel({ log: { ...unregistered, startedAt: noon - 14_000 } }), 'starting'],
  [
    'no poller yet',
    withChannel({ log: registeredAgo(3_900), poller: no('there is no bot.pid') }),
    'starting',
  ],
  [
    'only the poller of an earlier start',
    withChannel({
      log: registeredAgo(3_900),
      poller: no('the process in bot.pid (4720) is gone'),
      slotTakenAt: noon - 11 * minutes,
    }),
    'starting',
  ],
  [
    'only the plugin of an earlier run',
    withChannel(
      { log: registeredAgo(3_900), poller: no('no process of it below client 4712') },
      { health: silentSince(null), run: run({ run: 'run-2' }) },
    ),
    'starting',
  ],
  ['not asked yet', withChannel({ log: registeredAgo(7_900), platform: null }), 'starting'],
  ['closing', withChannel({ log: { ...log, closingAt: noon } }), 'starting'],
])('%s is %s', (_, seen, state) => {
  expect(judge(seen, noon)).toMatchObject({ state, reason: null })
})

test('a thief is named with its process, its claude and its folder', () => {
  expect(judge(withChannel({ poller: yes(thief) }), noon).detail).toBe(
    'process 5001 of claude 5000 in /home/me/other polls',
  )
})

test('a session is as well as its worst channel, and each says its own', () => {
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
  const channels = [channel(), channel({ channel: other, poller: no('there is no bot.pid') })]
  const verdict = judge(evidence({ channels }), noon)
  expect(verdict).toMatchObject({
    state: 'recovering',
    reason: 'plugin-exited',
    detail: 'telegram: there is no bot.pid',
  })
  expect(verdict.channels.map(({ id, state }) => [id, state])).toEqual([
    ['plugin:telegram@claude-plugins-official', 'live'],
    ['plugin:telegram@other', 'recovering'],
  ])
})

const [telegram] = session.channels
const lacksToken: Obstacle = { reason: 'token-missing', detail: 'no .env', channel: discordChannel.id }

test('what one channel lacks keeps all of them from a start, and is not said to be another’s', () => {
  const verdict = judge(
    withChannels([...session.channels, discordChannel], { obstacles: [lacksToken] }),
    noon,
  )
  const blocked = { state: 'blocked', reason: 'token-missing', about: discordChannel.id }
  expect(verdict).toMatchObject({ ...blocked, detail: 'discord: no .env' })
  expect(verdict.channels).toEqual([
    { ...blocked, id: telegram?.id, detail: 'waits for discord: no .env' },
    { ...blocked, id: discordChannel.id, detail: 'no .env' },
  ])
})

test('where each lacks something, each says its own; what nobody’s is, all of them say', () => {
  const gone: Obstacle = { reason: 'plugin-missing', detail: 'not there', channel: telegram?.id ?? '' }
  const seen = (...obstacles: readonly Obstacle[]) =>
    judge(withChannels([...session.channels, discordChannel], { obstacles }), noon)
  const verdict = seen(gone, lacksToken)
  expect(verdict).toMatchObject({ reason: 'plugin-missing', detail: 'telegram: not there' })
  expect(verdict.channels).toMatchObject([
    { reason: 'plugin-missing', detail: 'not there' },
    { reason: 'token-missing', detail: 'no .env' },
  ])
  const whole = seen({ reason: 'folder-missing', detail: '/gone' }, lacksToken)
  expect([whole, ...whole.channels].map(({ reason, detail }) => [reason, detail])).toEqual(
    Array.from({ length: 3 }, () => ['folder-missing', '/gone']),
  )
})

test('of the only channel it goes without saying which one is meant', () => {
  const alone = withChannels([discordChannel], { obstacles: [lacksToken] })
  expect(judge(alone, noon).detail).toBe('no .env')
})

test('what the API refused an earlier client says nothing of this one', () => {
  for (const status of [401, 403, 429]) {
    const refused = answers(status)
    expect(judge(refused, noon).state).toBe('blocked')
    expect(judge({ ...refused, run: run({ startedAt: noon }) }, noon).state).toBe('blocked')
    expect(judge({ ...refused, run: run({ startedAt: noon + 1 }) }, noon + minutes)).toMatchObject({
      state: 'live',
      reason: null,
    })
  }
})

test('what the API refused before the clock was set back says nothing of a client started since', () => {
  const before = 60 * minutes
  const since = withChannel({ log: registeredAgo(before), platform: platform({ at: noon - before }) })
  const { transcript } = answers(401).client ?? {}
  const refused = { ...since, client: client({ transcript: transcript ?? null }) }
  const startedAt = noon - before - minutes
  expect(judge({ ...refused, run: run({ startedAt }) }, noon - before)).toMatchObject({ state: 'live' })
  expect(judge({ ...refused, run: run({ startedAt: noon - minutes }) }, noon - before).reason).toBe(
    'login-expired',
  )
})

test('an answer of the platform from before the clock was set back proves nothing', () => {
  expect(judge(withChannel({ platform: platform({ at: noon + 60 * minutes }) }), noon)).toMatchObject({
    reason: 'stale-evidence',
    detail: 'Telegram was last asked before the clock was set back',
  })
})
