import { expect, test } from 'vitest'
import { isOld, watch } from '../../src/commands/order.ts'
import type { Deps } from '../../src/deps.ts'
import { evidence, run, session, wanted, withoutClient } from '../core/evidence-builder.ts'

test.each([
  ['the client that was asked for', evidence(), false],
  ['the one before it', evidence({ wanted: wanted({ generation: 2 }) }), true],
  ['none any more', withoutClient({ wanted: wanted({ generation: 2 }) }), false],
  ['one that is newer than what is known of the order', evidence({ run: run({ generation: 3 }) }), false],
])('a look that shows %s', (_, seen, old) => {
  expect(isOld(seen)).toBe(old)
})

test.each([
  [5, [100, 100, 100]],
  [120, [360, 360, 360]],
  [900, [1_000, 1_000, 1_000]],
])(
  'looks that take %i ms leave the machine at least as long, and are no further apart than a second',
  async (takes, pauses) => {
    let now = 0
    const slept: number[] = []
    const deps = {
      clock: {
        elapsed: () => now,
        sleep: async (ms: number) => {
          slept.push(ms)
          now += ms
        },
      },
      cancelled: new AbortController().signal,
      observe: async () => {
        now += takes
        return evidence()
      },
    } as unknown as Deps
    expect(await watch(session, wanted(), 60_000, () => (slept.length < 3 ? null : 'there'), deps)).toBe(
      'there',
    )
    expect(slept).toEqual(pauses)
  },
)
