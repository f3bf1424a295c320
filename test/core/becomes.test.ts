import { expect, test } from 'vitest'
import { becomes } from '../../src/core/becomes.ts'

/** Time that passes only by sleeping. */
const madeUpClock = () => {
  const slept: number[] = []
  const sleep = async (ms: number) => void slept.push(ms)
  return { slept, clock: { elapsed: () => slept.reduce((a, b) => a + b, 0), sleep } }
}

test('looks until it holds', async () => {
  const { clock, slept } = madeUpClock()
  expect(await becomes(clock, 1_000, () => slept.length === 3, 100)).toBe(true)
  expect(slept).toEqual([100, 100, 100])
})

test('looks a last time when time is up, and once without any', async () => {
  const { clock, slept } = madeUpClock()
  let looks = 0
  const never = () => {
    looks += 1
    return false
  }
  expect(await becomes(clock, 60, never)).toBe(false)
  expect([slept, looks]).toEqual([[20, 20, 20], 4])
  expect(await becomes(clock, 0, never)).toBe(false)
  expect(looks).toBe(5)
})

test('what the probe throws comes through', async () => {
  const probe = () => {
    throw new Error('bug')
  }
  await expect(becomes(madeUpClock().clock, 10, probe)).rejects.toThrow('bug')
})
