import { expect, test } from 'vitest'
import type { World } from '../../src/deps.ts'
import { journalFault } from '../../src/keeper/journal-fault.ts'
import { minutes, noon } from '../core/evidence-builder.ts'

test('a fault that lasts is said once in ten minutes, however the clock is set meanwhile', () => {
  const said: string[] = []
  let [elapsed, now] = [0, noon]
  const world = {
    clock: { elapsed: () => elapsed, now: () => now },
    journal: { append: (_: string, { detail }: { detail: string }) => void said.push(detail) },
  } as unknown as World
  const fails = (detail: string) => journalFault(world, 'clocked', 'notification', new Error(detail))
  fails('no answer')
  now += 24 * 60 * minutes
  fails('no answer')
  fails('another')
  expect(said).toEqual(['no answer', 'another'])
  now -= 48 * 60 * minutes
  elapsed += 10 * minutes
  fails('no answer')
  expect(said).toEqual(['no answer', 'another', 'no answer'])
})
