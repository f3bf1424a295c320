import { expect, test } from 'vitest'
import { type Facts, type Gap, type Hit, settleAccount } from './accountant.ts'

const minute = 60_000
const message = (n: number, at: number, session = 'alpha') => ({
  id: `${session}-${String(n).padStart(4, '0')}`,
  session,
  at,
})
const gap = (more: Partial<Gap>): Gap => ({
  session: 'alpha',
  from: 10 * minute,
  to: 11 * minute,
  reason: 'client-exited',
  unanswered: null,
  maybeLost: false,
  ...more,
})
const hit = (more: Partial<Hit> = {}): Hit => ({
  session: 'alpha',
  at: 10 * minute - 1_000,
  until: 10 * minute,
  loses: 'queued',
  mutes: false,
  ...more,
})
const facts = (more: Partial<Facts>): Facts => ({
  messages: [message(1, 10 * minute)],
  sent: [],
  workedOn: new Map(),
  gaps: [],
  hits: [],
  ...more,
})

test('answered once, twice, and in the output of a command', () => {
  const account = settleAccount(
    facts({
      messages: [message(1, 0), message(2, 1), message(3, 2), message(11, 3)],
      sent: ['echo: alpha-0001', 'echo: alpha-0002', 'echo: alpha-0002', 'alpha-0003', 'echo: alpha-0011'],
    }),
  )
  expect(account).toEqual({
    pushed: 4,
    answered: 4,
    twice: [{ id: 'alpha-0002', times: 2 }],
    unsent: [],
    unanswered: [],
    maybeLost: [],
    unaccounted: [],
  })
})

test('a message nobody says a word about is unaccounted for, whoever else was answered', () => {
  const account = settleAccount(facts({ sent: ['echo: alpha-00010', 'echo: beta-0001'] }))
  expect(account).toMatchObject({ answered: 0, unaccounted: [{ id: 'alpha-0001' }] })
})

test('worked on, though the answer did not get out: where a fault kept it from that, and only there', () => {
  const workedOn = new Map([['alpha-0001', 10 * minute + 5_000]])
  const of = (hits: readonly Hit[]) => settleAccount(facts({ workedOn, hits }))
  expect(of([hit({ mutes: true })])).toMatchObject({ unsent: ['alpha-0001'], unaccounted: [] })
  for (const hits of [
    [],
    [hit()],
    [hit({ mutes: true, session: 'beta' })],
    [hit({ mutes: true, at: 9 * minute, until: 9 * minute + 40_000 })],
    [hit({ mutes: true, at: 10 * minute + 8_000, until: 11 * minute })],
  ])
    expect(of(hits)).toMatchObject({ unsent: [], unaccounted: [{ id: 'alpha-0001' }] })
})

test('a gap that counts what is unanswered takes so many and no more', () => {
  const messages = [1, 2, 3].map((n) => message(n, 10 * minute - 2_000 + n))
  const account = settleAccount(facts({ messages, gaps: [gap({ unanswered: 2 })], hits: [hit()] }))
  expect(account.unanswered.map(({ id }) => id)).toEqual(['alpha-0001', 'alpha-0002'])
  expect(account.unaccounted.map(({ id }) => id)).toEqual(['alpha-0003'])
})

test('of two gaps in reach the one that ends first is filled first, so that all find room', () => {
  const gaps = [
    gap({ from: 10 * minute + 1_000, to: 12 * minute, unanswered: 1 }),
    gap({ from: 10 * minute, to: 10 * minute + 500, unanswered: 1 }),
  ]
  const messages = [message(1, 10 * minute), message(2, 11 * minute)]
  expect(settleAccount(facts({ messages, gaps, hits: [hit()] }))).toMatchObject({ unaccounted: [] })
})

test('what may be lost is no excuse before, after, or for another session', () => {
  const gaps = [gap({ reason: 'poller-stolen', maybeLost: true })]
  const hits = [hit({ loses: 'polled', until: 12 * minute })]
  const at = (ms: number, session?: string) =>
    settleAccount(facts({ messages: [message(1, ms, session)], gaps, hits }))
  expect(at(10 * minute + 30_000)).toMatchObject({ maybeLost: [{ id: 'alpha-0001' }], unaccounted: [] })
  expect(at(10 * minute - 14_000)).toMatchObject({ unaccounted: [] })
  expect(at(10 * minute - 16_000).unaccounted).toHaveLength(1)
  expect(at(11 * minute + 4_000)).toMatchObject({ unaccounted: [] })
  expect(at(11 * minute + 6_000).unaccounted).toHaveLength(1)
  expect(at(10 * minute + 30_000, 'beta').unaccounted).toHaveLength(1)
})

test('a long gap is no excuse for what came when nobody took messages any more', () => {
  const gaps = [gap({ reason: 'login-expired', to: 20 * minute, maybeLost: true })]
  const hits = [hit({ loses: 'polled', until: 11 * minute })]
  const lost = (at: number) =>
    settleAccount(facts({ messages: [message(1, at)], gaps, hits })).unaccounted.length === 1
  expect([lost(11 * minute + 4_000), lost(11 * minute + 6_000)]).toEqual([false, true])
})

test('a gap excuses nothing where no fault that loses by nature was near', () => {
  const lost = [gap({ maybeLost: true, unanswered: 1 })]
  const excused = (hits: readonly Hit[]) =>
    settleAccount(facts({ gaps: lost, hits })).unaccounted.length === 0
  expect(excused([])).toBe(false)
  expect(excused([hit({ loses: 'nothing' })])).toBe(false)
  expect(excused([hit({ session: 'beta' })])).toBe(false)
  expect(excused([hit({ at: 8 * minute, until: 8 * minute })])).toBe(false)
  expect(excused([hit({ at: 8 * minute, until: 9 * minute + 1 })])).toBe(true)
  expect(excused([hit({ at: 11 * minute + 1, until: 11 * minute + 1 })])).toBe(false)
  // Only a fault that takes from the platform makes `maybe lost` an excuse.
  expect(settleAccount(facts({ gaps: [gap({ maybeLost: true })], hits: [hit()] })).unaccounted).toHaveLength(
    1,
  )
})

test('a gap that is still open reaches to the end', () => {
  const gaps = [gap({ to: null, maybeLost: true })]
  const hits = [hit({ loses: 'polled', until: 51 * minute })]
  expect(settleAccount(facts({ messages: [message(1, 50 * minute)], gaps, hits })).unaccounted).toEqual([])
})
