import { describe, expect, test } from 'vitest'
import { no, unknown } from '../../../src/core/answer.ts'
import { emptyTranscript } from '../../../src/core/client.ts'
import { checkOf } from '../../../src/core/doctor/checks.ts'
import { examineMachine, examineSession } from '../../../src/core/doctor/examine.ts'
import type { SessionFacts } from '../../../src/core/doctor/facts.ts'
import type { CheckResult } from '../../../src/core/doctor/result.ts'
import type { ReasonName } from '../../../src/core/reasons.ts'
import {
  channel,
  client,
  discordChannel,
  evidence,
  freeze,
  log,
  noon,
  platform,
  session,
  sessionFile,
  wanted,
  withChannel,
  withoutClient,
} from '../evidence-builder.ts'
import { channelFacts, machineFacts, sessionFacts } from './facts-builder.ts'

const examine = (change: Partial<SessionFacts> = {}): readonly CheckResult[] =>
  examineSession(freeze(sessionFacts(change)))
const failedIn = (results: readonly CheckResult[]) =>
  results.filter(({ is }) => is === 'failed').map(({ check, reason }) => ({ check, reason }))
const of = (results: readonly CheckResult[], check: CheckResult['check']): CheckResult => {
  const found = results.find((each) => each.check === check)
  if (found === undefined) throw new Error(`no ${check}`)
  return found
}

test('a session that is live is all green', () => {
  const results = examine()
  expect(results.filter(({ is }) => is !== 'ok')).toEqual([])
  expect(results.map(({ check }) => check)).toContain('fetches')
  expect(results.every(({ found }) => found !== '')).toBe(true)
})

describe('what is there by files keeps what needs it from being checked, wanted or not', () => {
  const obstacles: readonly ReasonName[] = [
    'client-missing',
    'multiplexer-missing',
    'folder-missing',
    'channels-unavailable',
    'org-policy',
    'not-allowlisted',
    'plugin-missing',
    'bun-missing',
    'token-missing',
    'token-in-use',
  ]
  test.each(obstacles.flatMap((reason) => [true, false].map((want) => ({ reason, want }))))(
    '$reason, wanted: $want',
    ({ reason, want }) => {
      const results = examine({
        evidence: withoutClient({ wanted: wanted({ want }) }),
        obstacles: [{ reason, detail: 'as seen', channel: session.channels[0]?.id ?? '' }],
      })
      expect(failedIn(results)).toEqual([{ check: checkOf(reason, true), reason }])
      expect(of(results, 'running').is).toBe('not-checked')
      expect(of(results, 'running').needs).toEqual([checkOf(reason, true)])
      expect(of(results, 'fetches').found).toContain('not checked (needs ')
    },
  )
})

const said: readonly (readonly [ReasonName, Partial<SessionFacts>])[] = [
  ['client-outdated', { isOutdated: true }],
  ['login-missing', { login: no('the client is not logged in') }],
  ['login-missing', { loginFault: 'it is signed in by key' }],
  ['multiplexer-missing', { multiplexer: no('tmux is not installed') }],
  ['trust-dialog', { trusted: false, evidence: withoutClient() }],
  ['client-stopped', { evidence: evidence({ client: client({ suspended: true }) }) }],
  ['terminal-lost', { evidence: evidence({ terminal: { loop: null, attached: 0, launchFailed: null } }) }],
  [
    'permission-prompt',
    {
      evidence: evidence({
        client: client({ file: sessionFile({ activity: 'waiting', waitingFor: 'permission prompt' }) }),
      }),
    },
  ],
  ['plugin-exited', { evidence: withChannel({ poller: no('the process in bot.pid (4720) is gone') }) }],
  [
    'channel-skipped',
    {
      evidence: withChannel({
        log: { ...log, registeredAt: null, skipped: { at: noon - 5_000, why: 'unknown', text: 'no' } },
      }),
    },
  ],
  ['token-rejected', { evidence: withChannel({ platform: platform({ token: 'rejected' }) }) }],
  ['webhook-set', { evidence: withChannel({ platform: platform({ webhook: 'example.com' }) }) }],
  [
    'network',
    { channels: [channelFacts({ platform: { ...platform(), token: 'unknown', detail: 'no route' } })] },
  ],
]

