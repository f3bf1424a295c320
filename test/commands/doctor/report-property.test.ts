import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reportLines } from '../../../src/commands/doctor/report.ts'
import { no, yes } from '../../../src/core/answer.ts'
import { checkNames } from '../../../src/core/doctor/checks.ts'
import { examineMachine, examineSession } from '../../../src/core/doctor/examine.ts'
import type { MachineFacts, SessionFacts } from '../../../src/core/doctor/facts.ts'
import { examineUnreadable } from '../../../src/core/doctor/unreadable.ts'
import { kinds } from '../../../src/core/kinds.ts'
import { reasons } from '../../../src/core/reasons.ts'
import { channelFacts, machineFacts, sessionFacts } from '../../core/doctor/facts-builder.ts'
import { anyEvidence } from '../../core/evidence-arbitrary.ts'
import { exitRecord, noon, platform, run } from '../../core/evidence-builder.ts'

/** Words of ours: where a field may hold nothing else. All other text comes from a file, a program or a person. */
const words = new Set([
  ...Object.keys(reasons),
  ...Object.keys(kinds),
  ...checkNames,
  ...'yes no unknown tmux screen idle busy waiting shell accepted rejected allowlist pairing disabled'.split(
    ' ',
  ),
  ...'ask full summary accept message-content server boot login installed none terminal foreground'.split(
    ' ',
  ),
  ...'open elsewhere foreign gate not-listed connection-closed limit other up setup down idle now person environment file'.split(
    ' ',
  ),
  ...'not installed'.split('|'),
])

/** What must not be told, each in the places of something else; all hold `zora` or a long number. */
const secrets = [
  'zora',
  '/home/zora/site',
  '@zora_bot',
  'zora@example.org',
  `123456789:AA${'zora'.repeat(8)}`,
  '4242424242',
  '-1004242424242',
  '2.1.330-zora',
  '2.1.330 zora',
  '2.1.330\nzora',
  'next-zora',
  '1.4.4242424242',
  '192.168.42.42',
  '42424242-4242-4242-8242-424242424242',
  '$(touch zora)',
] as const
const leak = /zora|42424242|192\.168|\$\(/i

/** The same with every text a secret in its place: the same text the same one, so that what belongs together still does. */
const plant = <T>(value: T, secretOf: (text: string) => string): T => {
  if (typeof value === 'string') return (words.has(value) ? value : secretOf(value)) as T
  if (Array.isArray(value)) return value.map((each) => plant(each, secretOf)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plant(each, secretOf)])) as T
}

/** Each text its own, so that ids still tell channels apart. */
const planter = (first: number) => {
  const known = new Map<string, string>()
  return (text: string): string => {
    const at = first + known.size
    const secret = secrets[at % secrets.length] ?? ''
    const again = known.size < secrets.length ? secret : `${secret}${at}`
    known.set(text, known.get(text) ?? again)
    return known.get(text) ?? ''
  }
}

const sessions: fc.Arbitrary<SessionFacts> = fc
  .record({
    evidence: anyEvidence,
    exits: fc.array(fc.constantFrom('client-exited', 'asked', 'of a later release')),
    obstacle: fc.option(fc.constantFrom(...Object.keys(reasons))),
    client: fc.constantFrom(yes('2.1.330'), no('not there')),
    bun: fc.constantFrom('1.4.5', null),
  })
  .map(({ evidence, exits, obstacle, client, bun }) => {
    const channels = evidence.channels.map(({ channel }) => channel)
    const session = { ...evidence.session, channels }
    const record = run({ exits: exits.map((reason) => exitRecord({ reason: reason as 'asked' })) })
    return sessionFacts({
      session,
      evidence: { ...evidence, session, run: evidence.run === null ? null : record },
      obstacles:
        obstacle === null
          ? []
          : [{ reason: obstacle as keyof typeof reasons, detail: 'seen', channel: 'one' }],
      client: { path: '/usr/bin/claude', version: client },
      bun: { path: '/usr/bin/bun', version: bun },
      channels: channels.map((channel) =>
        channelFacts({
          channel,
          alsoIn: 'play',
          outdoes: { variable: 'TELEGRAM_BOT_TOKEN', file: '/settings.json' },
          platform: platform({ webhook: 'example.com', detail: 'said' }),
        }),
      ),
    })
  })

const machine: MachineFacts = machineFacts({
  exposed: [
    { is: 'open', path: '/state', mode: 0o755, wanted: 0o700 },
    { is: 'elsewhere', path: '/state/a', target: '/b', own: false, mode: 0o644, wanted: 0o600 },
    { is: 'foreign', path: '/state/c', root: '/state' },
  ],
  exported: ['TELEGRAM_BOT_TOKEN'],
  service: { is: 'installed', startsAt: 'login', problems: [{ problem: 'a path', remedy: 'a command' }] },
})

const report = (facts: SessionFacts, of: MachineFacts, isReadable: boolean): string => {
  const own = isReadable ? examineSession(facts) : examineUnreadable(facts.session, 'a path', 'a path')
  const results = [...examineMachine(of, noon), ...own]
  const sessionsSeen = isReadable ? [facts] : []
  return reportLines(results, { sessions: sessionsSeen }, { version: '1.0.0', platform: 'linux' }).join('\n')
}

test('whatever stands in whichever field, a report tells none of it', () => {
  fc.assert(
    fc.property(sessions, fc.nat(), fc.boolean(), (facts, first, isReadable) => {
      const secretOf = planter(first)
      const text = report(plant(facts, secretOf), plant(machine, secretOf), isReadable)
      expect(leak.exec(text)?.[0]).toBeUndefined()
      expect(text).toContain('session 1: ')
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['2.1.330', '2.1.330'],
  ['3.3a', '3.3a'],
  ['1.5.0-beta.2', '1.5.0-beta.2'],
  ['2.1.330-zora', 'of a version that is not told'],
  ['123456789', 'of a version that is not told'],
  ['10.0.0.7', 'of a version that is not told'],
])('of the version %s a report tells: %s', (version, told) => {
  const facts = sessionFacts({ client: { path: '/usr/bin/claude', version: yes(version) } })
  expect(report(facts, machine, true)).toContain(`, client ${told}, `)
})

test('a session whose records can’t be read stands in it, too, its channels by their place', () => {
  const facts = sessionFacts()
  const [first] = facts.session.channels
  if (first === undefined) throw new Error('the session has a channel')
  const two = { ...facts.session, channels: [first, { ...first, id: 'plugin:telegram@other' }] }
  const text = report({ ...facts, session: two }, machine, false)
  expect(text).toContain('session 1: its records can’t be read\n  failed       records\n')
  expect(text).toContain('not-checked  plugin of channel 2 (needs records)')
})
