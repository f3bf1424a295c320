import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearest } from '../../src/core/nearest.ts'

const commands = ['setup', 'up', 'down', 'restart', 'status', 'logs', 'attach', 'send', 'set', 'service']

test.each([
  ['stauts', 'status'],
  ['sttus', 'status'],
  ['statuss', 'status'],
  ['stat', 'status'],
  ['log', 'logs'],
  ['setupp', 'setup'],
  ['atach', 'attach'],
  ['ups', 'up'],
  ['restrat', 'restart'],
])('%s: %s was meant', (typed, meant) => {
  expect(nearest(typed, commands)).toBe(meant)
})

test.each(['telegram', 'x', '', '-', 'frobnicate', 'a'.repeat(10_000)])('%s is near to none', (typed) => {
  expect(nearest(typed, commands)).toBe(null)
  expect(nearest(typed, [])).toBe(null)
})

test('two as near as each other: the one that stands first', () => {
  expect(nearest('sit', ['site', 'sin'])).toBe('site')
})

test('a name with one letter swapped, left out or put in is found, whatever the name', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{3,11}$/)
  fc.assert(
    fc.property(name, fc.nat(), fc.constantFrom('swap', 'drop', 'add'), (meant, at, how) => {
      const i = at % (meant.length - 1)
      const [a = '', b = ''] = [meant[i], meant[i + 1]]
      const middle = how === 'swap' ? b + a : how === 'drop' ? b : `${a}x${b}`
      const typed = meant.slice(0, i) + middle + meant.slice(i + 2)
      expect(nearest(typed, ['unlikely-name', meant])).toBe(meant)
    }),
  )
})
