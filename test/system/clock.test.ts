import { expect, test } from 'vitest'
import { type Clock, systemClock, until } from '../../src/system/clock.ts'

/** Time that passes only by sleeping. */
const madeUpClock = () => {
  const slept: number[] = []
  let time = 1000
  const clock: Clock = {
    now: () => time,
    sleep: async (ms) => {
      slept.push(ms)
      time += ms
    },
  }
  return { clock, slept }
}

test('asks until there is an answer', async () => {
  const { clock, slept } = madeUpClock()
  const answers = [null, undefined, false as const, 'there'] as const
  let asked = 0
  expect(await until(clock, { timeoutMs: 1000, everyMs: 100 }, () => answers[asked++])).toBe('there')
  expect(slept).toEqual([100, 100, 100])
})

test('an empty text and a zero are answers', async () => {
  const { clock } = madeUpClock()
  expect(await until(clock, { timeoutMs: 10, everyMs: 1 }, async () => '')).toBe('')
  expect(await until(clock, { timeoutMs: 10, everyMs: 1 }, async () => 0)).toBe(0)
})

test('asks a last time when time is up, and once without any time', async () => {
  const { clock, slept } = madeUpClock()
  let asked = 0
  const never = () => {
    asked += 1
    return null
  }
  expect(await until(clock, { timeoutMs: 250, everyMs: 100 }, never)).toBeNull()
  expect(slept).toEqual([100, 100, 50])
  expect(asked).toBe(4)
  expect(await until(clock, { timeoutMs: 0, everyMs: 100 }, never)).toBeNull()
  expect(asked).toBe(5)
})

test('a signal ends it at once', async () => {
  const control = new AbortController()
  const patience = { timeoutMs: 60_000, everyMs: 60_000, signal: control.signal }
  const waiting = until(systemClock, patience, () => null)
  control.abort()
  expect(await waiting).toBeNull()
  let asked = 0
  await until(systemClock, patience, () => {
    asked += 1
    return null
  })
  expect(asked).toBe(0)
})

test('what the probe throws comes through', async () => {
  const { clock } = madeUpClock()
  const probe = () => Promise.reject(new Error('bug'))
  await expect(until(clock, { timeoutMs: 10, everyMs: 1 }, probe)).rejects.toThrow('bug')
})

test('the real clock sleeps, and leaves no listener behind', async () => {
  const control = new AbortController()
  const started = performance.now()
  await systemClock.sleep(30, control.signal)
  expect(performance.now() - started).toBeGreaterThan(25)
  control.abort()
  await systemClock.sleep(60_000, control.signal)
})
