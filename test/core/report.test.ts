import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { no, yes } from '../../src/core/answer.ts'
import { emptyTranscript } from '../../src/core/client.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { newHealth, step } from '../../src/core/machine.ts'
import { report } from '../../src/core/report.ts'
import { anyEvidence } from './evidence-arbitrary.ts'
import {
  channel,
  client,
  discordChannel,
  evidence,
  exitRecord,
  freeze,
  log,
  minutes,
  noon,
  run,
  serverChannel,
  session,
  thief,
  wanted,
  withChannel,
  withChannels,
  withoutClient,
} from './evidence-builder.ts'

const schema = JSON.parse(readFileSync(new URL('../../docs/status.schema.json', import.meta.url), 'utf8'))
const fits = new Ajv2020({ allErrors: true, strictTypes: false, allowUnionTypes: true }).compile(schema)
const faults = (document: unknown): unknown[] =>
  fits(JSON.parse(JSON.stringify(document))) ? [] : (fits.errors ?? [])
const of = (seen: Evidence, now = noon) => report([freeze(seen)], seen.keeper, now)
const only = (seen: Evidence) => of(seen).sessions[0]

test.each([
  ['live', evidence()],
  [
    'never started',
    evidence({
      wanted: null,
      run: null,
      client: null,
      keeper: null,
      terminal: { loop: null, attached: 0, launchFailed: null },
    }),
  ],
  [
    'in a crash loop',
    withoutClient({
      run: run({
        exits: [exitRecord({ downForMs: null })],
        waiting: { reason: 'crash-loop', detail: null, until: noon + minutes },
      }),
    }),
  ],
  ['stolen', withChannel({ poller: yes(thief) })],
  ['an old client', evidence({ client: client({ file: null, transcript: null }) })],
])('%s fits the schema', (_, seen) => {
  expect(faults(of(seen))).toEqual([])
})

