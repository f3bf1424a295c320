import { expect, test } from 'vitest'
import { share } from '../../src/core/share.ts'

/** A reading that answers what it was asked and how many readings there were by then. */
const counting = () => {
  let times = 0
  const read = share(
    (what: string) => `${what} ${++times}`,
    (what) => what,
  )
  return read
}

test('in one go the same is read once, and another for itself', () => {
  const read = counting()
  expect([read('a'), read('b'), read('a'), read('b')]).toEqual(['a 1', 'b 2', 'a 1', 'b 2'])
})

test('whoever waited, if only for a promise that is kept already, reads anew', async () => {
  const read = counting()
  const look = async () => read('a')
  // Sessions looked at together, then looked at again.
  expect(await Promise.all([look(), look()])).toEqual(['a 1', 'a 1'])
  expect(await Promise.all([look(), look()])).toEqual(['a 2', 'a 2'])
  read('b')
  await null
  expect(read('b')).toBe('b 4')
})

test('nothing found is an answer, too; what throws is asked again', () => {
  let times = 0
  const nothing = share(
    () => {
      times += 1
      return null
    },
    () => '',
  )
  expect([nothing(), nothing(), times]).toEqual([null, null, 1])
  const broken = share(
    () => {
      times += 1
      throw new Error('no')
    },
    () => '',
  )
  expect(broken).toThrow('no')
  expect(broken).toThrow('no')
  expect(times).toBe(3)
})
