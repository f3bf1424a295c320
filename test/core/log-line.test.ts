import { expect, test } from 'vitest'
import { formatEvent } from '../../src/core/event-text.ts'
import type { Event } from '../../src/core/events.ts'
import { keyOf, type LogLine } from '../../src/core/log-line.ts'
import { minutes, noon, seconds } from './evidence-builder.ts'

const line = (event: Event, at = noon): LogLine => ({
  ...{ at, session: 'work', source: 'keeper', severity: 'plain' },
  text: formatEvent({ at, session: 'work', ...event }),
  entry: { session: 'work', ...event },
})
const ended = {
  type: 'client-ended',
  run: 'r',
  code: null,
  signal: null,
  reason: 'client-exited',
  unexplained: true,
} as const
const state = { type: 'state', channel: null, from: 'live', to: 'down', reason: 'client-exited' } as const
const gap = {
  type: 'gap',
  from: noon,
  to: noon + 8 * seconds,
  reason: 'client-exited',
  waited: null,
  unanswered: null,
  maybeLost: false,
} as const
const told = {
  type: 'told',
  event: 'blocked',
  reason: null,
  by: 'command',
  outcome: 'failed',
  detail: 'it ended with 1',
} as const

test.each<[Event, Event]>([
  [
    { ...ended, code: 1 },
    { ...ended, code: 21 },
  ],
  [
    { ...ended, signal: 'signal 40' },
    { ...ended, signal: 'signal 41' },
  ],
  [
    { ...gap, unanswered: 1 },
    { ...gap, unanswered: 30 },
  ],
  [gap, { ...gap, to: noon + 200 * minutes }],
  [told, { ...told, detail: 'it ended with 3' }],
  [
    { ...state, detail: '5 exits, the last exit status 1' },
    { ...state, detail: '5 exits, the last exit status 2' },
  ],
  [
    { type: 'keeper', what: 'started', pid: 1, version: '1.0.0' },
    { type: 'keeper', what: 'started', pid: 1, version: '1.1.0' },
  ],
])('%o and %o are two facts', (a, b) => {
  expect(keyOf(line(a))).not.toBe(keyOf(line(b)))
})

test.each<[Event, Event]>([
  [
    { ...ended, code: 1 },
    { ...ended, code: 1, run: 'another' },
  ],
  [
    { type: 'client-started', run: 'a', conversation: 'b', resumed: true, pid: 7 },
    { type: 'client-started', run: 'c', conversation: 'b', resumed: true, pid: 8 },
  ],
  [gap, { ...gap, from: noon + seconds, to: noon + 20 * seconds }],
  [
    { ...state, detail: 'process 4711 polls since 12:00:01, port 8787, 12s' },
    { ...state, detail: 'process 12 polls since 13:40:55, port 9000, 47s' },
  ],
  [
    { type: 'waiting', reason: 'crash-loop', detail: null, untilMs: noon + 8 * seconds },
    { type: 'waiting', reason: 'crash-loop', detail: null, untilMs: noon + 17 * seconds },
  ],
])('%o and %o say the same', (a, b) => {
  expect(keyOf(line(a))).toBe(keyOf(line(b)))
})

test('what stands in a terminal is never folded', () => {
  expect(keyOf({ ...line(ended), source: 'terminal' })).toBeNull()
})
