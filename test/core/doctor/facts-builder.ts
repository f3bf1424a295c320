import { yes } from '../../../src/core/answer.ts'
import type { ChannelFacts, MachineFacts, SessionFacts } from '../../../src/core/doctor/facts.ts'
import { evidence, noon, platform, session } from '../evidence-builder.ts'

const [telegram] = session.channels
if (telegram === undefined) throw new Error('the session has a channel')

export const channelFacts = (change: Partial<ChannelFacts> = {}): ChannelFacts => ({
  channel: telegram,
  plugin: yes({ root: '/home/me/.claude/plugins/telegram', version: '0.0.7' }),
  enabled: false,
  brokenSettings: null,
  tokenTrouble: null,
  alsoIn: null,
  outdoes: null,
  platform: platform(),
  listens: null,
  clockAheadMs: 300,
  others: [],
  needsAuthAt: null,
  ...change,
})

/** A session that is live at `noon`, and lacks nothing, but for what is changed. */
export const sessionFacts = (change: Partial<SessionFacts> = {}): SessionFacts => ({
  at: noon,
  session,
  evidence: evidence(),
  obstacles: [],
  likely: [],
  tornWanted: null,
  client: { path: '/usr/bin/claude', version: yes('2.1.330') },
  oldest: '2.1.80',
  isOutdated: false,
  login: yes({ method: 'claude.ai', expiresAt: '2026-12-24T10:00:00.000Z' }),
  loginFault: null,
  bun: { path: '/usr/bin/bun', version: '1.4.5' },
  multiplexer: yes('3.3a'),
  trusted: true,
  node: '20.20.2',
  greetedAt: null,
  channels: [channelFacts()],
  ...change,
})

export const machineFacts = (change: Partial<MachineFacts> = {}): MachineFacts => ({
  configFile: '/home/me/.config/channels/config.json',
  sessions: 1,
  configFault: null,
  wanted: true,
  exposed: [],
  disks: [{ path: '/home/me/.local/state/channels', freeBytes: 2 ** 40 }],
  keeper: { keeper: keeperRecord, suspended: false, lookedAt: noon - 1_000 },
  keeperFault: null,
  version: '1.0.0',
  service: { is: 'installed', startsAt: 'boot', problems: [] },
  allUp: true,
  exported: [],
  ...change,
})

const keeperRecord = {
  format: 1,
  pid: 4600,
  start: '50',
  version: '1.0.0',
  since: noon - 3_600_000,
  where: 'terminal',
  machine: null,
} as const
