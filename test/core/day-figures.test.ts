import { expect, test } from 'vitest'
import { type DayFigures, dayFigures, isWholeDay } from '../../src/core/day-figures.ts'
import { dayOf, type Hour, reportOf } from './day-builder.ts'
import { minutes, noon } from './evidence-builder.ts'

const hours = 60 * minutes
const figures = (...spans: readonly Hour[]) => {
  const [session] = reportOf(dayOf(spans)).sessions
  if (session === undefined) throw new Error('no session')
  return dayFigures(session.history)
}

test.each<[string, readonly Hour[], Partial<DayFigures>]>([
  ['nobody looked', [], { live: null, lookedMs: 0, outage: null }],
  ['live all day', [[30, 'live']], { live: '100 %', lookedMs: 24 * hours, outage: null }],
  [
    'a moment of not being live is no 100 %',
    [
      [30, 'live'],
      [2, 'recovering', 'plugin-exited'],
      [2 - 3 / 3600, 'live'],
    ],
    {
      live: '99.9 %',
      outage: { from: noon - 2 * hours, ms: 3_000, reason: 'plugin-exited', several: false },
    },
  ],
  [
    'known of six hours',
    [
      [6, 'live'],
      [3, 'blocked', 'login-expired'],
    ],
    { live: '50 %', wantedMs: 6 * hours, outage: expect.objectContaining({ ms: 3 * hours }) },
  ],
  [
    'stopped is neither live nor an outage',
    [
      [24, 'stopped'],
      [12, 'live'],
      [3, 'blocked', 'question'],
      [0, 'live'],
    ],
    { live: '75 %', stoppedMs: 12 * hours, wantedMs: 12 * hours },
  ],
  [
    'what nobody looked at is neither, too, and ends an outage',
    [
      [8, 'blocked', 'question'],
      [7, null],
      [3, 'blocked', 'question'],
      [1, 'live'],
    ],
    {
      live: '25 %',
      lookedMs: 4 * hours,
      outage: expect.objectContaining({ ms: 2 * hours, from: noon - 3 * hours }),
    },
  ],
  [
    'an outage goes on from state to state; its longest says why',
    [
      [9, 'live'],
      [4, 'recovering', 'client-exited'],
      [3.5, 'starting'],
      [3.4, 'down', 'crash-loop'],
      [1, 'live'],
    ],
    { outage: { from: noon - 4 * hours, ms: 3 * hours, reason: 'crash-loop', several: false } },
  ],
  [
    'a start is none',
    [
      [2, 'starting'],
      [1.9, 'live'],
    ],
    { live: '95 %', outage: null },
  ],
  [
    'several that are kept as one are told as that',
    [
      [5, 'live'],
      [4, 'blocked', 'question', 1.5 * hours],
      [2, 'live'],
    ],
    { live: '90 %', outage: { from: noon - 4 * hours, ms: 0.5 * hours, reason: 'question', several: true } },
  ],
  [
    'hardly ever live',
    [
      [24, 'live'],
      [23.9, 'down', 'crash-loop'],
    ],
    { live: '<1 %' },
  ],
])('%s', (_, spans, found) => {
  expect(figures(...spans)).toMatchObject(found)
})

test('messages are counted', () => {
  const [session] = reportOf(dayOf([[24, 'live']], { messages: 43 })).sessions
  expect(session === undefined ? null : dayFigures(session.history).messages).toBe(43)
})

test('a keeper that was started anew makes it no less a day', () => {
  expect(isWholeDay(24 * hours - 10 * minutes)).toBe(true)
  expect(isWholeDay(23 * hours)).toBe(false)
})
