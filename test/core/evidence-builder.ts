import { no, yes } from '../../src/core/answer.ts'
import type { Channel } from '../../src/core/channel.ts'
import { emptyMcpLog, emptyTranscript } from '../../src/core/client.ts'
import type { ChannelEvidence, ClientEvidence, Evidence, Poller } from '../../src/core/evidence.ts'
import type { ExitRecord, KeeperRecord, PlatformRecord, Run, Wanted } from '../../src/core/records.ts'
import { defaultDialogs, defaultNotify, defaultRestart, type Session } from '../../src/core/session.ts'

/** 2026-11-22T10:00:00.000Z. */
export const noon = 1_795_341_600_000
export const seconds = 1_000
export const minutes = 60_000

const telegram = 'plugin:telegram@claude-plugins-official'
export const firstConversation = '11111111-1111-4111-8111-111111111111'

export const session: Session = {
  name: 'work',
  cwd: '/home/me/site',
  channels: [
    {
      id: telegram,
      kind: 'telegram',
      stateDir: '/home/me/.claude/channels/telegram-work',
      account: '@work_bot',
      botId: '123456789',
      development: false,
      server: null,
      agreedIn: null,
    },
  ],
  multiplexer: 'tmux',
  exclusive: true,
  trustRecorded: false,
  permissionMode: null,
  skipPermissions: false,
  arguments: [],
  environment: {},
  client: '/usr/bin/claude',
  bun: null,
  restart: defaultRestart,
  dialogs: defaultDialogs,
  notify: defaultNotify,
}

export const loop = { pid: 4700, start: '100' } as const
export const clientProcess = { pid: 4712, start: '200' } as const
export const ownPoller: Poller = {
  process: { pid: 4720, start: '300' },
  ours: 'yes',
  suspended: false,
  owner: null,
}
export const thief: Poller = {
  process: { pid: 5001, start: '400' },
  ours: 'no',
  suspended: false,
  owner: { pid: 5000, folder: '/home/me/other' },
}

export const wanted = (change: Partial<Wanted> = {}): Wanted => ({
  format: 1,
  want: true,
  generation: 1,
  conversation: null,
  fresh: false,
  by: 'up',
  when: 'now',
  at: noon - 10 * minutes,
  ...change,
})

export const run = (change: Partial<Run> = {}): Run => ({
  format: 1,
  run: 'run-1',
  loop,
  machine: null,
  protocol: 1,
  generation: 1,
  conversation: firstConversation,
  resumed: false,
  cwd: null,
  botIds: null,
  client: null,
  interrupted: false,
  startedAt: noon - 10 * minutes,
  waiting: null,
  streak: 0,
  restarts: 0,
  exits: [],
  ...change,
})

export const exitRecord = (change: Partial<ExitRecord> = {}): ExitRecord => ({
  at: noon - 10 * minutes,
  run: 'run-0',
  code: null,
  signal: 'SIGKILL',
  unexplained: true,
  reason: 'client-exited',
  downForMs: 800,
  promised: null,
  unanswered: 0,
  ...change,
})

export const platform = (change: Partial<PlatformRecord> = {}): PlatformRecord => ({
  at: noon - 30 * seconds,
  botId: '123456789',
  token: 'accepted',
  account: '@work_bot',
  pending: 0,
  webhook: null,
  lacks: null,
  detail: null,
  pendingSince: null,
  trouble: null,
  ...change,
})

export const log = {
  ...emptyMcpLog,
  startedAt: noon - 10 * minutes,
  connectedAt: noon - 10 * minutes + 400,
  registeredAt: noon - 10 * minutes + 1_500,
  conversations: [firstConversation],
  conversation: firstConversation,
}

export const channel = (change: Partial<ChannelEvidence> = {}): ChannelEvidence => ({
  channel: session.channels[0] ?? {
    id: telegram,
    kind: 'telegram',
    stateDir: '/',
    account: null,
    botId: null,
    development: false,
    server: null,
    agreedIn: null,
  },
  log,
  poller: yes(ownPoller),
  slotTakenAt: null,
  connected: 'unknown',
  needsAuthAt: null,
  access: yes({ policy: 'allowlist', senders: ['42'], pending: [] }),
  platform: platform(),
  ...change,
})

export const sessionFile = (change: Partial<NonNullable<ClientEvidence['file']>> = {}) => ({
  pid: clientProcess.pid,
  procStart: clientProcess.start,
  conversation: firstConversation,
  cwd: session.cwd,
  version: '2.1.330',
  activity: 'idle' as const,
  waitingFor: null,
  statusUpdatedAt: noon - 5 * minutes,
  ...change,
})

export const client = (change: Partial<ClientEvidence> = {}): ClientEvidence => ({
  process: clientProcess,
  suspended: false,
  replaced: false,
  installed: null,
  file: sessionFile(),
  transcript: emptyTranscript,
  dialog: null,
  retry: null,
  ...change,
})

const keeper: KeeperRecord = {
  format: 1,
  pid: 4600,
  start: '50',
  version: '1.0.0',
  since: noon - 60 * minutes,
  where: 'terminal',
  machine: null,
}

/** The same keeper where it looks no more. */
export const silentKeeper = (lookedAt: number | null): Evidence['silentKeeper'] => ({
  keeper,
  suspended: false,
  lookedAt,
})

/** A session that is live at `noon`, but for what is changed. */
export const evidence = (change: Partial<Evidence> = {}): Evidence => ({
  at: noon,
  session,
  wanted: wanted(),
  orders: null,
  run: run(),
  health: null,
  keeper,
  silentKeeper: null,
  obstacles: [],
  terminal: { loop, attached: 0, launchFailed: null },
  client: client(),
  stray: null,
  channels: [channel()],
  login: null,
  ...change,
})

/** Channels of other kinds beside the session's own. */
export const discordChannel: Channel = {
  id: 'plugin:discord@claude-plugins-official',
  kind: 'discord',
  stateDir: '/home/me/.claude/channels/discord-work',
  account: '@work-bot',
  botId: '987654321012345678',
  development: false,
  server: null,
  agreedIn: null,
}
export const serverChannel: Channel = {
  id: 'server:pager',
  kind: 'custom',
  stateDir: '/home/me/.claude/channels/server-pager',
  account: null,
  botId: null,
  development: false,
  server: null,
  agreedIn: null,
}

/** The same evidence of a session with these channels, none of which has a client. */
export const withChannels = (channels: readonly Channel[], change: Partial<Evidence> = {}): Evidence =>
  withoutClient({
    session: { ...session, channels },
    channels: channels.map((each) => channel({ channel: each, log: null, poller: no('gone') })),
    ...change,
  })

/** The same with the client gone. */
export const withoutClient = (change: Partial<Evidence> = {}): Evidence =>
  evidence({
    client: null,
    channels: [channel({ log: null, poller: no('the process in bot.pid (4720) is gone') })],
    ...change,
  })

/** The same with its plugin in another state. */
export const withChannel = (change: Partial<ChannelEvidence>, others: Partial<Evidence> = {}): Evidence =>
  evidence({ channels: [channel(change)], ...others })

/** So that whatever is changed in place is found out. */
export const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const each of Object.values(value)) freeze(each)
  }
  return value
}
