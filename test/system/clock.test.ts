import { expect, test, vi } from 'vitest'
import { systemClock } from '../../src/system/clock.ts'

test('sleeps, and leaves no listener behind', async () => {
  const control = new AbortController()
  const started = performance.now()
  await systemClock.sleep(30, control.signal)
  expect(performance.now() - started).toBeGreaterThan(25)
  control.abort()
  await systemClock.sleep(60_000, control.signal)
})

test('a signal wakes it', async () => {
  const control = new AbortController()
  const sleeping = systemClock.sleep(60_000, control.signal)
  control.abort()
  await sleeping
})

test('what has elapsed does not go back with the time of day', async () => {
  const before = systemClock.elapsed()
  vi.spyOn(Date, 'now').mockReturnValue(0)
  try {
    await systemClock.sleep(5)
    expect(systemClock.now()).toBe(0)
    expect(systemClock.elapsed()).toBeGreaterThan(before)
  } finally {
    vi.restoreAllMocks()
  }
})
