import { expect, test } from 'vitest'
import { yes } from '../../../src/core/answer.ts'
import { emptyTranscript } from '../../../src/core/client.ts'
import type { Evidence } from '../../../src/core/evidence.ts'
import {
  channel,
  client,
  loop,
  minutes,
  noon,
  platform,
  run,
  seconds,
  sessionFile,
  thief,
  wanted,
  withChannel,
  withoutClient,
} from '../evidence-builder.ts'
import { watching } from './watching.ts'

const hours = 60 * minutes
const fine: Partial<Evidence> = {}
const rejected = { channels: [channel({ platform: platform({ token: 'rejected' }) })] }
const crashed: Partial<Evidence> = withoutClient({
  run: run({ waiting: { reason: 'crash-loop', detail: null, until: noon + hours } }),
})
const gone: Partial<Evidence> = withoutClient({
  run: run({ waiting: { reason: 'client-exited', detail: null, until: noon + 24 * hours } }),
})
const asking = (at: number): Partial<Evidence> => ({
  client: client({
    file: sessionFile({ activity: 'waiting', waitingFor: 'permission prompt', statusUpdatedAt: at }),
  }),
})
const failing: Partial<Evidence> = {
  client: client({
    transcript: {
      ...emptyTranscript,
      apiFailure: { at: noon - 1, status: 529, error: 'overloaded', resetsAt: null },
    },
  }),
}
const attached = { terminal: { loop, attached: 1, launchFailed: null } }
const off: Partial<Evidence> = withoutClient({ wanted: wanted({ want: false, by: 'down' }) })

test.each<[string, Partial<Evidence>, string, string | null, number]>([
  ['a token that is refused', rejected, 'blocked', 'token-rejected', 10],
  ['a crash loop', crashed, 'gave-up', 'crash-loop', 0],
  ['a client that is gone', gone, 'down', 'client-exited', 60],
  ['a model that fails', failing, 'down', 'model-failing', 60],
  ['a prompt nobody sees', asking(noon), 'waiting', 'permission-prompt', 60],
  ['a thief', withChannel({ poller: yes(thief) }), 'down', 'poller-stolen', 0],
  ['a client that is suspended', { client: client({ suspended: true }) }, 'down', 'client-stopped', 10],
  [
    'a launch that fails',
    withoutClient({ terminal: { loop, attached: 0, launchFailed: { status: 70, at: noon } } }),
    'down',
    'launch-failed',
    10,
  ],
])('%s is told once, and not before it has held', (_, change, event, reason, afterS) => {
  const keeper = watching()
  keeper.sees(fine, 10 * seconds)
  if (afterS > 0) expect(keeper.sees(change, afterS * seconds)).toEqual([])
  const [first, ...more] = keeper.sees(change, 2 * hours)
  expect(first).toMatchObject({ event, reason, gap: null })
  // A thief is fought, and the API that failed long ago is tried anew.
  expect(more.filter((each) => each.reason === reason)).toEqual([])
})

test('told again every three hours as long as it lasts', () => {
  const keeper = watching()
  const told = keeper.sees(rejected, 9 * hours + 10 * minutes, 10_000)
  const expected = [0, 3, 6, 9].map((count) => 10 * seconds + count * hours)
  expect(told.map(({ at }) => at - noon)).toEqual(expected)
})

test('back is told where its trouble was, with the gap', () => {
  const keeper = watching()
  keeper.sees(fine, 10 * seconds)
  keeper.sees(rejected, 10 * minutes)
  expect(keeper.sees(fine, 10 * seconds)).toEqual([])
  const [back, ...more] = keeper.sees(fine, 3 * hours, 10_000)
  expect(more).toEqual([])
  expect(back).toMatchObject({
    event: 'back',
    reason: null,
    gap: { reason: 'token-rejected', unanswered: 0 },
  })
  expect((back?.gap?.to ?? 0) - (back?.gap?.from ?? 0)).toBe(10 * minutes)
})

test('what is seen for a moment is not called anything: a notice that waits outlives it', () => {
  const keeper = watching()
  const called = (change: Partial<Evidence>, forS: number) => {
    keeper.sees(change, forS * seconds)
    return keeper.condition()
  }
  expect(called(rejected, 10)).toBeNull()
  expect(called(rejected, 2)).toBe('blocked token-rejected')
  expect(called(fine, 8)).toBeNull()
  expect(called(rejected, 8)).toBeNull()
  expect(called(rejected, 4)).toBe('blocked token-rejected')
  expect(called(fine, 12)).toBe('well')
})

