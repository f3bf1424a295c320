import { expect, test } from 'vitest'
import type { ChannelEvidence } from '../../src/core/evidence.ts'
import { type MachineState, newHealth, step } from '../../src/core/machine.ts'
import type { Health } from '../../src/core/records.ts'
import { channel, evidence, log, minutes, noon, run, seconds } from './evidence-builder.ts'
import {
  crashes,
  deafMs,
  diesSoon,
  discord,
  firewalled,
  gone,
  hours,
  live,
  neverStarts,
  pager,
  pausesOf,
  type Shown,
  second,
  stolen,
  telegram,
  until,
  well,
} from './two-channels.ts'

test.each<[string, Shown, ChannelEvidence['channel'], number]>([
  ['a server that crashes at its start', crashes, pager, 10 * seconds],
  ['a server that is never started', neverStarts, pager, 20 * seconds],
  ['a plugin that dies soon', diesSoon, pager, 10 * seconds],
  ['a Discord that can’t be reached', firewalled, discord, 100 * seconds],
])(
  '%s for half a day: its client is ended for it ever more seldom, and its conversation stays',
  (_, shown, its, soonMs) => {
    const life = live(12 * hours, [well, shown], { channel: its })
    expect(life.ends[0]?.at).toBeLessThan(soonMs)
    const pauses = pausesOf(life)
    expect(pauses.slice(0, 4).map((pause) => Math.floor(pause / 10) * 10)).toEqual([10, 30, 60, 180])
    for (const pause of pauses.slice(3)) expect(pause).toBeGreaterThanOrEqual(180)
    expect(life.ends.length).toBeGreaterThan(6)
    expect(life.ends.filter(({ fresh }) => fresh)).toEqual([])
    expect(deafMs(life, 0)).toBeLessThan(2 * minutes)
  },
)

test('meanwhile the sick channel is not called live nor healing, and says when it is tried again', () => {
  const { verdicts, ends } = live(2 * hours, [well, crashes])
  const [, retried] = ends
  const rest = verdicts.filter(({ at }) => at > noon + 30 * seconds && at < noon + 9 * minutes)
  for (const { verdict } of rest) {
    expect(second(verdict)).toMatchObject({ state: 'down', reason: 'not-healing' })
    expect(verdict).toMatchObject({ state: 'down', reason: 'not-healing' })
    const [, said] = /^plugin-failed: .*; tried again at (\S+), /.exec(second(verdict).detail ?? '') ?? []
    const tried = noon + (retried?.at ?? 0)
    expect(Math.abs(Date.parse(said ?? '') - tried)).toBeLessThan(minutes)
  }
  expect(rest.length).toBeGreaterThan(50)
  // When its time has come it says what is done about it.
  const due = verdicts.filter(({ at }) => at > noon + 9 * minutes && at <= noon + (retried?.at ?? 0))
  expect(due.map(({ verdict }) => second(verdict).reason)).toContain('plugin-failed')
})

test('a channel that was live for a while after that is healed at once again', () => {
  const mended = noon + 5 * hours
  const again = noon + 12 * hours
  const life = live(13 * hours, [
    well,
    (ms, at) => (at < again ? until(mended, crashes)(ms, at) : { ...well(ms, at), poller: gone }),
  ])
  const back = life.ends.filter(({ at }) => at < 12 * hours)
  // At the next try, some three hours after the one before it.
  expect(back.at(-1)?.at).toBeGreaterThan(5 * hours)
  const [next] = life.ends.filter(({ at }) => at >= 12 * hours)
  expect((next?.at ?? 0) - 12 * hours).toBeLessThan(minutes)
  const forgotten = live(12 * hours, [well, until(mended, crashes)])
  expect(forgotten.state.health.tries).toEqual({})
})

test('a channel that is live only for a moment each time is not taken for well', () => {
  const life = live(6 * hours, [
    well,
    (ms, at) => (ms < 4 * minutes ? well(ms, at) : { ...well(ms, at), poller: gone }),
  ])
  expect(life.ends.length).toBeLessThan(8)
})

test('a thief is ended at once each time, and the client is started anew for that ever more seldom', () => {
  const life = live(2 * hours, [stolen, well])
  expect(life.thieves).toBeGreaterThan(20)
  expect(life.ends.length).toBeLessThan(6)
  expect(life.ends[0]?.ended).toBe('poller-stolen')
})

test('a session all of whose channels are sick is healed as one that has only one', () => {
  const both = live(hours, [crashes, crashes])
  expect(both.ends.length).toBeGreaterThan(15)
  const never = live(minutes, [neverStarts, neverStarts])
  expect(never.ends.slice(0, 2).map(({ fresh }) => fresh)).toEqual([false, true])
})

/** A client that was resumed, whose pager was not started the second time, as it is healed now. */
const notStartedAgain = (other: Partial<ChannelEvidence>, health: Partial<Health> = {}) => {
  const healed = [{ reason: 'plugin-not-started', at: noon - minutes }] as const
  let state: MachineState = { health: { ...newHealth(noon), healed, ...health }, suspicion: null }
  return [0, 250].flatMap((ms) => {
    const channels = [channel({ channel: pager, log: null, poller: gone }), channel(other)]
    const obstacles = other.log?.failed == null ? [] : [{ reason: 'token-missing', detail: '' } as const]
    const seen = evidence({ run: run({ resumed: true }), health: state.health, channels, obstacles })
    const next = step(state, seen, noon + ms)
    state = next.state
    return next.effects.flatMap((effect) => (effect.do === 'end-client' ? [effect.fresh] : []))
  })
}
const tries = (...of: readonly string[]): Partial<Health> => ({
  tries: Object.fromEntries(
    of.map((name) => [name, { times: 1, at: noon - minutes, wellMs: 0, wellSince: null, lacked: false }]),
  ),
})

test.each<[string, Partial<ChannelEvidence>, Partial<Health>, readonly boolean[]]>([
  ['is live', {}, {}, [false]],
  ['is live, and was disturbed for it just now', {}, tries(pager.id), []],
  ['died this moment', { poller: gone }, tries(pager.id, telegram.id), [false]],
  ['is not there either, for the first time', { log: null, poller: gone }, tries(pager.id), [false]],
  ['is not there either, again', { log: null, poller: gone }, tries(pager.id, telegram.id), [true]],
  [
    'waits for a token',
    {
      log: { ...log, registeredAt: null, failed: { at: noon, why: 'token-missing', text: '' } },
      poller: gone,
    },
    tries(pager.id),
    [true],
  ],
])('a pager that is not started in a conversation whose other channel %s', (_, other, health, fresh) => {
  expect(notStartedAgain(other, health)).toEqual(fresh)
})
