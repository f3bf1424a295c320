import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeMachine, type Machine, makeMachine, setUp } from '../faults/kit.ts'

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
  await setUp(home, 'both')
})
afterAll(() => closeMachine(home))

test('several `channels set` at once: each change is there', async () => {
  const changes = [
    'restart.attempts=9',
    'restart.retry=7m',
    'model=opus',
    'env.EXTRA=1',
    'permission-mode=plan',
  ]
  const outcomes = await Promise.all(changes.map((change) => home.channels(['set', 'both', change])))
  expect(outcomes.map(({ code }) => code)).toEqual(changes.map(() => 0))
  const { stdout } = await home.channels(['set', 'both'])
  expect(stdout).toMatch(/restart\.attempts +9\n/)
  expect(stdout).toMatch(/restart\.retry +7m\n/)
  expect(stdout).toMatch(/model +opus\n/)
  expect(stdout).toMatch(/permission-mode +plan\n/)
  expect(stdout).toMatch(/environment .*\bEXTRA\b/)
})

test('`--check` on a session that is stopped says so at once', async () => {
  const checked = await home.channels(['setup', 'telegram', '--check', '--session', 'both'])
  expect(checked).toMatchObject({ code: 1 })
  expect(checked.stderr).toContain('`channels up both` starts it')
  expect(checked.ms).toBeLessThan(15_000)
})
