import { expect, test } from 'vitest'
import { judgeMemory } from './memory.ts'

const each = (mib: readonly number[]) => mib.map((one, at) => ({ at, mib: one, processes: 1 }))
const four = (a: number, b: number, c: number, d: number) =>
  each([a, b, c, d].flatMap((mib) => [mib, mib, mib]))

test('the first quarter may grow, and a little more is allowed', () => {
  expect(judgeMemory(four(20, 40, 45, 46))).toEqual({ second: 40, last: 46, isFlat: true })
  expect(judgeMemory(four(60, 40, 30, 20))).toMatchObject({ isFlat: true })
})

test('what goes on growing is not flat', () => {
  expect(judgeMemory(four(20, 40, 45, 46.1))).toMatchObject({ isFlat: false })
})

test('of a few looks nobody can tell', () => {
  expect(judgeMemory(each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]))).toBeNull()
  expect(judgeMemory([])).toBeNull()
})