test.each(said)('%s fails its check, and nothing else does', (reason, change) => {
  const results = examine(change)
  expect(failedIn(results)).toEqual([{ check: checkOf(reason, true), reason }])
  expect(of(results, checkOf(reason, true)).remedy).not.toBeNull()
})

test('what is wrong with our own folder is no fault of a bot’s, though its channel is blocked by it', () => {
  const seen = withoutClient({ obstacles: [{ reason: 'state-unwritable', detail: '/state' }] })
  const results = examine({ evidence: seen, obstacles: seen.obstacles })
  expect(failedIn(results)).toEqual([{ check: 'records', reason: 'state-unwritable' }])
})

describe('what the platform says now fails, wanted or not, and whatever the verdict is about', () => {
  const answers = [
    ['token-rejected', { token: 'rejected' }],
    ['webhook-set', { webhook: 'example.com' }],
  ] as const
  test.each(answers)('%s', (reason, answer) => {
    for (const seen of [withoutClient({ wanted: wanted({ want: false }) }), withoutClient()]) {
      const results = examine({
        evidence: seen,
        channels: [channelFacts({ platform: { ...platform(), ...answer } })],
      })
      expect(failedIn(results)).toContainEqual({ check: checkOf(reason, true), reason })
    }
  })
  test.each([
    ['intent-missing', 'message-content'],
    ['no-server', 'server'],
  ] as const)('%s', (reason, lacks) => {
    const one = { ...session, channels: [discordChannel] }
    const results = examine({
      session: one,
      evidence: withoutClient({ session: one, wanted: wanted({ want: false }), channels: [] }),
      channels: [channelFacts({ channel: discordChannel, platform: { ...platform(), lacks } })],
    })
    expect(failedIn(results)).toEqual([{ check: 'bot-settings', reason }])
  })
})

test('of a plugin nobody judged while the model fails nothing is said to be well', () => {
  const failure = { status: 500, error: 'api_error', at: noon - 60_000, resetsAt: null }
  const results = examine({
    evidence: evidence({
      client: client({ transcript: { ...emptyTranscript, apiFailure: failure } }),
      channels: [channel({ poller: no('gone') })],
    }),
  })
  expect(failedIn(results)).toEqual([{ check: 'model', reason: 'model-failing' }])
  for (const check of ['plugin-runs', 'listens', 'fetches'] as const)
    expect(of(results, check)).toMatchObject({ is: 'not-checked', needs: ['model'] })
})

test('a program that can’t be run at all, or does not say what it is, is not well', () => {
  const dead = { path: '/usr/bin/claude', version: no('it can’t be executed') }
  expect(failedIn(examine({ client: dead, login: null }))).toEqual([
    { check: 'client-version', reason: null },
  ])
  expect(of(examine({ bun: { path: '/bin/false', version: null } }), 'bun').is).toBe('warning')
  expect(of(examine({ multiplexer: unknown('no answer') }), 'multiplexer').is).toBe('warning')
})

test('a token that can’t be read fails, and a bot that another session has is worth a word', () => {
  expect(failedIn(examine({ channels: [channelFacts({ tokenTrouble: 'EACCES' })] }))).toEqual([
    { check: 'token', reason: null },
  ])
  const both = of(examine({ channels: [channelFacts({ alsoIn: 'play' })] }), 'one-session')
  expect(both).toMatchObject({ is: 'warning', remedy: expect.stringContaining('channels token play') })
})

test('a login that is over by its own date is worth a word', () => {
  const login = { is: 'yes', value: { method: 'claude.ai', expiresAt: '2020-01-01T00:00:00.000Z' } } as const
  expect(of(examine({ login }), 'login').is).toBe('warning')
})

