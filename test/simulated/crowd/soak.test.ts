import { afterEach, beforeEach, expect, test } from 'vitest'
import { within } from '../../patience.ts'
import { at, openProgram, type Program } from './program.ts'

let soak: Program
beforeEach(() => {
  soak = openProgram('soak')
})
afterEach(() => soak.close())

const short = ['--minutes', '0.7', '--seed', '3', '--faults', '5', '--sessions', '3']

test(
  'a short soak: the plan is carried out, every message is accounted for, and nothing is left',
  within(240_000),
  async () => {
    const { code, text } = await soak.run(undefined, { words: short })
    expect(code, text).toBe(0)
    expect(text).toContain('Restart policy of each: restart.attempts')
    expect(text).toMatch(/\n {2}fault +felt\/planned/)
    expect(text).toMatch(/Messages: \d\d+ sent, /)
    expect(text).toContain('Unaccounted for: 0\n')
    expect(text).toContain('All holds.')
    // Five faults that all missed would prove nothing.
    expect(text.split(/: missed \(/).length).toBeLessThan(4)
    soak.expectNothingLeft()
  },
)

test('Ctrl-C in the middle: 130, and nothing is left', async () => {
  const { code, text } = await soak.run(
    at('Restart policy', (program) => program.kill('SIGINT')),
    { words: short },
  )
  expect(code, text).toBe(130)
  expect(text).toContain('Cancelled (SIGINT).')
  expect(text).not.toContain('All holds.')
  soak.expectNothingLeft()
})

test.each([['--minutes', '0'], ['--often']])('%s %s: 2, before anything is made', async (...words) => {
  const { code, text } = await soak.run(undefined, { words })
  expect([code, text.split('\n').at(-2)]).toEqual([2, expect.stringContaining('Usage: npm run soak')])
  soak.expectNothingLeft()
})
