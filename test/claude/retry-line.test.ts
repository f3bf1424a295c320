import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readRetryLine, retriesUnwritten } from '../../src/claude/retry-line.ts'
import { hardcopyOf } from './hardcopy.ts'

const now = 1_795_341_600_000
const screens = new URL('screens/', import.meta.url)
const screen = (name: string) => readFileSync(new URL(name, screens), 'utf8')

test.each([
  ['key-rejected-2.1.330.txt', 'login', 3_000, 4],
  // Whatever the answer was: nothing else is said there.
  ['overloaded-2.1.197.txt', 'unknown', 9_000, 5],
  ['overloaded-2.1.229.txt', 'other', 9_000, 5],
  ['overloaded-2.1.260.txt', 'other', 1_000, 4],
  ['overloaded-2.1.300.txt', 'other', 3_000, 4],
  ['overloaded-2.1.330.txt', 'other', 2_000, 4],
  ['unreachable-2.1.330.txt', 'other', 17_000, 6],
  ['usage-limit-waiting-2.1.330.txt', 'limit', 3_600_000, 1],
] as const)('%s', (name, cause, waitMs, attempt) => {
  const seen = { cause, nextAt: now + waitMs, attempt }
  expect(readRetryLine(screen(name), now)).toEqual(seen)
  expect(readRetryLine(hardcopyOf(screen(name)), now)).toEqual(seen)
})

test('no other screen has such a line', () => {
  const others = readdirSync(screens).filter(
    (name) => !/^(key-rejected|overloaded|unreachable|usage-limit-waiting)-/.test(name),
  )
  expect(others.length).toBeGreaterThan(20)
  for (const name of others)
    for (const text of [screen(name), hardcopyOf(screen(name))])
      expect([name, readRetryLine(text, now)]).toEqual([name, null])
})

test.each([
  ['✻ API error · retrying in 1s · attempt 1/300', { cause: 'unknown', nextAt: now + 1_000, attempt: 1 }],
  [
    '✢ 429 too many requests · retrying in 1m 5s · attempt 9/300',
    { cause: 'limit', nextAt: now + 65_000, attempt: 9 },
  ],
  [
    '· 401 invalid x-api-key · retrying in 37s · attempt 12/300',
    { cause: 'login', nextAt: now + 37_000, attempt: 12 },
  ],
  [
    '✻ Weekly limit reached · retrying in 2d 3h (Mon 3am) · attempt 1/300',
    { cause: 'limit', nextAt: now + 183_600_000, attempt: 1 },
  ],
])('%s', (line, seen) => {
  const whole = `● echo\n\n${line}\n\n────────────\n❯ \n`
  expect(readRetryLine(whole, now)).toEqual(seen)
  // Of the sign that turns any may stand there.
  for (const sign of '·✢✳✶✻✽')
    expect(readRetryLine(hardcopyOf(whole.replace(line[0] ?? '', sign)), now), sign).toEqual(seen)
})

test.each([
  'it said: 401 invalid x-api-key · retrying in 3s · attempt 4/300',
  '✻ 401 invalid x-api-key · retrying soon',
  '✻ Cooking… (12s · esc to interrupt)',
  '',
])('nothing is made of %j', (line) => {
  expect(readRetryLine(line, now)).toBeNull()
})

test.each([
  ['2.1.139', false],
  ['2.1.160', false],
  ['2.1.197', true],
  ['2.1.229', true],
  ['2.1.260', true],
  ['2.1.300', false],
  ['2.1.330', false],
  ['', false],
] as const)('%s says it nowhere else: %s', (version, unwritten) => {
  expect(retriesUnwritten(version)).toBe(unwritten)
})
