import { expect, test } from 'vitest'
import { type PlanOptions, planOf } from './plan.ts'

const options: PlanOptions = {
  minutes: 10,
  seed: 1,
  faults: 60,
  sessions: ['alpha', 'beta', 'gamma', 'delta'],
  kinds: [
    { name: 'killed', forMs: [0, 0] },
    { name: 'stopped', forMs: [4_000, 9_000] },
    { name: 'cleared', forMs: [0, 0] },
  ],
}

test('the same seed makes the same plan, another one another', () => {
  expect(planOf(options)).toEqual(planOf(options))
  expect(planOf({ ...options, seed: 2 })).not.toEqual(planOf(options))
})

test('faults are spread over the time before the quiet, each kind and each session as often as any other', () => {
  const { faults, quietFromMs, totalMs } = planOf(options)
  expect([faults.length, quietFromMs, totalMs]).toEqual([60, 540_000, 600_000])
  expect(faults.every(({ atMs }) => atMs >= 8_000 && atMs < quietFromMs)).toBe(true)
  expect(faults.map(({ atMs }) => atMs)).toEqual(faults.map(({ atMs }) => atMs).sort((a, b) => a - b))
  const count = (fits: (fault: (typeof faults)[number]) => boolean) => faults.filter(fits).length
  expect(options.kinds.map(({ name }) => count(({ kind }) => kind === name))).toEqual([20, 20, 20])
  expect(options.sessions.map((name) => count(({ session }) => session === name))).toEqual([15, 15, 15, 15])
  expect(
    faults.every(({ kind, forMs }) => (kind === 'stopped' ? forMs >= 4_000 && forMs <= 9_000 : forMs === 0)),
  ).toBe(true)
})

test('a short one has a quiet of a third of its time', () => {
  expect(planOf({ ...options, minutes: 1 })).toMatchObject({ totalMs: 60_000, quietFromMs: 40_000 })
})

test('messages are numbered through, come to everybody, in bursts and with work, and their ids are unlike any other', () => {
  const { messages } = planOf(options)
  for (const name of options.sessions) {
    const own = messages.filter(({ session }) => session === name)
    expect(own.length).toBeGreaterThan(100)
    expect(own.map(({ id }) => id)).toEqual(own.map((_, i) => `${name}-${String(i + 1).padStart(4, '0')}`))
    expect(own.every(({ text, id }) => text.includes(id))).toBe(true)
  }
  expect(messages.some(({ text }) => text.startsWith('run: sleep'))).toBe(true)
  expect(messages.some(({ text }) => text.startsWith('slow: '))).toBe(true)
  expect(messages.every(({ atMs }) => atMs < 600_000)).toBe(true)
  expect(messages.some(({ atMs }) => atMs > 580_000)).toBe(true)
})

test('no faults and no kinds: messages only', () => {
  expect(planOf({ ...options, faults: 0 }).faults).toEqual([])
  expect(planOf({ ...options, kinds: [] }).faults).toEqual([])
})