test('of a limit that is tried again it is back with the first answer, of a login at once', () => {
  const parked = { run: 'run-1', at: noon, until: noon + hours, tries: 1, credentialsAt: null }
  const limited = watching()
  limited.sees(rejected, minutes)
  limited.knows({ parked: { ...parked, reason: 'usage-limit' } })
  expect(limited.sees(fine, 5 * minutes)).toEqual([])
  const answered = { client: client({ transcript: { ...emptyTranscript, lastAssistantAt: noon + minutes } }) }
  expect(limited.sees(answered, minutes)).toMatchObject([{ event: 'back' }])
  const expired = watching()
  expired.sees(rejected, minutes)
  expired.knows({ parked: { ...parked, reason: 'login-expired' } })
  expect(expired.sees(fine, minutes)).toMatchObject([{ event: 'back' }])
})

test('of a limit that has not shown again for ten minutes it is back without an answer; a new one begins them anew', () => {
  const parked = {
    ...{ run: 'run-1', at: noon, until: noon + hours, tries: 1, credentialsAt: null },
    reason: 'usage-limit' as const,
  }
  const keeper = watching()
  keeper.sees(rejected, minutes)
  keeper.knows({ parked })
  expect(keeper.sees(fine, 9 * minutes)).toEqual([])
  keeper.sees(rejected, minutes)
  expect(keeper.sees(fine, 10 * minutes)).toEqual([])
  expect(keeper.condition()).toBeNull()
  expect(keeper.sees(fine, minutes)).toMatchObject([{ event: 'back' }])
  expect(keeper.condition()).toBe('well')
})

test.each<[string, Partial<Evidence>, number]>([
  ['a client that is back within a minute', gone, 56],
  [
    'a dialog that is answered',
    { client: client({ file: sessionFile({ activity: 'waiting', waitingFor: 'dialog open' }) }) },
    8,
  ],
  ['a prompt that is answered', asking(noon), 58],
  ['an updated client that works on', { client: client({ replaced: true }) }, 3_600],
  ['what nobody can tell', withChannel({ poller: { is: 'unknown', detail: 'no rights' } }), 3_600],
  ['what was asked for', off, 3_600],
  ['a prompt somebody sees', { ...asking(noon), ...attached }, 3_600],
  ['a client somebody suspended', { client: client({ suspended: true }), ...attached }, 3_600],
  [
    'a new client that is waited for',
    { ...rejected, wanted: wanted({ generation: 2, by: 'token', when: 'idle' }) },
    3_600,
  ],
])('%s is not told, nor that it is over', (_, change, forS) => {
  const keeper = watching()
  keeper.sees(fine, 10 * seconds)
  keeper.sees(change, forS * seconds)
  keeper.sees(fine, 10 * minutes)
  expect(keeper.told()).toEqual([])
})

test('what an order leads to is told only once whoever gave it has had a minute to see it', () => {
  const keeper = watching()
  const ordered = { ...rejected, wanted: wanted({ at: noon }) }
  expect(keeper.sees(ordered, minutes)).toEqual([])
  expect(keeper.sees(ordered, minutes)).toMatchObject([{ event: 'blocked', at: noon + minutes }])
})

test('taken down by its person, what was told is over without a word', () => {
  const keeper = watching()
  keeper.sees(rejected, minutes)
  keeper.sees(off, minutes)
  expect(keeper.sees(fine, hours)).toEqual([])
  expect(keeper.told()).toHaveLength(1)
})

test('each prompt is told, and no longer than it is there', () => {
  const keeper = watching()
  keeper.sees(asking(noon), 3 * minutes)
  keeper.sees(fine, 3 * minutes)
  keeper.sees(asking(noon + 6 * minutes), 30 * minutes)
  expect(keeper.told().map(({ event, at }) => [event, at - noon])).toEqual([
    ['waiting', minutes],
    ['waiting', 7 * minutes],
  ])
})

const dialog = { name: 'permission-prompt', text: '' } as const
const wroteAt = (lastRowAt: number) => ({ ...emptyTranscript, lastRowAt })

test.each<[string, Partial<Evidence>, Partial<Evidence>, Partial<Evidence>]>([
  [
    'whose transcript goes on in between',
    { client: client({ file: null, dialog, transcript: wroteAt(noon) }) },
    { client: client({ file: null, dialog, transcript: wroteAt(noon + 3 * minutes) }) },
    { client: client({ file: null, dialog, transcript: wroteAt(noon + 3 * minutes) }) },
  ],
  [
    'without a transcript',
    { client: client({ file: null, dialog, transcript: null }) },
    { client: client({ file: null, dialog: null, transcript: null }) },
    { client: client({ file: null, dialog, transcript: null }) },
  ],
])('each prompt of a client that says of none since when is told once, %s', (_, first, between, second) => {
  const keeper = watching()
  keeper.sees(first, 20 * minutes)
  keeper.takesOver()
  keeper.sees(first, 20 * minutes)
  keeper.sees(between, 10 * seconds)
  keeper.sees(second, 20 * minutes)
  expect(keeper.told().map(({ event, reason }) => `${event} ${reason}`)).toEqual([
    'waiting permission-prompt',
    'waiting permission-prompt',
  ])
})

