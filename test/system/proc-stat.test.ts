import { expect, test } from 'vitest'
import { parseStat } from '../../src/system/processes-linux.ts'

const rest = '1 2 0 -1 4194304 105 0 0 0 1 2 0 0 20 0 1 0'
const line = (comm: string) => `4712 (${comm}) S 4700 ${rest} 987654 2740224 222 18446744073709551615\n`

test.each(['claude', '2.1.330', 'tmux: server', 'a) S 1 (b', ') ', ''])('the name %j', (comm) => {
  expect(parseStat(line(comm))).toEqual({ pid: 4712, ppid: 4700, state: 'S', start: '987654', comm })
})

test('the start may end the line', () => {
  expect(parseStat(`4712 (x) S 4700 ${rest} 987654`)).toMatchObject({ start: '987654' })
})

test('cut before that it is no process', () => {
  const whole = line('claude')
  const end = whole.indexOf('987654')
  for (let at = 0; at < end; at += 1) expect(parseStat(whole.slice(0, at))).toBe(null)
  expect(parseStat('x (y) S z 1')).toBe(null)
})
