import { expect, test } from 'vitest'
import type { Recovery } from './recovery.ts'
import { tellRecoveries } from './table.ts'
import { tellAccount, tellMemory, tellPlan } from './tell.ts'

const recovery = (kind: string, namedMs: Recovery['namedMs'], liveMs: number | null): Recovery => ({
  fault: {
    ...{ atMs: 0, session: 'alpha', kind, forMs: 0, at: 0, feltAt: 0 },
    ...{ mendedAt: null, overAt: null, missed: null },
  },
  namedMs,
  liveMs,
  falselyLive: null,
})

test('for each kind: how often, and median and worst times', () => {
  const told = tellRecoveries([
    recovery('client-killed', 100, 1_000),
    recovery('client-killed', 900, 3_000),
    recovery('client-killed', 300, 2_000),
    recovery('plugin-killed', null, null),
    recovery('plugin-killed', 'brief', 0),
    recovery('cleared', null, 0),
  ])
  expect(told.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['fault', 'felt/planned', 'named: median, worst', 'live again: median, worst'],
    ['client-killed', '3/3', '0.3 s, 0.9 s', '2.0 s, 3.0 s'],
    ['plugin-killed', '2/2', '1 too brief to be; 1 never', '0.0 s, 0.0 s; 1 never'],
    ['cleared', '1/1', 'need not be', '0.0 s, 0.0 s'],
  ])
})

test('the account counts and names', () => {
  const gap = { session: 'alpha', from: 0, to: 1, reason: 'client-exited', unanswered: 1, maybeLost: false }
  const told = tellAccount({
    pushed: 9,
    answered: 5,
    twice: [{ id: 'alpha-0001', times: 3 }],
    unsent: ['alpha-0002'],
    unanswered: [{ id: 'alpha-0003', gap }],
    maybeLost: [],
    unaccounted: [{ id: 'alpha-0004', session: 'alpha', at: 0 }],
  })
  expect(told).toContain('9 sent, 5 answered, 1 of them more than once (2 duplicates)')
  expect(told).toContain('did not get out: 1 (alpha-0002)')
  expect(told).toContain('as unanswered: 1 (alpha-0003 by client-exited)')
  expect(told).toContain('maybe lost: 0\n')
  expect(told).toContain('Unaccounted for: 1 (alpha-0004)')
})

test('the plan says what is to come, memory whether it stays', () => {
  const planned = [
    { atMs: 12_340, session: 'alpha', kind: 'client-suspended', forMs: 4_000 },
    { atMs: 20_000, session: 'beta', kind: 'cleared', forMs: 0 },
  ]
  const told = tellPlan({ totalMs: 60_000, quietFromMs: 40_000, faults: planned, messages: [] })
  expect(told.split('\n').slice(1)).toEqual([
    '   12.3 s  alpha  client-suspended, for 4.0 s',
    '   20.0 s  beta  cleared',
  ])
  const memory = [40, 50].map((mib, at) => ({ at, mib, processes: 18 + at }))
  expect(tellMemory(memory, { second: 40, last: 50, isFlat: false })).toContain('NOT FLAT')
  expect(tellMemory(memory, { second: 40, last: 41, isFlat: true })).toMatch(/: flat\. .*19 at most/)
  expect(tellMemory([], null)).toBe('Keeper: never seen.')
})
