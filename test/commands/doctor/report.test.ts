import { expect, test } from 'vitest'
import { reportLines } from '../../../src/commands/doctor/report.ts'
import { yes } from '../../../src/core/answer.ts'
import { examineMachine, examineSession } from '../../../src/core/doctor/examine.ts'
import type { SessionFacts } from '../../../src/core/doctor/facts.ts'
import { type ReasonName, reasons } from '../../../src/core/reasons.ts'
import { channelFacts, machineFacts, sessionFacts } from '../../core/doctor/facts-builder.ts'
import { evidence, exitRecord, noon, run, session } from '../../core/evidence-builder.ts'

const token = '123456789:AAabcdefghijklmnopqrstuvwxyz012345678'
const poison = [
  'secretname',
  'secretbot',
  '/secret/path',
  token,
  'secret screen',
  '123456789',
  'secret-plugin',
]

/** A session in which everything that can be called by a name is called by one that must not be told. */
const poisoned = (reason: ReasonName): SessionFacts => {
  const [first] = session.channels
  if (first === undefined) throw new Error('the session has a channel')
  const channel = {
    ...first,
    id: 'plugin:secret-plugin@secretname',
    account: '@secretbot',
    stateDir: '/secret/path/state',
    kind: 'custom',
  } as const
  const own = {
    ...session,
    name: 'secretname',
    cwd: '/secret/path',
    channels: [channel],
    client: '/secret/path/claude',
  }
  return sessionFacts({
    session: own,
    evidence: evidence({ session: own, channels: [], run: run({ exits: [exitRecord()] }) }),
    obstacles: [{ reason, detail: `secret screen ${token} /secret/path`, channel: channel.id }],
    client: { path: '/secret/path/claude', version: yes('2.1.330') },
    bun: { path: '/secret/path/bun', version: '1.4.5 /secret/path' },
    channels: [channelFacts({ channel, plugin: yes({ root: '/secret/path', version: `9.9 ${token}` }) })],
  })
}

test.each(Object.keys(reasons) as readonly ReasonName[])(
  'nothing of whose it is stands in a report on %s',
  (reason) => {
    const facts = poisoned(reason)
    const machine = machineFacts({
      configFile: '/secret/path/config.json',
      exposed: [{ is: 'open', path: '/secret/path', mode: 0o755, wanted: 0o700 }],
    })
    const results = [...examineMachine(machine, noon), ...examineSession(facts)]
    const text = reportLines(results, { sessions: [facts] }, { version: '1.0.0', platform: 'linux' }).join(
      '\n',
    )
    expect(poison.filter((word) => text.includes(word))).toEqual([])
    expect(text).toContain(`[${reason}]`)
    expect(text).toContain('client 2.1.330')
  },
)