test('within one trouble another cause is told, but not that it is down', () => {
  const keeper = watching()
  keeper.sees(rejected, minutes)
  keeper.sees(gone, 10 * minutes)
  keeper.sees(crashed, 10 * minutes)
  keeper.sees(rejected, 10 * minutes)
  expect(keeper.told().map(({ reason }) => reason)).toEqual(['token-rejected', 'crash-loop'])
})

test('what comes and goes floods nobody', () => {
  const keeper = watching()
  for (let i = 0; i < 200; i += 1) {
    keeper.sees(i % 2 === 0 ? rejected : crashed, 30 * seconds)
    keeper.sees(fine, 30 * seconds)
  }
  const perReason = keeper.told().map(({ event, reason }) => `${event} ${reason}`)
  expect(perReason.filter((each) => each === 'blocked token-rejected')).toHaveLength(2)
  expect(perReason.filter((each) => each === 'gave-up crash-loop')).toHaveLength(2)
})

test('what was given up untold is told as soon as it is so again, and that it is down meanwhile', () => {
  const keeper = watching()
  const [first] = keeper.sees(rejected, minutes)
  keeper.sees(gone, minutes)
  keeper.gaveUp(first)
  expect(keeper.health().notified).toMatchObject({ open: { told: false }, told: [] })
  const [down] = keeper.sees(gone, minutes)
  expect(down).toMatchObject({ event: 'down' })
  keeper.gaveUp(down)
  expect(keeper.sees(rejected, minutes)).toMatchObject([{ event: 'blocked', reason: 'token-rejected' }])
  expect(keeper.sees(rejected, 2 * hours)).toEqual([])
})

test('what was told before one that was given up stays told, also the same', () => {
  const keeper = watching()
  keeper.sees(rejected, minutes)
  const [second] = keeper.sees(crashed, minutes)
  keeper.gaveUp(second)
  expect(keeper.health().notified?.open).toMatchObject({ told: true })
  expect(keeper.sees(rejected, 2 * hours)).toEqual([])
  const again = keeper.sees(rejected, 2 * hours)
  keeper.gaveUp(again[0])
  expect(keeper.health().notified?.told).toMatchObject([{ event: 'blocked', at: noon + 10 * seconds }])
})

test('the same anew is told soon where it stays', () => {
  const keeper = watching()
  keeper.sees(rejected, minutes)
  keeper.sees(fine, minutes)
  expect(keeper.sees(rejected, 10 * minutes)).toEqual([])
  expect(keeper.sees(rejected, minutes)).toMatchObject([{ event: 'blocked' }])
})

test('so many prompts an hour, and no more', () => {
  const keeper = watching()
  for (let i = 0; i < 30; i += 1) keeper.sees(asking(noon + i), 2 * minutes)
  expect(keeper.told()).toHaveLength(6)
})

test('prompts, however many, silence no trouble', () => {
  const keeper = watching()
  for (let i = 0; i < 10; i += 1) keeper.sees(asking(noon + i), 2 * minutes)
  expect(keeper.told()).toHaveLength(6)
  expect(keeper.sees(crashed, minutes)).toMatchObject([{ event: 'gave-up', reason: 'crash-loop' }])
})

test.each<[string, Partial<Evidence>, readonly object[]]>([
  ['with what it cost', withChannel({ poller: yes(thief) }), [{ event: 'back', gap: { maybeLost: true } }]],
  ['but not where it cost nothing', crashed, []],
])('a trouble that is one too many in the hour is told once it is over, %s', (_, change, told) => {
  const keeper = watching()
  const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => ({ event: 'blocked', key, at: noon }))
  keeper.knows({ notified: { open: null, told: six } })
  keeper.sees(fine, 10 * seconds)
  expect(keeper.sees(change, minutes)).toEqual([])
  expect(keeper.health().notified?.open).toMatchObject({ told: false })
  expect(keeper.sees(fine, minutes)).toMatchObject(told)
  expect(keeper.health().notified?.open).toBeNull()
  expect(keeper.told()).toHaveLength(told.length)
})

