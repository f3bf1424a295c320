import { expect, test } from 'vitest'
import { newHealth } from '../../src/core/machine.ts'
import { changedSince, isNewlyLive } from '../../src/core/worked.ts'
import { evidence, noon, run } from './evidence-builder.ts'

const worked = { run: 'run-1', at: noon, client: '2.1.300', plugins: { 'plugin:a@b': '0.0.7' } }

test('versions are noted once a run, when it is live', () => {
  const health = newHealth(noon)
  expect(isNewlyLive('live', evidence(), health)).toBe(true)
  expect(isNewlyLive('live', evidence(), { ...health, worked })).toBe(false)
  expect(isNewlyLive('live', evidence({ run: run({ run: 'run-2' }) }), { ...health, worked })).toBe(true)
  expect(isNewlyLive('recovering', evidence(), health)).toBe(false)
  expect(isNewlyLive('live', evidence({ client: null }), health)).toBe(false)
})

test('what is another is named with what it was', () => {
  expect(changedSince(worked, { client: '2.1.330', plugins: { 'plugin:a@b': '0.0.8' } })).toEqual([
    'client 2.1.330, then 2.1.300',
    'plugin:a@b 0.0.8, then 0.0.7',
  ])
  expect(changedSince(worked, worked)).toEqual([])
  expect(changedSince(worked, { client: null, plugins: {} })).toEqual([])
})
