import { describe, expect, test } from 'vitest'
import { examineSession } from '../../../src/core/doctor/examine.ts'
import type { OtherSeen } from '../../../src/core/doctor/facts.ts'
import { isForeign } from '../../../src/core/doctor/foreign.ts'
import { channel, clientProcess, evidence, ownPoller, session, withoutClient } from '../evidence-builder.ts'
import { channelFacts, sessionFacts } from './facts-builder.ts'

const { channel: telegram } = channel()
const other = (change: Partial<OtherSeen> = {}): OtherSeen => ({
  client: { pid: 5000, start: '9' },
  folder: '/home/me/other',
  conversation: null,
  stateDir: telegram.stateDir,
  config: '/home/me/.claude',
  botId: telegram.botId,
  channels: false,
  poller: { pid: 5001, start: '10' },
  session: null,
  age: '3-04:05:06 1.2 %',
  isLeftOver: false,
  ...change,
})
const orphan = { client: null, poller: { pid: 5001, start: '10' } } as const
const look = (...others: readonly OtherSeen[]) => {
  const results = examineSession(sessionFacts({ channels: [channelFacts({ others })] }))
  const { is, found, remedy, fixes } = results.find(({ check }) => check === 'pollers') ?? {}
  return { is, found, remedy, fixes }
}

describe('who else has the bot', () => {
  test.each<[what: string, seen: OtherSeen, expected: object]>([
    [
      'another client',
      other(),
      {
        is: 'failed',
        found: 'client 5000 in /home/me/other, age and CPU 3-04:05:06 1.2 %',
        remedy: expect.stringContaining('/exit'),
      },
    ],
    [
      'a plugin without a client, nobody knows whose',
      other(orphan),
      { is: 'failed', remedy: '`kill 5001` ends it.', fixes: [] },
    ],
    [
      'what an ended client of this session left behind',
      other({ ...orphan, session: 'work', isLeftOver: true }),
      {
        is: 'failed',
        remedy: '`channels doctor work --fix` ends it.',
        fixes: [{ do: 'end-left-over', session: 'work', process: orphan.poller }],
      },
    ],
    ['one with a bot of its own', other({ botId: '7', stateDir: '/elsewhere' }), { is: 'ok' }],
    ['one that only listens in the same folder', other({ poller: null, channels: true }), { is: 'warning' }],
  ])('%s', (_, seen, expected) => {
    expect(look(seen)).toMatchObject(expected)
  })
})

test.each<[what: string, seen: OtherSeen, foreign: boolean]>([
  ['its own client', other({ client: clientProcess, session: 'work' }), false],
  ['its own plugin, whose wrapper has ended', other({ client: null, poller: ownPoller.process }), false],
  ['a client of nobody we know', other(), true],
  ['another client that carries its marker', other({ session: 'work' }), true],
  ['a plugin on its way out', other({ ...orphan, session: 'work' }), false],
  ['what was left behind', other({ ...orphan, session: 'work', isLeftOver: true }), true],
])('%s is foreign to the session: %s', (_, seen, foreign) => {
  expect(isForeign(seen, telegram, evidence())).toBe(foreign)
})

test('while no client is on record, one that carries the marker may be it', () => {
  expect(isForeign(other({ session: session.name }), telegram, withoutClient())).toBe(false)
})