test('whatever fails says what was found', () => {
  const results = examine({ evidence: evidence({ client: null, run: null, orders: null }) })
  expect(results.filter(({ found }) => found === '')).toEqual([])
})

test('a keeper is offered only where it would bring nothing back', () => {
  const fixes = (allUp: boolean) =>
    examineMachine(machineFacts({ keeper: null, allUp, service: { is: 'not installed' } }), noon).flatMap(
      (result) => result.fixes,
    )
  expect(fixes(true)).toEqual([{ do: 'start-keeper' }])
  expect(fixes(false)).toEqual([])
})

test('of two channels the one that is well is checked, and its session is not', () => {
  const two = { ...session, channels: [...session.channels, discordChannel] }
  const seen = evidence({
    session: two,
    channels: [
      channel(),
      channel({
        channel: discordChannel,
        platform: platform({ token: 'rejected', botId: discordChannel.botId }),
      }),
    ],
  })
  const results = examine({
    session: two,
    evidence: seen,
    channels: [channelFacts(), channelFacts({ channel: discordChannel })],
  })
  expect(failedIn(results)).toEqual([{ check: 'bot', reason: 'token-rejected' }])
  const runs = results.filter(({ check }) => check === 'plugin-runs')
  expect(runs.map(({ channel: id, is }) => [id, is])).toEqual([
    [session.channels[0]?.id, 'ok'],
    [discordChannel.id, 'not-checked'],
  ])
})

test('what is not wanted is not looked at further, and that is no failure', () => {
  const results = examine({ evidence: withoutClient({ wanted: wanted({ want: false }) }) })
  expect(failedIn(results)).toEqual([])
  expect(of(results, 'plugin-runs')).toMatchObject({ is: 'skipped', remedy: null })
  expect(of(results, 'plugin-runs').found).toContain('channels up work')
})

test('what could not be told is a warning', () => {
  const results = examine({
    client: { path: '/usr/bin/claude', version: unknown('no answer') },
    login: unknown('no answer'),
    trusted: null,
  })
  expect(failedIn(results)).toEqual([])
  for (const check of ['client-version', 'login', 'trust'] as const)
    expect(of(results, check).is).toBe('warning')
})

test.each([
  [true, 'ok', '8787, this session’s plugin listens'],
  [false, 'ok', '8787, which nobody has'],
  [null, 'warning', 'who listens on port 8787 could not be told'],
] as const)('a port on which somebody listens: %s', (listens, is, found) => {
  const page = { ...channelFacts().channel, kind: 'fakechat', id: 'plugin:fakechat@x' } as const
  const results = examine({
    session: { ...session, channels: [page] },
    evidence: withoutClient({ channels: [] }),
    channels: [channelFacts({ channel: page, platform: null, clockAheadMs: null, listens })],
  })
  expect(of(results, 'port')).toMatchObject({ is, found })
})

test('a token that settings give takes the place of the one in the file', () => {
  const outdoes = { variable: 'TELEGRAM_BOT_TOKEN', file: '/home/me/.claude/settings.json' }
  const results = examine({ channels: [channelFacts({ outdoes })] })
  expect(failedIn(results)).toEqual([{ check: 'token', reason: null }])
})

test.each([
  [29_000, 'ok'],
  [-31_000, 'warning'],
  [301_000, 'failed'],
] as const)('a clock that is %s ms ahead: %s', (clockAheadMs, is) => {
  expect(of(examine({ channels: [channelFacts({ clockAheadMs })] }), 'clock').is).toBe(is)
})

test.each([
  ['pairing', ['42'], 'warning', 'channels access work policy allowlist'],
  ['pairing', [], 'warning', 'channels pair work'],
  ['disabled', ['42'], 'warning', 'channels access work policy allowlist'],
  ['allowlist', [], 'warning', 'channels access work allow'],
  ['allowlist', ['42'], 'ok', null],
] as const)('policy %s with %j: %s', (policy, senders, is, remedy) => {
  const access = { is: 'yes', value: { policy, senders, pending: [] } } as const
  const found = of(examine({ evidence: withChannel({ access }) }), 'access')
  expect(found.is).toBe(is)
  if (remedy !== null) expect(found.remedy).toContain(remedy)
})

