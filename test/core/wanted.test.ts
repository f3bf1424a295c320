import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Wanted } from '../../src/core/records.ts'
import { nextWanted, type Order } from '../../src/core/wanted.ts'
import { noon, wanted } from './evidence-builder.ts'

const before = wanted({ generation: 4, fresh: true, conversation: 'old', when: 'idle', at: noon })

test.each([
  [
    'up for the first time',
    null,
    { want: true, by: 'up', newClient: true },
    { want: true, generation: 1, at: noon + 5 },
  ],
  ['up again touches nothing', before, { want: true, by: 'up' }, { generation: 4 }],
  [
    'restart asks for a new client',
    before,
    { want: true, by: 'restart', newClient: true },
    { generation: 5 },
  ],
  [
    'fresh',
    before,
    { want: true, by: 'restart', newClient: true, fresh: true },
    { fresh: true, conversation: null },
  ],
  [
    'an old conversation',
    before,
    { want: true, by: 'restart', newClient: true, conversation: 'b' },
    { fresh: false, conversation: 'b' },
  ],
  [
    'asked from inside',
    before,
    { want: true, by: 'restart', newClient: true, when: 'idle' },
    { when: 'idle' },
  ],
  ['down', before, { want: false, by: 'down' }, { want: false, generation: 4, by: 'down' }],
] as const satisfies readonly (readonly [string, Wanted | null, Order, Partial<Wanted>])[])(
  '%s',
  (_, was, order, outcome) => {
    expect(nextWanted(was, order, noon + 5)).toMatchObject(outcome)
  },
)

test('fresh, conversation and patience of an earlier order do not stick', () => {
  expect(nextWanted(before, { want: true, by: 'up' }, noon + 5)).toMatchObject({
    fresh: false,
    conversation: null,
    when: 'now',
  })
})

test('each record is later than the one before, whatever the clock does', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: noon - 9_999, max: noon })),
      fc.array(fc.boolean()),
      (times, clients) => {
        let last: Wanted | null = null
        for (const [i, now] of times.entries()) {
          const newClient = clients[i] ?? false
          const next: Wanted = nextWanted(last, { want: true, by: 'up', newClient }, now)
          expect(next.at).toBeGreaterThan(last?.at ?? 0)
          expect(next.generation).toBe((last?.generation ?? 0) + (newClient ? 1 : 0))
          last = next
        }
      },
    ),
  )
})
