import { expect, test } from 'vitest'
import { newHealth } from '../../../src/core/machine.ts'
import { reportGaps } from '../../../src/core/notify/gap-report.ts'
import type { Notice } from '../../../src/core/notify/notice.ts'
import { emptyWatch, notify } from '../../../src/core/notify/notify.ts'
import { isQuiet, parseQuietHours } from '../../../src/core/notify/quiet.ts'
import { documentOf, helloText, textOf } from '../../../src/core/notify/text.ts'
import { type ReasonName, reasons } from '../../../src/core/reasons.ts'
import { discordChannel, evidence, minutes, noon, session } from '../evidence-builder.ts'
import { telling } from './watching.ts'

const names = Object.keys(reasons) as readonly ReasonName[]
/** What a detail may hold: a token, a path of the person's, words of a screen, a line of shell. */
const poison =
  '123456789:AAtest0000000000000000000000000000 /home/me/secret-project "Do you want to rm -rf?" $(touch x) @ada'

const notice = (change: Partial<Notice> = {}): Notice => ({
  event: 'blocked',
  state: 'blocked',
  reason: 'login-expired',
  about: null,
  at: noon,
  since: noon,
  gap: null,
  condition: 'x',
  ...change,
})

test.each(names)('of %s nothing is told that was seen: no token, no path, no screen', (reason) => {
  const seen = evidence({ session: telling() })
  const verdict = {
    ...{ state: reasons[reason].state, reason, detail: poison, about: seen.session.channels[0]?.id ?? '' },
    ...{ remarks: [], channels: [] },
  }
  let watch = emptyWatch
  const told: Notice[] = []
  for (let now = noon; now <= noon + 2 * minutes; now += 2_000) {
    const look = { evidence: { ...seen, at: now }, verdict, health: { ...newHealth(noon), notified: null } }
    const said = notify(watch, look)
    watch = said.watch
    told.push(...said.notices)
  }
  expect(JSON.stringify(told)).not.toMatch(/AAtest|home|rm -rf|touch|ada/)
  for (const each of told) {
    const said = `${textOf(each, seen.session)}${JSON.stringify(documentOf(each, seen.session))}`
    expect(said).not.toMatch(/AAtest|secret-project|rm -rf|touch|@ada|\/home\/me/)
    expect(textOf(each, seen.session).split('\n')[0]).toContain(reasons[reason].sentence)
  }
})

test.each(names)('%s at a phone: short, one sentence, and what can be typed', (reason) => {
  for (const channels of [session.channels, [...session.channels, discordChannel]]) {
    const text = textOf(notice({ reason, about: discordChannel.id }), { ...session, channels })
    expect(text.length).toBeLessThan(700)
    expect(text).not.toMatch(/<(session|channel|plugin)>|undefined|null/)
    expect(text.split('\n')).toHaveLength(2)
  }
})

test('of several bots the one is named that is meant', () => {
  const channels = [...session.channels, discordChannel]
  expect(
    textOf(notice({ reason: 'token-rejected', about: discordChannel.id }), { ...session, channels }),
  ).toContain('`channels token work --channel discord`')
})

const local = (hour: number, minute = 0, day = 22): number => new Date(2026, 10, day, hour, minute).getTime()

test('what has lasted says since when; by the clock on the wall', () => {
  const long = notice({ since: local(9, 5), at: local(12) })
  expect(textOf(long, session).split('\n')[1]).toBe('Since 09:05.')
  const longer = notice({ since: local(9, 5, 21), at: local(12) })
  expect(textOf(longer, session).split('\n')[1]).toBe('Since 2026-11-21 09:05.')
})

