import { expect, test } from 'vitest'
import { up } from '../../src/commands/up.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { emptySettings } from '../../src/core/settings.ts'
import type { Deps } from '../../src/deps.ts'
import { evidence, exitRecord, noon, run, session, wanted, withoutClient } from '../core/evidence-builder.ts'

type Given = {
  readonly listened?: boolean
  /** What is wanted by the time the lock is held. */
  readonly recorded?: Evidence['wanted']
}

/** Brings it up, told to wait for nothing; which locks it took, and what was ordered. */
const play = async (seen: Evidence, { listened = false, recorded = seen.wanted }: Given = {}) => {
  const locks: string[] = []
  const orders: unknown[] = []
  const deps = {
    settings: { read: () => ({ ...emptySettings, sessions: { work: session } }) },
    clock: { now: () => noon, elapsed: () => 0 },
    folders: { session: () => ({ up: 'up', wanted: 'wanted', listened: 'listened' }) },
    files: {
      changedAt: (path: string) => (path === 'listened' && listened ? noon : null),
      writeText: () => undefined,
      makeFolder: () => undefined,
      checks: { wanted: null },
      readRecord: () => recorded,
      writeRecord: (_: string, record: unknown) => orders.push(record),
    },
    claude: { isExecutableFile: () => true, findProgram: () => '/bin/bun' },
    channels: { messengerOf: () => null },
    output: { say: () => undefined, print: () => undefined },
    journal: { append: () => undefined },
    withLock: (path: string, action: () => Promise<unknown>) => {
      locks.push(path)
      return action()
    },
    untilNotStopping: async () => undefined,
    observe: async () => seen,
    probe: async () => ({}),
    findOthers: async () => [],
    preflight: async () => undefined,
    ensureKeeper: async () => undefined,
    carryOut: async () => undefined,
  } as unknown as Deps
  const options = { wait: false, timeoutMs: 1_000, attach: false, listen: true }
  const status = await up(['work'], options, deps)
  return { status, locks, orders: orders.length }
}

const noLoop = { ...evidence().terminal, loop: null }
const starting = withoutClient({ wanted: wanted({ at: noon }), terminal: noLoop, run: run({ exits: [] }) })
const lost = withoutClient({
  wanted: wanted({ at: noon - 60_000, by: 'up' }),
  terminal: noLoop,
  run: run({ exits: [exitRecord({ run: run().run, at: noon - 5_000, code: null, signal: 'SIGKILL' })] }),
})
const stopped = withoutClient({ wanted: wanted({ want: false }), terminal: noLoop, run: null })

test.each<[string, Evidence, Given, Awaited<ReturnType<typeof play>>]>([
  ['live: nobody is waited for', evidence(), {}, { status: 0, locks: [], orders: 0 }],
  ['on its way: neither', starting, {}, { status: 0, locks: [], orders: 0 }],
  [
    'stopped: one listens and asks at a time',
    stopped,
    {},
    { status: 0, locks: ['up', 'up', 'wanted'], orders: 1 },
  ],
  [
    'stopped, and somebody listened just now',
    stopped,
    { listened: true },
    { status: 0, locks: ['up', 'wanted'], orders: 1 },
  ],
  [
    'lost with its terminal, and another `up` asked since',
    lost,
    { recorded: wanted({ at: noon - 1, by: 'up' }) },
    { status: 0, locks: ['up'], orders: 0 },
  ],
  [
    'lost with its terminal, and something else was asked since',
    lost,
    { recorded: wanted({ at: noon - 1, want: false, by: 'down' }) },
    { status: 0, locks: ['up', 'wanted'], orders: 1 },
  ],
  ['lost with its terminal', lost, {}, { status: 0, locks: ['up', 'wanted'], orders: 1 }],
])('a session that is %s', async (_, seen, given, expected) => {
  expect(await play(seen, given)).toEqual(expected)
})
