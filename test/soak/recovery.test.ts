import { expect, test } from 'vitest'
import type { JournalEntry } from '../../src/core/events.ts'
import type { Fault } from './faults/fault.ts'
import type { PlayedFault } from './play.ts'
import { judgeRecovery, type Seen } from './recovery.ts'
import type { Sample } from './watch.ts'

const kind = (more: Partial<Fault> = {}): Fault => ({
  named: ['client-exited', 'starting'],
  forMs: [0, 0],
  deaf: 'until-restart',
  loses: 'queued',
  mutes: true,
  hits: 'session',
  provoke: async () => ({ mend: null }),
  ...more,
})
const fault = (more: Partial<PlayedFault> = {}): PlayedFault => ({
  ...{ atMs: 0, session: 'alpha', kind: 'client-killed', forMs: 0 },
  ...{ at: 10_000, feltAt: 10_000, mendedAt: null, overAt: null, missed: null },
  ...more,
})
const sample = (askedAt: number, state: string, reason: string | null = null, session = 'alpha'): Sample => ({
  session,
  askedAt,
  answeredAt: askedAt + 100,
  state,
  reason,
})
const seen = (samples: readonly Sample[], more: Partial<Seen> = {}): Seen => ({
  samples,
  journal: [],
  registered: [],
  ...more,
})

test('named by status, live again by another client', () => {
  const samples = [
    sample(9_000, 'live'),
    sample(10_500, 'recovering', 'client-exited'),
    sample(11_500, 'starting'),
    sample(12_500, 'live'),
  ]
  const registered = [{ session: 'alpha', at: 12_000 }]
  expect(judgeRecovery(fault(), kind(), seen(samples, { registered }))).toMatchObject({
    namedMs: 600,
    liveMs: 2_600,
    falselyLive: null,
  })
})

test('named by the journal, before status was asked', () => {
  const ended: JournalEntry = {
    ...{ at: 10_050, session: 'alpha', type: 'client-ended', run: 'r', code: null, signal: 'SIGKILL' },
    ...{ reason: 'client-exited', unexplained: true },
  }
  const registered = [{ session: 'alpha', at: 11_000 }]
  const of = (entry: JournalEntry) =>
    judgeRecovery(fault(), kind(), seen([sample(11_200, 'live')], { journal: [entry], registered })).namedMs
  expect(of(ended)).toBe(50)
  expect(of({ ...ended, session: 'beta' })).toBe('brief')
  expect(of({ ...ended, at: 9_999 })).toBe('brief')
  expect(of({ ...ended, at: 30_000 })).toBe('brief')
})

test('called live though no client listens: false once the bound of its reason has passed', () => {
  const found = (samples: readonly Sample[], at: number) =>
    judgeRecovery(fault(), kind(), seen(samples, { registered: [{ session: 'alpha', at }] })).falselyLive
  const late = sample(13_500, 'live')
  // client-exited has 3 s.
  expect(found([sample(12_900, 'live')], 20_000)).toBeNull()
  expect(found([sample(12_900, 'live'), late], 20_000)).toBe(late)
  // It may have begun to listen while status looked.
  expect(found([late], 13_550)).toBeNull()
  expect(found([sample(13_500, 'recovering', 'client-exited')], 20_000)).toBeNull()
  expect(found([sample(13_500, 'live', null, 'beta')], 20_000)).toBeNull()
})

test('a fault that lasts until it is mended: over sooner where another client listens, or it passed by itself', () => {
  const stopped = kind({ named: ['client-stopped'], deaf: 'until-mended' })
  const live = sample(17_000, 'live')
  const found = (more: Partial<PlayedFault>, at: number | null = null) =>
    judgeRecovery(
      fault({ mendedAt: 20_000, ...more }),
      stopped,
      seen([live], { registered: at === null ? [] : [{ session: 'alpha', at }] }),
    ).falselyLive
  expect(found({})).toBe(live)
  expect(found({}, 15_000)).toBeNull()
  expect(found({ overAt: 15_000 })).toBeNull()
  expect(found({ feltAt: 16_000 })).toBeNull()
})

test('live again is counted from the mending; never, where it did not come back', () => {
  const stopped = kind({ named: ['client-stopped'], deaf: 'until-mended' })
  const ill = sample(12_000, 'unknown', 'client-stopped')
  const of = (samples: readonly Sample[]) =>
    judgeRecovery(fault({ mendedAt: 20_000 }), stopped, seen(samples)).liveMs
  expect(of([ill, sample(20_500, 'live')])).toBe(600)
  expect(of([ill])).toBeNull()
  expect(of([sample(12_000, 'live'), sample(21_000, 'live')])).toBe(0)
  // What is wrong half a minute later is another fault's.
  expect(of([sample(12_000, 'live'), sample(50_000, 'unknown')])).toBe(0)
})

test('what did not happen, or was never felt, has nothing to be named', () => {
  const nothing = { namedMs: null, liveMs: null, falselyLive: null }
  const samples = [sample(15_000, 'live')]
  expect(judgeRecovery(fault({ missed: 'no client' }), kind(), seen(samples))).toMatchObject(nothing)
  expect(judgeRecovery(fault({ feltAt: null }), kind(), seen(samples))).toMatchObject(nothing)
})
