import { expect, test } from 'vitest'
import type { Evidence } from '../../src/core/evidence.ts'
import type { Orders } from '../../src/core/records.ts'
import { judge } from '../../src/core/verdict.ts'
import { noon, run, seconds, withoutClient } from './evidence-builder.ts'

const ordered = (ended: Orders['ended'], id = 'run-1'): Evidence =>
  withoutClient({ run: run(), orders: { format: 1, run: id, ended, hold: null, fresh: false } })
const later = noon + 60 * seconds

test('a client that was ended for a reason did not just exit', () => {
  for (const reason of ['client-replaced', 'plugin-exited', 'not-draining'] as const)
    expect(judge(ordered(reason), later)).toMatchObject({ state: 'recovering', reason })
})

test('one that was ended because somebody asked, or that was kept ended until now, is being started', () => {
  for (const ended of ['asked', 'stopped', 'login-expired'] as const)
    expect(judge(ordered(ended), later)).toMatchObject({ state: 'starting', reason: null })
})

test('no order, or one of an earlier run, says nothing', () => {
  expect(judge(ordered('client-replaced', 'run-0'), later).reason).toBe('client-exited')
  expect(judge(ordered(null), later).reason).toBe('client-exited')
})
