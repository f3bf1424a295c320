import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatEvent } from '../../src/core/event-text.ts'
import type { Event, JournalEntry } from '../../src/core/events.ts'
import { noon } from './evidence-builder.ts'

type Row<Type extends Event['type']> = readonly (readonly [Extract<Event, { type: Type }>, string])[]
const ended = {
  type: 'client-ended',
  run: 'r',
  code: null,
  signal: null,
  reason: 'client-exited',
  unexplained: true,
} as const

const rows = {
  'client-started': [
    [
      { type: 'client-started', run: 'r', conversation: 'c', resumed: true, pid: null },
      'client started, resuming conversation c',
    ],
    [
      { type: 'client-started', run: 'r', conversation: 'c', resumed: false, pid: 7 },
      'client started, new conversation c',
    ],
  ],
  'client-ended': [
    [{ ...ended, signal: 'SIGKILL' }, 'client ended by SIGKILL'],
    [{ ...ended, code: 1 }, 'client ended with exit status 1'],
    [ended, 'client ended, nobody saw how'],
    [{ ...ended, code: 0, reason: 'asked', unexplained: false }, 'client ended with exit status 0 (asked)'],
  ],
  waiting: [
    [
      { type: 'waiting', reason: 'stopped', detail: null, untilMs: noon + 90_000 },
      'waiting 1m 30s: held back',
    ],
    [
      { type: 'waiting', reason: 'crash-loop', detail: '5 exits', untilMs: noon + 300_000 },
      'waiting 5m: The client keeps ending; it is tried again, but seldom. (5 exits)',
    ],
  ],
  state: [
    [{ type: 'state', channel: null, from: null, to: 'live', reason: null, detail: null }, 'session live'],
    [
      {
        type: 'state',
        channel: 'server:x',
        from: 'live',
        to: 'recovering',
        reason: 'plugin-exited',
        detail: 'gone',
      },
      'server:x live -> recovering plugin-exited (gone)',
    ],
  ],
  healing: [
    [{ type: 'healing', reason: 'plugin-exited', action: 'end the client' }, 'plugin-exited: end the client'],
  ],
  reaped: [
    [
      { type: 'reaped', run: 'r', pid: 7, command: 'bun' },
      'ended process 7 (bun), left over from an ended client',
    ],
  ],
  survivor: [
    [
      { type: 'survivor', run: 'r', pid: 7, command: 'node' },
      'process 7 (node) runs on: Claude started it and it is no plugin',
    ],
  ],
  conversation: [
    [{ type: 'conversation', run: 'r', from: 'a', to: 'b' }, 'conversation moved from a to b'],
    [{ type: 'conversation', run: 'r', from: null, to: 'b' }, 'conversation moved to b'],
  ],
  terminal: [
    [{ type: 'terminal', what: 'started', detail: 'tmux' }, 'terminal started (tmux)'],
    [{ type: 'terminal', what: 'lost', detail: '' }, 'terminal lost'],
  ],
  asked: [[{ type: 'asked', what: 'restart', by: 'command' }, 'asked: channels restart']],
  left: [[{ type: 'left', by: 'person' }, 'a person ended the client at its terminal; not wanted any more']],
  gap: [
    [
      {
        ...{ type: 'gap', from: noon - 90_000, to: noon, reason: 'plugin-exited' },
        ...{ waited: 3, unanswered: 1, maybeLost: true },
      },
      'nobody listened for 1m 30s: The channel plugin died; the client does not notice; 3 waited at the platform; 1 had reached Claude and stay unanswered; some may be lost',
    ],
    [
      {
        ...{ type: 'gap', from: noon, to: noon, reason: 'a later release' },
        ...{ waited: null, unanswered: 2, maybeLost: false },
      },
      'lost: a later release; 2 had reached Claude and stay unanswered',
    ],
  ],
  keeper: [
    [
      { type: 'keeper', what: 'took-over', pid: 7, version: '1.0.0' },
      'keeper took-over (pid 7, version 1.0.0)',
    ],
  ],
  told: [
    [
      { type: 'told', event: 'blocked', reason: 'login-expired', by: 'bot', outcome: 'sent', detail: null },
      'told by the bot: blocked login-expired',
    ],
    [
      {
        type: 'told',
        event: 'back',
        reason: null,
        by: 'command',
        outcome: 'failed',
        detail: 'it ended with 3',
      },
      'could not be told by notify.command: back (it ended with 3)',
    ],
  ],
  fault: [[{ type: 'fault', what: 'health', detail: 'no space' }, 'fault in health: no space']],
} as const satisfies { readonly [Type in Event['type']]: Row<Type> }

const told: readonly (readonly [Event, string])[] = Object.values(rows).flat()
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

test('a field that no text can be made of is shown as it stands', () => {
  const detail = { toString: '' }
  const entry = { at: noon, session: null, type: 'terminal', what: 'lost', detail } as unknown as JournalEntry
  expect(formatEvent(entry)).toBe(JSON.stringify(entry))
})

test('an entry of another shape is one line and no exception', () => {
  const entries = fc.record({
    type: fc.constantFrom(...Object.keys(rows)),
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
