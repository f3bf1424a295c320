import fc from 'fast-check'
import { no, unknown, yes } from '../../src/core/answer.ts'
import { type Activity, emptyTranscript } from '../../src/core/client.ts'
import type { ChannelEvidence, ClientEvidence, Evidence } from '../../src/core/evidence.ts'
import {
  channel,
  client,
  evidence,
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
  silentKeeper,
  thief,
  wanted,
} from './evidence-builder.ts'

/** Mostly what is well, so that several things at once seldom hide each other. */
const mostly = <T>(well: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(well) },
    { weight: others.length, arbitrary: fc.constantFrom(...others) },
  )

const ago = fc.oneof(fc.nat(40 * seconds), fc.nat(12 * minutes)).map((ms) => noon - ms)
const note = <Why extends string>(...why: Why[]) =>
  fc.record({ at: ago, why: fc.constantFrom(...why), text: fc.constant('said') })

const logs = fc.record({
  startedAt: fc.option(ago, { freq: 5 }),
  connectedAt: fc.option(ago, { freq: 5 }),
  registeredAt: fc.option(ago, { freq: 5 }),
  skipped: fc.option(
    note('gate', 'org-policy', 'not-allowlisted', 'not-listed', 'login', 'not-a-channel', 'unknown'),
    {
      freq: 1,
    },
  ),
  failed: fc.option(note('token-missing', 'bun-missing', 'port-taken', 'connection-closed', 'unknown'), {
    freq: 1,
  }),
  tokenRejected: mostly(null, { at: noon, why: 'token-rejected' as const, text: '401' }),
  closingAt: mostly(null, noon),
})

const channels: fc.Arbitrary<ChannelEvidence> = fc.record({
  channel: fc.constant(channel().channel),
  log: fc.oneof(
    { weight: 6, arbitrary: fc.constant(log) },
    { weight: 4, arbitrary: logs.map((made) => ({ ...log, ...made })) },
    fc.constant(null),
  ),
  slotTakenAt: mostly<number | null>(null, noon - 20 * minutes, noon - seconds),
  connected: fc.constantFrom('yes' as const, 'no' as const, 'unknown' as const),
  needsAuthAt: mostly<number | null>(null, noon - minutes),
  poller: mostly<ChannelEvidence['poller']>(
    yes(ownPoller),
    yes(thief),
    yes({ ...ownPoller, ours: 'unknown' }),
    yes({ ...ownPoller, suspended: true }),
    no('gone'),
    unknown('unreadable'),
  ),
  access: mostly<ChannelEvidence['access']>(
    yes({ policy: 'allowlist', senders: ['42'], pending: [] }),
    yes({
      policy: 'pairing',
      senders: [],
      pending: [
        { code: 'a1b2c3', senderId: '7', chatId: '7', createdAt: noon, expiresAt: noon + 60 * minutes },
      ],
    }),
    unknown('unreadable'),
  ),
  platform: fc.oneof(
    { weight: 5, arbitrary: fc.constant(platform()) },
    fc.constant(null),
    fc.record({
      at: fc.oneof(ago, fc.constant(noon + 9 * minutes)),
      botId: fc.constant('123456789'),
      token: fc.constantFrom('accepted' as const, 'rejected' as const, 'unknown' as const),
      account: fc.constantFrom(null, '@work_bot'),
      pending: fc.option(fc.nat(9)),
      pendingSince: fc.option(ago, { freq: 1 }),
      webhook: mostly(null, 'example.org'),
      lacks: mostly<'message-content' | 'server' | null>(null, 'message-content', 'server'),
      detail: fc.constant(null),
      trouble: fc.option(
        fc.record({ since: ago, times: fc.integer({ min: 1, max: 4 }), detail: fc.constant('no route') }),
      ),
    }),
  ),
})

const files = fc
  .record({
    activity: mostly<Activity>('idle', 'busy', 'waiting', 'shell', 'unknown'),
    waitingFor: fc.constantFrom(null, 'permission prompt', 'approve Bash', 'dialog open', 'answer'),
    conversation: fc.constantFrom(
      '11111111-1111-4111-8111-111111111111',
      '22222222-2222-4222-8222-222222222222',
      null,
    ),
  })
  .map((made) => sessionFile(made))

