import { expect, test } from 'vitest'
import type { Event, JournalEntry } from '../../src/core/events.ts'
import { type Severity, severityOf } from '../../src/core/severity.ts'
import { noon } from './evidence-builder.ts'

const state = { type: 'state', channel: null, from: null, reason: null, detail: null } as const
const gap = { type: 'gap', from: noon, to: noon, reason: 'x', waited: null } as const
const ended = { type: 'client-ended', run: 'r', code: 1, signal: null, reason: 'client-exited' } as const

test.each<[Event, Severity]>([
  [{ ...state, to: 'live' }, 'good'],
  [{ ...state, to: 'recovering' }, 'poor'],
  [{ ...state, to: 'blocked' }, 'bad'],
  [{ ...state, to: 'down' }, 'bad'],
  [{ ...state, to: 'stopped' }, 'plain'],
  [{ ...state, to: 'toString' }, 'plain'],
  [{ ...ended, unexplained: true }, 'poor'],
  [{ ...ended, unexplained: false }, 'plain'],
  [{ ...gap, unanswered: 0, maybeLost: false }, 'poor'],
  [{ ...gap, unanswered: 1, maybeLost: false }, 'bad'],
  [{ type: 'waiting', reason: 'stopped', detail: null, untilMs: noon }, 'plain'],
  [{ type: 'waiting', reason: 'crash-loop', detail: null, untilMs: noon }, 'poor'],
  [{ type: 'terminal', what: 'lost', detail: null }, 'poor'],
  [{ type: 'fault', what: 'x', detail: 'y' }, 'bad'],
  [{ type: 'left', by: 'person' }, 'plain'],
])('%o is %s', (event, severity) => {
  expect(severityOf({ at: noon, session: null, ...event })).toBe(severity)
})

test('an event of a later release is plain', () => {
  expect(severityOf({ at: noon, session: null, type: 'later' } as unknown as JournalEntry)).toBe('plain')
})
