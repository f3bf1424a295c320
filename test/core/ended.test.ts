import { expect, test } from 'vitest'
import { no, yes } from '../../src/core/answer.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { newHealth } from '../../src/core/machine.ts'
import type { Health, Orders } from '../../src/core/records.ts'
import { judge } from '../../src/core/verdict.ts'
import {
  channel,
  client,
  evidence,
  noon,
  ownPoller,
  run,
  seconds,
  withoutClient,
} from './evidence-builder.ts'

const withOrder = (ended: Orders['ended']): Orders => ({
  ...{ format: 1, run: 'run-1', ended, hold: null, fresh: false },
})
const ordered = (ended: Orders['ended'], id = 'run-1'): Evidence =>
  withoutClient({ run: run(), orders: { ...withOrder(ended), run: id } })
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

test('nor did the plugin of a client that is being ended', () => {
  const plugin = [channel({ poller: no('process 4720 is gone') })]
  const ending = evidence({ orders: withOrder('client-replaced'), channels: plugin })
  expect(judge(ending, later)).toMatchObject({ state: 'recovering', reason: 'client-replaced' })
  expect(judge(evidence({ channels: plugin }), later).reason).toBe('plugin-exited')
})

test('a plugin that is held so that a replaced client can be ended is not stopped by anybody else', () => {
  const held = [channel({ poller: yes({ ...ownPoller, suspended: true }) })]
  const replaced = evidence({ client: client({ replaced: true }), channels: held })
  const healed = (agoMs: number, times = 1) => ({
    ...newHealth(noon),
    healed: Array.from({ length: times }, () => ({ reason: 'client-replaced' as const, at: noon - agoMs })),
  })
  const judged = (health: Health) => judge({ ...replaced, health }, noon).reason
  expect(judged(healed(1_000))).toBe('client-replaced')
  expect(judged(healed(1_000, 3))).toBe('client-replaced')
  // Stopped by somebody else, and the budget of the other spent: the plugin has to be let go on all the same.
  expect([judged(healed(60_000, 3)), judged(newHealth(noon))]).toEqual(['plugin-stopped', 'plugin-stopped'])
  expect(judge(evidence({ channels: held }), noon).reason).toBe('plugin-stopped')
})

test('nor one that is held so that an updated client can be ended', () => {
  const held = [channel({ poller: yes({ ...ownPoller, suspended: true }) })]
  const installed = { version: '2.1.331', another: true, runs: 'yes' } as const
  const health: Health = { ...newHealth(noon), healed: [{ reason: 'client-updated', at: noon - 1_000 }] }
  const updated = evidence({ client: client({ installed }), channels: held, health })
  expect(judge(updated, noon).reason).toBe('client-updated')
})
