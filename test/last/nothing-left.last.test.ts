import { tmpdir } from 'node:os'
import { expect, inject, test } from 'vitest'
import { until } from '../sim/until.ts'
import { leftBehind } from './left-behind.ts'
import { look } from './look.ts'

test('the tests before this one left no server, socket, process or file behind', async () => {
  const before = inject('before')
  const left = () => leftBehind(before, look(tmpdir()), tmpdir())
  // What was told to end may take a moment for it.
  await until('nothing', () => left().length === 0, 5_000).catch(() => undefined)
  expect(left()).toEqual([])
})
