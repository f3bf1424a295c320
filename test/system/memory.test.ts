import { expect, test } from 'vitest'
import { createTidying } from '../../src/system/memory.ts'

const mib = 1024 * 1024

test('it collects at first, and then whenever two MiB of garbage have gathered', () => {
  let [used, live, times] = [9 * mib, 5 * mib, 0]
  const tidy = createTidying(
    () => {
      times += 1
      used = live
    },
    () => used,
  )
  const after = (bytes: number) => {
    used = bytes
    tidy()
    return times
  }
  expect([after(9 * mib), after(5.5 * mib), after(6.9 * mib), after(7 * mib)]).toEqual([1, 1, 1, 2])
  // V8 collected by itself; from then on it counts from there.
  expect([after(4 * mib), after(5.9 * mib), after(6 * mib)]).toEqual([2, 2, 3])
  // What lives grows: it is not collected in vain at each look.
  live = 9 * mib
  expect([after(9 * mib), after(9 * mib), after(10.9 * mib)]).toEqual([4, 4, 4])
})

test('without --expose-gc there is nothing to call', () => {
  expect(() =>
    createTidying(undefined, () => {
      throw new Error('asked')
    })(),
  ).not.toThrow()
})