test('what was one too many and lasts is told once the hour is over', () => {
  const keeper = watching()
  const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => ({ event: 'blocked', key, at: noon }))
  keeper.knows({ notified: { open: null, told: six } })
  expect(keeper.sees(rejected, hours, 10_000)).toEqual([])
  expect(keeper.sees(rejected, minutes)).toMatchObject([{ event: 'blocked', at: noon + hours }])
  expect(keeper.sees(fine, minutes)).toMatchObject([{ event: 'back' }])
})

test('another keeper tells nothing twice, and what is over', () => {
  const keeper = watching()
  keeper.sees(rejected, minutes)
  keeper.takesOver()
  expect(keeper.sees(rejected, hours)).toEqual([])
  keeper.takesOver()
  expect(keeper.sees(fine, minutes)).toMatchObject([{ event: 'back' }])
})

test.each([
  ['asleep', 8 * hours],
  ['set ahead', 400 * 24 * hours],
  ['set back', -8 * hours],
  ['set back far', -400 * 24 * hours],
])('a machine whose clock is %s tells nothing of it', (_, byMs) => {
  const keeper = watching()
  keeper.sees(gone, 10 * seconds)
  keeper.jumps(byMs)
  keeper.sees(gone, 40 * seconds)
  keeper.sees(fine, minutes)
  expect(keeper.told()).toEqual([])
})

test.each([-8 * hours, -400 * 24 * hours])('a clock that is set by %i ms has nothing told twice', (byMs) => {
  const keeper = watching()
  const lasting = {
    ...rejected,
    wanted: wanted({ at: noon - 500 * 24 * hours }),
    run: run({ startedAt: noon - 500 * 24 * hours }),
  }
  keeper.sees(lasting, minutes)
  keeper.jumps(byMs)
  expect(keeper.sees(lasting, 2 * hours, 10_000)).toEqual([])
  expect(keeper.sees(lasting, 2 * hours, 10_000)).toHaveLength(1)
})

const quiet = { from: 22 * 60, to: 8 * 60 }
const at = (hour: number): number => new Date(2026, 10, 22, hour).getTime()
const since = { wanted: wanted({ at: at(0) }), run: run({ startedAt: at(0) }) }

test('in quiet hours nothing is told; at their end what still matters is, once', () => {
  const keeper = watching({ quiet }, at(23))
  expect(keeper.sees({ ...rejected, ...since }, 5 * hours, 10_000)).toEqual([])
  expect(keeper.sees({ ...crashed, wanted: since.wanted }, 5 * hours, 10_000)).toMatchObject([
    { event: 'gave-up', at: at(32) },
  ])
})

test('what is kept back in them outlives the keeper', () => {
  const keeper = watching({ quiet }, at(23))
  keeper.sees({ ...rejected, ...since }, 2 * hours, 10_000)
  keeper.takesOver()
  expect(keeper.sees({ ...rejected, ...since }, 8 * hours, 10_000)).toMatchObject([
    { event: 'blocked', at: at(32) },
  ])
  const gone = watching({ quiet }, at(20))
  gone.sees({ ...rejected, ...since }, 3 * hours, 10_000)
  gone.sees({ ...fine, ...since }, hours, 10_000)
  gone.takesOver()
  expect(gone.sees({ ...fine, ...since }, 10 * hours, 10_000)).toMatchObject([{ event: 'back', at: at(32) }])
})

test('what began and ended in them is told where it cost something', () => {
  const free = watching({ quiet }, at(23))
  free.sees({ ...rejected, ...since }, hours, 10_000)
  free.sees({ ...fine, ...since }, 10 * hours, 10_000)
  expect(free.told()).toEqual([])
  const dear = watching({ quiet }, at(23))
  dear.sees({ ...withChannel({ poller: yes(thief) }), ...since }, hours, 10_000)
  expect(dear.sees({ ...fine, ...since }, 10 * hours, 10_000)).toMatchObject([
    { event: 'back', at: at(32), gap: { maybeLost: true } },
  ])
})

test('what was told before is over in them: that is told at their end', () => {
  const keeper = watching({ quiet }, at(20))
  expect(keeper.sees({ ...rejected, ...since }, 3 * hours, 10_000)).toHaveLength(1)
  expect(keeper.sees({ ...fine, ...since }, 10 * hours, 10_000)).toMatchObject([
    { event: 'back', at: at(32) },
  ])
})

test('where nobody is to be told nothing is decided, nor written down', () => {
  const keeper = watching({ to: null })
  keeper.sees(rejected, hours)
  expect(keeper.told()).toEqual([])
  expect(keeper.health().notified).toBeNull()
})

test('the same memory as long as nothing is told: health is written for changes only', () => {
  const keeper = watching()
  keeper.sees(rejected, minutes)
  const before = keeper.health().notified
  keeper.sees(rejected, hours)
  expect(keeper.health().notified).toBe(before)
})
