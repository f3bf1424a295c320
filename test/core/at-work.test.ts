import { expect, test } from 'vitest'
import { judgeKeeper, keepersOf } from '../../src/core/at-work.ts'
import type { KeeperRecord } from '../../src/core/records.ts'
import { minutes, noon, seconds } from './evidence-builder.ts'

const keeper = (where: KeeperRecord['where'] = 'foreground'): KeeperRecord => ({
  ...{ format: 1, pid: 7, start: '105', version: '1.0.0', since: noon, where, machine: null },
})
const seen = (lookedAt: number | null, suspended = false, where?: KeeperRecord['where']) => ({
  ...{ keeper: keeper(where), suspended, lookedAt },
})

test.each([
  ['none', null, 'no keeper is at work; `channels up` starts one'],
  ['suspended', seen(noon, true), 'the keeper (pid 7) is suspended; `kill -CONT 7` lets it go on'],
  ['stopping', seen(noon, false, 'stopping'), 'all sessions are being taken down (pid 7)'],
  [
    'it looks no more',
    seen(noon - 3 * minutes),
    'the keeper (pid 7) has not looked for 3m; `kill -9 7` ends it',
  ],
  [
    'it looked last before the clock was set back',
    seen(noon + minutes),
    'the keeper (pid 7) has not looked; `kill -9 7` ends it',
  ],
  ['its record is gone', seen(null), 'the keeper (pid 7) has not looked; `kill -9 7` ends it'],
] as const)('lost: %s', (_, found, sentence) => {
  expect(judgeKeeper(found, noon)).toEqual({ lost: true, sentence })
  expect(keepersOf(found, noon).keeper).toBeNull()
})

test.each([
  ['just now', seen(noon)],
  ['in a terminal, too', seen(noon - 2 * seconds, false, 'terminal')],
  ['a long look, on a busy machine', seen(noon - 50 * seconds)],
])('at work: %s', (_, found) => {
  expect(judgeKeeper(found, noon)).toEqual({ lost: false, sentence: 'a keeper is at work (pid 7)' })
  expect(keepersOf(found, noon)).toEqual({ keeper: found.keeper, silentKeeper: null })
})

test('one that looks no more is told from one that is not there, or told not to look', () => {
  const silent = (found: Parameters<typeof keepersOf>[0]) => keepersOf(found, noon).silentKeeper
  for (const lookedAt of [noon - 14 * minutes, noon + minutes, null])
    expect(silent(seen(lookedAt))).toEqual(seen(lookedAt))
  const others = [null, seen(noon - 14 * minutes, true), seen(noon - 14 * minutes, false, 'stopping')]
  expect(others.map(silent)).toEqual([null, null, null])
})