test('a wanted.json of which nothing can be made is told, since by it the session counts as not wanted', () => {
  const results = examine({
    tornWanted: '/state/sessions/work/wanted.json',
    evidence: withoutClient({ wanted: null }),
  })
  expect(of(results, 'records')).toMatchObject({
    is: 'warning',
    found: expect.stringContaining('/state/sessions/work/wanted.json'),
    remedy: expect.stringContaining('`channels up work`'),
  })
})

test('settings of which nothing can be made do not say that a plugin is enabled nowhere', () => {
  const brokenSettings = '/home/me/.claude/settings.json'
  const results = examine({ channels: [channelFacts({ enabled: null, brokenSettings })] })
  expect(of(results, 'enabled')).toMatchObject({
    is: 'warning',
    found: expect.stringContaining(brokenSettings),
  })
})

test('a keeper’s record that can’t be read fails, and hides nothing else of the machine', () => {
  const keeperFault = { found: 'Cannot read keeper.json: no permission', remedy: 'Look whose it is.' }
  const results = examineMachine(machineFacts({ keeper: null, keeperFault }), noon)
  expect(results.filter(({ is }) => is !== 'ok').map(({ check }) => check)).toEqual(['keeper'])
  expect(of(results, 'keeper')).toMatchObject({ is: 'failed', ...keeperFault })
})

test('a path in a command can be pasted', () => {
  const { channel: telegram } = channelFacts()
  const stateDir = '/my $(touch x) dir'
  const results = examine({
    bun: { path: '/my bun', version: null },
    channels: [channelFacts({ channel: { ...telegram, stateDir }, tokenTrouble: 'EACCES' })],
  })
  expect(of(results, 'token').remedy).toContain("`ls -l '/my $(touch x) dir/.env'`")
  expect(of(results, 'bun').remedy).toContain("`'/my bun' --version`")
})

test('without a configuration nobody knows whether a keeper has to be at work, or which bots there are', () => {
  const configFault = { found: 'config.json is not valid JSON: line 1', remedy: 'Mend it.' }
  const results = examineMachine(
    machineFacts({ configFault, sessions: 0, keeper: null, wanted: false }),
    noon,
  )
  expect(of(results, 'configuration')).toMatchObject({ is: 'failed', ...configFault })
  expect(of(results, 'keeper')).toMatchObject({
    is: 'not-checked',
    found: 'not checked (needs configuration)',
  })
  expect(of(results, 'modes').found).toContain('which folders the bots have is not known')
})

test('the machine: what is not as it should be is a warning, but for modes and a full disk', () => {
  expect(examineMachine(machineFacts(), noon).filter(({ is }) => is !== 'ok')).toEqual([])
  const results = examineMachine(
    machineFacts({
      exposed: [{ is: 'open', path: '/state', mode: 0o755, wanted: 0o700 }],
      disks: [{ path: '/state', freeBytes: 0 }],
      keeper: null,
      service: {
        is: 'installed',
        startsAt: 'login',
        problems: [{ problem: 'It is not enabled', remedy: 'x' }],
      },
      exported: ['TELEGRAM_BOT_TOKEN'],
    }),
    noon,
  )
  expect(results.map(({ check, is }) => [check, is])).toEqual([
    ['configuration', 'ok'],
    ['modes', 'failed'],
    ['disk', 'failed'],
    ['keeper', 'warning'],
    ['service', 'warning'],
    ['shell', 'warning'],
  ])
  // The service starts its own.
  expect(results.flatMap(({ fixes }) => fixes)).toEqual([{ do: 'close-mode', path: '/state', mode: 0o700 }])
})
