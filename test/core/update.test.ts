import { expect, test } from 'vitest'
import { emptyTranscript } from '../../src/core/client.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { newHealth, step } from '../../src/core/machine.ts'
import { client, evidence, log, minutes, noon, run, seconds, sessionFile } from './evidence-builder.ts'

const another = { version: '2.1.331', another: true, runs: 'yes' } as const
const quiet = sessionFile({ activity: 'idle', statusUpdatedAt: noon - 6 * minutes })
const updated = (change: Parameters<typeof client>[0] = {}, more: Partial<Evidence> = {}): Evidence =>
  evidence({ client: client({ installed: another, file: quiet, ...change }), ...more })

/** What the keeper does to the client at the second sight of it, half a second later. */
const doneOn = (seen: Evidence, healed: readonly { reason: 'client-updated'; at: number }[] = []) => {
  const first = step({ health: { ...newHealth(noon), healed }, suspicion: null }, seen, noon)
  const { effects } = step(first.state, { ...seen, at: noon + 500 }, noon + 500)
  return effects.flatMap((effect) => (effect.do === 'end-client' ? [[effect.ended, effect.gently]] : []))
}

test('one that was updated beside itself is ended for the new one once nobody has written for five minutes', () => {
  expect(doneOn(updated())).toEqual([['client-updated', true]])
})

const running = evidence().terminal
test.each<[string, Evidence]>([
  ['it works', updated({ file: { ...quiet, activity: 'busy' } })],
  ['it asks a person', updated({ file: { ...quiet, activity: 'waiting', waitingFor: 'permission prompt' } })],
  ['it rested only a minute', updated({ file: { ...quiet, statusUpdatedAt: noon - minutes } })],
  ['it answered a minute ago', updated({ transcript: { ...emptyTranscript, lastRowAt: noon - minutes } })],
  [
    'a message came a minute ago',
    updated(
      {},
      {
        channels: evidence().channels.map((each) => ({
          ...each,
          log: { ...log, lastInboundAt: noon - minutes },
        })),
      },
    ),
  ],
  ['it started a minute ago', updated({}, { run: run({ startedAt: noon - minutes }) })],
  ['somebody is attached', updated({}, { terminal: { ...running, attached: 1 } })],
  ['the new one does not run', updated({ installed: { ...another, runs: 'no' } })],
  ['nobody knows whether it runs', updated({ installed: { ...another, runs: 'unknown' } })],
  ['it is the same version', updated({ installed: { ...another, version: '2.1.330' } })],
  ['it is what runs', updated({ installed: { ...another, another: false } })],
  ['another could not start', updated({}, { obstacles: [{ reason: 'folder-missing', detail: '/' }] })],
  [
    'it is to be left alone',
    updated(
      {},
      { session: { ...evidence().session, restart: { ...evidence().session.restart, updateMs: null } } },
    ),
  ],
])('it is left alone while %s', (_, seen) => {
  expect(doneOn(seen)).toEqual([])
})

test('a link that is switched to and fro is followed twice in six hours', () => {
  const times = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      reason: 'client-updated' as const,
      at: noon - (i + 1) * minutes,
    })).reverse()
  expect(doneOn(updated(), times(1))).toHaveLength(1)
  expect(doneOn(updated(), times(2))).toEqual([])
})

test('a new file is asked for its version, every ten seconds until it answers, and never in place of healing', () => {
  const seen = updated({ installed: { version: null, another: true, runs: 'unknown' } })
  const start = { health: newHealth(noon), suspicion: null }
  const asks = (given: ReturnType<typeof step>) =>
    given.effects.some(({ do: what }) => what === 'check-client')
  const first = step(start, seen, noon)
  expect(asks(first)).toBe(true)
  const second = step(first.state, seen, noon + 2 * seconds)
  expect(asks(second)).toBe(false)
  expect(asks(step(second.state, seen, noon + 11 * seconds))).toBe(true)
  expect(asks(step(start, updated(), noon))).toBe(false)
})