test('whatever is observed, and however long, the report fits the schema', () => {
  fc.assert(
    fc.property(fc.array(anyEvidence, { minLength: 1, maxLength: 4 }), (list) => {
      let state = { health: newHealth(noon), suspicion: null } as ReturnType<typeof step>['state']
      for (const seen of list) state = step(state, { ...seen, health: state.health }, noon).state
      const seen = list.map((each) => ({ ...each, health: state.health }))
      expect(faults(report(seen, null, noon))).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['a field is missing', (document: object) => ({ ...document, total: undefined })],
  ['another version', (document: object) => ({ ...document, version: 2 })],
  [
    'a state nobody knows',
    (document: object) => JSON.parse(JSON.stringify(document).replace('"state":"live"', '"state":"fine"')),
  ],
  [
    'live for a reason',
    (document: object) => JSON.parse(JSON.stringify(document).replace('"reason":null', '"reason":"network"')),
  ],
  [
    'no channel',
    (document: object) =>
      JSON.parse(JSON.stringify(document, (key, value) => (key === 'channels' ? [] : value))),
  ],
])('the schema refuses a document where %s', (_, spoil) => {
  expect(faults(spoil(of(evidence())))).not.toEqual([])
})

test('the schema lets fields be added', () => {
  const document = of(evidence())
  const more = {
    ...document,
    next: 1,
    sessions: document.sessions.map((each) => ({ ...each, mood: 'good' })),
  }
  expect(faults(more)).toEqual([])
})

test('a live session, as the design has it', () => {
  expect(of(evidence())).toMatchObject({
    version: 1,
    at: '2026-11-22T10:00:00.000Z',
    live: 1,
    total: 1,
    keeper: { pid: 4600, version: '1.0.0', since: '2026-11-22T09:00:00.000Z' },
    sessions: [
      {
        name: 'work',
        cwd: '/home/me/site',
        wanted: true,
        state: 'live',
        remedy: null,
        terminal: { kind: 'tmux', running: true, attached: 0 },
        client: { pid: 4712, version: '2.1.330', activity: 'idle', since: '2026-11-22T09:50:00.000Z' },
        restarts: { total: 0, streak: 0, last: null, nextAt: null },
        channels: [
          {
            account: '@work_bot',
            policy: 'allowlist',
            senders: 1,
            evidence: {
              registered: '2026-11-22T09:50:01.500Z',
              poller: { pid: 4720, ours: true },
              tokenAccepted: '2026-11-22T09:59:30.000Z',
              pending: 0,
            },
          },
        ],
      },
    ],
  })
})

test('a remedy names session and plugin; a state is as old as the keeper saw it begin, else of unknown age', () => {
  const missing = withoutClient({ obstacles: [{ reason: 'plugin-missing', detail: 'gone' }] })
  expect(only(missing)).toMatchObject({
    reason: 'plugin-missing',
    since: null,
    remedy: 'Run `claude plugin install telegram@claude-plugins-official`, then `channels up work`.',
  })
  const since = { '': { state: 'blocked', reason: 'plugin-missing', at: noon - minutes } }
  expect(only({ ...missing, health: { ...newHealth(noon), since } })?.since).toBe('2026-11-22T09:59:00.000Z')
  expect(only({ ...evidence(), health: { ...newHealth(noon), since } })?.since).toBeNull()
})

test.each([
  ['token-missing', 'Run `channels token work --channel discord` with the token of its bot.'],
  ['plugin-missing', 'Run `claude plugin install discord@claude-plugins-official`, then `channels up work`.'],
] as const)('%s of the second channel: its own remedy, wherever it is said', (reason, remedy) => {
  for (const before of [session.channels, [serverChannel, ...session.channels]]) {
    const channels = [...before, discordChannel]
    const obstacles = [{ reason, detail: 'not there', channel: discordChannel.id }]
    const said = only(withChannels(channels, { obstacles }))
    expect(faults(of(withChannels(channels, { obstacles })))).toEqual([])
    expect(said).toMatchObject({ state: 'blocked', reason, remedy, detail: 'discord: not there' })
    expect(said?.channels.map((each) => [each.state, each.remedy])).toEqual(
      channels.map(() => ['blocked', remedy]),
    )
  }
})

test('each channel has its own last message, or none where nobody can tell', () => {
  const lastDelivered = [
    { server: 'pager', at: noon - 7 * 24 * 60 * minutes },
    { server: 'plugin:telegram:telegram', at: noon - minutes },
  ]
  const channels = [...session.channels, discordChannel, serverChannel]
  const seen = (lastInboundAt: number | null) =>
    evidence({
      session: { ...session, channels },
      client: client({ transcript: { ...emptyTranscript, lastDelivered } }),
      channels: channels.map((each) =>
        channel({
          channel: each,
          log: { ...log, lastInboundAt: each === discordChannel ? lastInboundAt : null },
        }),
      ),
    })
  const times = (lastInboundAt: number | null) =>
    only(seen(lastInboundAt))?.channels.map(({ lastMessageAt }) => lastMessageAt)
  const [telegram, pager] = ['2026-11-22T09:59:00.000Z', '2026-11-15T10:00:00.000Z']
  expect(times(null)).toEqual([telegram, null, pager])
  expect(times(noon)).toEqual([telegram, '2026-11-22T10:00:00.000Z', pager])
})

test('restarts: the last end, and when the next try is, while that lies ahead', () => {
  const waiting = { reason: 'client-exited', detail: null, until: noon + 4_000 } as const
  const seen = withoutClient({ run: run({ restarts: 3, streak: 2, exits: [exitRecord()], waiting }) })
  expect(only(seen)?.restarts).toEqual({
    total: 3,
    streak: 2,
    last: {
      at: '2026-11-22T09:50:00.000Z',
      reason: 'client-exited',
      code: null,
      signal: 'SIGKILL',
      downForMs: 800,
    },
    nextAt: '2026-11-22T10:00:04.000Z',
  })
  expect(of(seen, noon + 4_000).sessions[0]?.restarts.nextAt).toBeNull()
})

test('live and total count sessions; one that is not wanted is not live', () => {
  const stopped = evidence({ wanted: wanted({ want: false }), client: null })
  expect(report([evidence(), stopped, withChannel({ poller: no('gone') })], null, noon)).toMatchObject({
    live: 1,
    total: 3,
    keeper: null,
  })
})

test('no token, and of the screen only a dialog nobody knows, is in a report', () => {
  const token = '123456789:AAtest-made-up-token-0123456789abcdef'
  const withToken = {
    ...session,
    environment: { TELEGRAM_BOT_TOKEN: token },
    arguments: ['--x', token],
    client: `/opt/${token}`,
  }
  fc.assert(
    fc.property(anyEvidence, (seen) => {
      const client = seen.client && {
        ...seen.client,
        dialog: seen.client.dialog && { ...seen.client.dialog, text: 'private' },
      }
      const document = of({ ...seen, session: withToken, client })
      const shown = document.sessions.map(({ reason, dialog, ...others }) => {
        if (dialog !== null) expect(reason).toBe('unknown-dialog')
        return others
      })
      expect(JSON.stringify(document)).not.toContain(token)
      expect(JSON.stringify({ ...document, sessions: shown })).not.toContain('private')
    }),
    { numRuns: 300 },
  )
})

test('a dialog that nobody knows is shown, and the journal does not hold it', () => {
  const dialog = { name: 'unknown-dialog', text: 'Pick one:\n 1. private' } as const
  const seen = evidence({ client: client({ file: null, dialog }) })
  expect(only(seen)).toMatchObject({ reason: 'unknown-dialog', dialog: dialog.text })
  expect(faults(of(seen))).toEqual([])
  expect(
    only(evidence({ client: client({ dialog: { ...dialog, name: 'trust-dialog' } }) }))?.dialog,
  ).toBeNull()
  const { effects, state } = step({ health: newHealth(noon), suspicion: null }, seen, noon)
  const later = step(state, { ...seen, at: noon + minutes }, noon + minutes)
  expect(effects.concat(later.effects).some((each) => each.do === 'journal')).toBe(true)
  expect(JSON.stringify([effects, later])).not.toContain('private')
})

test('a session whose records cannot be read is unknown, and says why', () => {
  const document = report([{ session, unreadable: 'Cannot read run.json.' }, evidence()], null, noon)
  expect(faults(document)).toEqual([])
  const found = { state: 'unknown', reason: 'stale-evidence', detail: 'Cannot read run.json.' }
  expect(document.sessions[0]).toMatchObject({ ...found, wanted: false, channels: [found] })
  expect(document.sessions[1]?.state).toBe('live')
})
