import { expect, test } from 'vitest'
import type { Access } from '../../src/core/access.ts'
import { no, unknown, yes } from '../../src/core/answer.ts'
import type { Channel } from '../../src/core/channel.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { type Remark, remarkFor, remarksOf } from '../../src/core/remarks.ts'
import { judge } from '../../src/core/verdict.ts'
import {
  client,
  evidence,
  minutes,
  noon,
  sessionFile,
  silentKeeper,
  wanted,
  withChannel,
} from './evidence-builder.ts'

const access = (change: Partial<Access>): Evidence =>
  withChannel({ access: yes({ policy: 'allowlist', senders: ['42'], pending: [], ...change }) })

const told = {
  unpaired: [access({ senders: [] }), access({ senders: [], policy: 'pairing' })],
  'policy-open': [access({ policy: 'pairing' })],
  'keeper-missing': [evidence({ keeper: null })],
  'keeper-silent': [
    evidence({ keeper: null, silentKeeper: silentKeeper(noon - 14 * minutes) }),
    evidence({ keeper: null, silentKeeper: silentKeeper(null) }),
  ],
  'resume-dialog': [
    evidence({ client: client({ dialog: { name: 'resume-dialog', text: 'private' } }) }),
    evidence({
      client: client({
        file: sessionFile({ activity: 'waiting', waitingFor: 'dialog open' }),
        dialog: { name: 'resume-dialog', text: 'private' },
      }),
    }),
  ],
  'client-outdated-on-disk': [evidence({ client: client({ replaced: true }) })],
  'client-updated': [
    evidence({ client: client({ installed: { version: '2.1.331', another: true, runs: 'yes' } }) }),
  ],
} as const satisfies Readonly<Record<Remark, readonly Evidence[]>>

for (const [remark, cases] of Object.entries(told))
  test.each(cases.map((each, i) => [i + 1, each] as const))(
    `${remark}, case %i, and no less live`,
    (_, seen) => {
      expect(remarksOf(seen)).toEqual([remark])
      expect(judge(seen, noon)).toMatchObject({ state: 'live', remarks: [remark] })
    },
  )

test.each([
  ['all well', evidence()],
  ['an access list that could not be read', withChannel({ access: unknown('unreadable') })],
  [
    'an update that is not known to run',
    evidence({ client: client({ installed: { version: '2.1.331', another: true, runs: 'no' } }) }),
  ],
  [
    'another file of the same version',
    evidence({ client: client({ installed: { version: '2.1.330', another: true, runs: 'yes' } }) }),
  ],
  [
    'an update where none is to be followed',
    evidence({
      session: { ...evidence().session, restart: { ...evidence().session.restart, updateMs: null } },
      client: client({ installed: { version: '2.1.331', another: true, runs: 'yes' } }),
    }),
  ],
  [
    'no keeper for what is not wanted',
    evidence({
      keeper: null,
      silentKeeper: silentKeeper(noon - 14 * minutes),
      wanted: wanted({ want: false }),
      client: null,
    }),
  ],
  [
    'iMessage, to which its own person may always write',
    withChannel({
      channel: { ...evidence().channels[0]?.channel, kind: 'imessage' } as Channel,
      access: yes({ policy: 'allowlist', senders: [], pending: [] }),
    }),
  ],
  [
    'fakechat, that has no list',
    withChannel({
      channel: { ...evidence().channels[0]?.channel, kind: 'fakechat' } as Channel,
      access: no('fakechat hears whoever reaches it'),
    }),
  ],
])('%s is worth no remark', (_, seen) => {
  expect(remarksOf(seen)).toEqual([])
})

test('several are told together, each once', () => {
  const open = access({ policy: 'pairing' })
  expect(remarksOf({ ...open, keeper: null, channels: [...open.channels, ...open.channels] })).toEqual([
    'policy-open',
    'keeper-missing',
  ])
})

const closed = { id: 'plugin:telegram@m', kind: 'telegram', policy: 'allowlist', senders: 1 } as const

test.each([
  ['unpaired', { policy: 'pairing', senders: 0 }, '`channels pair work --channel discord`'],
  ['policy-open', { senders: 2 }, '`channels access work policy allowlist --channel discord`'],
] as const)('%s of a session with two bots says which', (remark, change, command) => {
  const open = { id: 'plugin:discord@m', kind: 'discord', policy: 'pairing', ...change } as const
  expect(remarkFor(remark, { name: 'work', channels: [closed, open] })).toContain(command)
})

test.each([
  ['unpaired', 'channels pair work'],
  ['policy-open', 'channels access work policy allowlist'],
  ['keeper-missing', 'channels up work'],
  ['keeper-silent', 'channels doctor work'],
  ['client-outdated-on-disk', 'channels restart work'],
] as const satisfies readonly (readonly [Remark, string])[])(
  '%s names the command for this session',
  (remark, command) => {
    expect(Object.keys(told)).toContain(remark)
    expect(remarkFor(remark, { name: 'work', channels: [closed] })).toContain(`\`${command}\``)
    expect(remarkFor(remark, { name: 'work', channels: [closed] })).not.toMatch(/[<>]/)
  },
)