const clients: fc.Arbitrary<ClientEvidence> = fc.record({
  process: fc.constant(client().process),
  suspended: mostly(false, true),
  replaced: mostly(false, true),
  installed: mostly<ClientEvidence['installed']>(
    { version: '2.1.330', another: false, runs: 'yes' },
    { version: '2.1.331', another: true, runs: 'yes' },
    { version: '2.1.331', another: true, runs: 'unknown' },
    { version: null, another: true, runs: 'no' },
    null,
  ),
  file: fc.option(files, { freq: 8 }),
  transcript: mostly<ClientEvidence['transcript']>(
    emptyTranscript,
    null,
    {
      ...emptyTranscript,
      apiFailure: { at: noon, status: 401, error: 'authentication_failed', resetsAt: null },
    },
    { ...emptyTranscript, apiFailure: { at: noon, status: 529, error: null, resetsAt: null } },
    { ...emptyTranscript, apiFailure: { at: noon, status: 429, error: null, resetsAt: noon + 60 * minutes } },
    {
      ...emptyTranscript,
      retrying: { since: noon - minutes, at: noon - seconds, times: 5, status: null, nextAt: null },
    },
  ),
  dialog: mostly<ClientEvidence['dialog']>(
    null,
    { name: 'trust-dialog', text: 'private' },
    { name: 'unknown-dialog', text: 'private' },
    { name: 'resume-dialog', text: 'private' },
  ),
  retry: mostly<ClientEvidence['retry']>(
    null,
    { cause: 'login', nextAt: noon + seconds, attempt: 4 },
    { cause: 'limit', nextAt: noon + 60 * minutes, attempt: 1 },
    { cause: 'other', nextAt: null, attempt: 12 },
  ),
})

/** Evidence of one session at `noon`, of all sorts. */
export const anyEvidence: fc.Arbitrary<Evidence> = fc.record({
  at: fc.constant(noon),
  session: mostly(session, { ...session, dialogs: { resume: 'full', development: 'accept' } }),
  wanted: mostly<Evidence['wanted']>(
    wanted(),
    null,
    wanted({ want: false }),
    wanted({ generation: 2 }),
    wanted({ generation: 2, when: 'idle', at: noon - seconds }),
  ),
  orders: mostly<Evidence['orders']>(null, {
    ...{ format: 1, run: 'run-1', ended: 'login-expired', fresh: false },
    hold: { reason: 'login-expired', until: noon + 60 * minutes },
  }),
  login: mostly<Evidence['login']>(
    null,
    { credentialsAt: null, checked: null },
    { credentialsAt: noon, checked: { at: noon, is: 'yes', credentialsAt: noon } },
  ),
  run: mostly<Evidence['run']>(run(), run({ startedAt: noon - seconds }), run({ resumed: true }), null),
  health: fc.constant(null),
  keeper: fc.constantFrom(evidence().keeper, null),
  silentKeeper: fc.constantFrom(null, silentKeeper(noon - 14 * minutes), silentKeeper(null)),
  obstacles: mostly<Evidence['obstacles']>(
    [],
    [{ reason: 'bun-missing', detail: 'no bun' }],
    [{ reason: 'multiplexer-missing', detail: '' }],
    [{ reason: 'plugin-missing', detail: 'not there', channel: 'plugin:telegram@other' }],
  ),
  terminal: fc.record({
    loop: mostly<Evidence['terminal']['loop']>(loop, null),
    attached: fc.nat(2),
    launchFailed: mostly<Evidence['terminal']['launchFailed']>(null, { status: 70, at: noon }),
  }),
  client: fc.option(clients, { freq: 8 }),
  stray: fc.constant(null),
  channels: fc
    .array(channels, { minLength: 1, maxLength: 2 })
    .map((list) =>
      list.map((each, i) =>
        i === 0 ? each : { ...each, channel: { ...each.channel, id: 'plugin:telegram@other' } },
      ),
    ),
})
