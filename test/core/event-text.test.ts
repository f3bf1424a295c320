import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatEvent } from '../../src/core/event-text.ts'
import type { Event, JournalEntry } from '../../src/core/events.ts'
import { eventRows } from './event-rows.ts'
import { noon } from './evidence-builder.ts'

const told: readonly (readonly [Event, string])[] = Object.values(eventRows).flat()
test.each(told)('%o', (event, text) => {
  expect(formatEvent({ at: noon, session: 'work', ...event })).toBe(text)
})

test('whatever a process calls itself stays on its line and moves no cursor', () => {
  const entry = {
    at: noon,
    session: null,
    type: 'survivor',
    run: 'r',
    pid: 7,
    command: 'a\n\u001b[2Jb',
  } as const
  expect(formatEvent(entry)).toBe('process 7 (a [2Jb) runs on: Claude started it and it is no plugin')
})

test('an event of a later release is shown as it stands', () => {
  for (const type of ['parked', 'toString', '__proto__', 'constructor']) {
    const entry = JSON.parse(JSON.stringify({ at: noon, session: null, type, why: 'x' })) as JournalEntry
    expect(formatEvent(entry)).toBe(JSON.stringify(entry))
  }
})

test.each([
  { type: 'told', event: 'blocked', reason: null, by: 'bot', outcome: 'queued', detail: null },
  { type: 'told', event: 'blocked', reason: null, by: 'pager', outcome: 'sent', detail: null },
  { type: 'told', event: 'blocked', reason: null, by: 'bot', outcome: 'toString', detail: null },
  { type: 'gap', from: noon, to: noon },
  { type: 'state', what: 'live' },
  { type: 'waiting', reason: 'crash-loop', detail: null, until: 'soon' },
  { type: 'client-ended', reason: 'client-exited' },
  { type: 'fault' },
])('an entry with a word or without a field that this release knows is shown as it stands: %o', (event) => {
  const entry = { at: noon, session: 'work', ...event } as unknown as JournalEntry
  expect(formatEvent(entry)).toBe(JSON.stringify(entry))
})

test.each([
  [{ type: 'terminal', what: 'moved', detail: null }, 'terminal moved'],
  [{ type: 'keeper', what: 'slept', pid: 7, version: '9.0.0' }, 'keeper slept (pid 7, version 9.0.0)'],
  [
    { type: 'state', channel: null, from: 'live', to: 'parked', reason: 'toString', detail: null },
    'session is parked, was live: toString [toString]',
  ],
])('a word that can stand for itself does: %o', (event, text) => {
  expect(formatEvent({ at: noon, session: 'work', ...event } as unknown as JournalEntry)).toBe(text)
})

test('a field that no text can be made of is shown as it stands', () => {
  const detail = { toString: '' }
  const entry = { at: noon, session: null, type: 'terminal', what: 'lost', detail } as unknown as JournalEntry
  expect(formatEvent(entry)).toBe(JSON.stringify(entry))
})

test('an entry of another shape is one line and no exception', () => {
  const entries = fc.record({
    type: fc.constantFrom(...Object.keys(eventRows)),
    at: fc.integer(),
    reason: fc.string(),
    detail: fc.jsonValue(),
  })
  fc.assert(
    fc.property(entries, (entry) => {
      expect(formatEvent(JSON.parse(JSON.stringify(entry)) as JournalEntry)).not.toContain('\n')
    }),
  )
})
