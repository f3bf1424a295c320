import { expect, test } from 'vitest'
import type { World } from '../../src/deps.ts'
import { end } from '../../src/keeper/end.ts'

test('a clock that is set back meanwhile keeps nobody waiting', async () => {
  let elapsed = 0
  const signals: string[] = []
  const world = {
    clock: {
      now: () => 1_700_000_000_000 - elapsed * 3_600_000,
      elapsed: () => elapsed,
      sleep: async (ms: number) => {
        elapsed += ms
      },
    },
    processes: {
      find: (pid: number) => ({ pid, start: '1' }),
      signal: (_: unknown, signal: string) => void signals.push(signal),
    },
  } as unknown as World
  expect(await end(world, { pid: 4711, start: '1' })).toBe(false)
  expect(signals).toEqual(['SIGTERM', 'SIGCONT', 'SIGKILL'])
  expect(elapsed).toBeLessThan(7_000)
})