test('back, with the gap', () => {
  const gap = {
    ...{ from: local(10, 2), to: local(12, 5), reason: 'login-expired' },
    ...{ lastedMs: 123 * minutes, times: 1 },
    ...{ waited: 3, unanswered: 1, maybeLost: true },
  }
  const back = notice({ event: 'back', state: 'live', reason: null, at: local(12, 6), gap })
  expect(textOf(back, session)).toBe(
    'work is live again.\nNobody listened from 10:02 to 12:05 (2h 3m): The login of the client has expired; it answers nothing; 3 waited at the platform; 1 had reached Claude and stay unanswered; some may be lost.',
  )
  expect(textOf({ ...back, gap: null }, session)).toBe('work is live again.')
  expect(
    textOf(
      { ...back, gap: { ...gap, ...{ reason: 'starting', waited: 0, unanswered: 0, maybeLost: false } } },
      session,
    ),
  ).toBe('work is live again.\nNobody listened from 10:02 to 12:05 (2h 3m).')
})

test.each<[string, readonly (readonly [number, number])[], string, { lastedMs: number; times: number }]>([
  [
    'twice, with hours in between',
    [
      [local(10), local(11, 10)],
      [local(15), local(15, 3)],
    ],
    'Nobody listened 2 times between 10:00 and 15:03, 1h 13m in all: ',
    { lastedMs: 73 * minutes, times: 2 },
  ],
  [
    'one after the other',
    [
      [local(10), local(10, 30)],
      [local(10, 30), local(11)],
    ],
    'Nobody listened from 10:00 to 11:00 (1h): ',
    { lastedMs: 60 * minutes, times: 2 },
  ],
  [
    'once, and a moment',
    [
      [local(10), local(10, 5)],
      [local(11), local(11)],
    ],
    'Nobody listened between 10:00 and 11:00, 5m in all: ',
    { lastedMs: 5 * minutes, times: 1 },
  ],
  ['for a moment', [[local(11), local(11)]], 'At 11:00: ', { lastedMs: 0, times: 0 }],
])('gaps, %s, are no longer than they were', (_, spans, says, document) => {
  const cost = { reason: 'login-expired', waited: 1, unanswered: null, maybeLost: true }
  const gaps = spans.map(([from, to]) => ({ ...cost, from, to }))
  const earlier = { ...cost, from: local(8), to: local(9) }
  const gap = reportGaps([earlier, ...gaps], local(10), 'login-expired')
  const back = notice({ event: 'back', state: 'live', reason: null, at: local(16), gap })
  expect(textOf(back, session).split('\n')[1]).toContain(says)
  expect(documentOf(back, session).gap).toMatchObject({ ...document, waited: gaps.length, maybeLost: true })
})

test('the event of notify.command, field by field', () => {
  expect(documentOf(notice({ at: noon, since: noon - 1_000 }), session)).toEqual({
    version: 1,
    session: 'work',
    event: 'blocked',
    state: 'blocked',
    reason: 'login-expired',
    sentence: 'The login of the client has expired; it answers nothing.',
    remedy: expect.stringContaining('`channels up work`'),
    at: '2026-11-22T10:00:00.000Z',
    since: '2026-11-22T09:59:59.000Z',
    gap: null,
  })
  const down = documentOf(notice({ event: 'down', state: 'starting', reason: null }), session)
  expect(down).toMatchObject({ reason: null, remedy: '`channels status work` says where it stands.' })
})

test('the first message says what will come, and how it ends', () => {
  expect(helloText(session)).toContain('`channels set work notify.to=`')
})

test.each([
  ['22:00-08:00', 23, true],
  ['22:00-08:00', 3, true],
  ['22:00-08:00', 8, false],
  ['22:00-08:00', 21, false],
  ['8:00-09:30', 9, true],
  ['08:00-09:30', 7, false],
])('%s at %i: %s', (hours, hour, is) => {
  expect(isQuiet(parseQuietHours(hours), local(hour))).toBe(is)
})

test.each(['', '22-8', '24:00-08:00', '22:60-08:00', '08:00-08:00', '22:00', 'a', '22:00-08:00 '])(
  '%j is no such time',
  (text) => {
    expect(parseQuietHours(text)).toBeNull()
  },
)
