import { expect, test } from 'vitest'
import { isOld } from '../../src/commands/order.ts'
import { evidence, run, wanted, withoutClient } from '../core/evidence-builder.ts'

test.each([
  ['the client that was asked for', evidence(), false],
  ['the one before it', evidence({ wanted: wanted({ generation: 2 }) }), true],
  ['none any more', withoutClient({ wanted: wanted({ generation: 2 }) }), false],
  ['one that is newer than what is known of the order', evidence({ run: run({ generation: 3 }) }), false],
])('a look that shows %s', (_, seen, old) => {
  expect(isOld(seen)).toBe(old)
})
