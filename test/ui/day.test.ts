import { expect, test } from 'vitest'
import { plainStatus } from '../../src/ui/plain-status.ts'
import { showStatus } from '../../src/ui/status.ts'
import { dayOf, type Hour, reportOf } from '../core/day-builder.ts'
import { evidence, minutes, noon, silentKeeper } from '../core/evidence-builder.ts'
import { isAscii, longest } from './fake-terminal.ts'

const outage: readonly Hour[] = [
  [30, 'live'],
  [2, 'blocked', 'login-expired'],
  [1.8, 'live'],
]
const two = [
  dayOf(outage, { name: 'site', messages: 43 }),
  dayOf([[6, 'live']], { name: 'notes', messages: 1 }),
]
const show = async (columns: number | null, seen = two, unicode = true) => {
  const day = columns === null ? null : { columns, unicode }
  return (await showStatus(reportOf(...seen), noon, false, day)).map(([line]) => line)
}

test('at 80 columns the last day stands below the table', async () => {
  const lines = await show(80)
  expect(lines.slice(0, 4)).toEqual([...(await show(null)), ''])
  expect(lines.slice(4)).toEqual([
    '       24h ago                                      now  LIVE         MESSAGES',
    `site   ${'█'.repeat(43)}!████  99.1 %       43`,
    `notes  ${' '.repeat(35)}${'█'.repeat(13)}  100 % of 6h  1`,
    'Each sign is the worst of 30m: █ live, ! blocked, blank nobody looked.',
  ])
})

test('where there is room, beside it', async () => {
  for (const columns of [140, 200]) {
    const lines = await show(columns)
    expect(lines).toHaveLength(4)
    expect(lines[0]).toMatch(/RESTARTS {2}24h ago +now {2}LIVE +MESSAGES$/)
    expect(lines[1]).toMatch(/^site +live .*█!█+ {2}99\.1 % +43$/)
    expect(lines[3]).toMatch(/^Each sign is/)
  }
})

test('no line is longer than the terminal, down to where it is left out', async () => {
  for (let columns = 20; columns <= 220; columns += 1) {
    const drawn = (await show(columns)).filter((line) => /█|24h ago/.test(line) && !line.startsWith('Each'))
    expect(longest(drawn.length === 0 ? [''] : drawn)).toBeLessThan(columns)
  }
  expect((await show(60)).join('\n')).toContain('█')
  expect(await show(40)).toEqual(await show(null))
})

test('in ASCII where the locale has no more', async () => {
  const lines = await show(80, two, false)
  expect(isAscii(lines.join(''))).toBe(true)
  expect(lines[5]).toContain('==!===')
})

test('nothing where nothing is known', async () => {
  expect(await show(80, [evidence()])).toEqual(await show(null, [evidence()]))
})

const plain = (...given: Parameters<typeof dayOf>) => plainStatus(reportOf(dayOf(...given)), noon)[0]
test.each<[Parameters<typeof dayOf>, RegExp]>([
  [
    [outage, { messages: 43 }],
    / In the last 24 hours: live 99\.1 %, longest outage 12m from \d\d:00 \[login-expired\], 43 messages\.$/,
  ],
  [
    [[[6, 'live']], { messages: 1 }],
    / In the last 24 hours, of which 6h are known: live 100 %, 1 message\.$/,
  ],
  [
    [
      [
        [24, 'stopped'],
        [12, 'live'],
      ],
    ],
    /: live 100 % of 12h, stopped for 12h, 0 messages\.$/,
  ],
  [
    [
      [
        [24, 'live'],
        [9, 'blocked', 'question', 3_600_000],
        [7, 'live'],
      ],
    ],
    /outages of together 1h around \d\d:00 \[question\]/,
  ],
  [[[], { messages: 2 }], /In the last 24 hours nobody looked, and 2 messages came\.$/],
])('read aloud: %j', (given, text) => {
  expect(plain(...given)).toMatch(text)
})

test('a keeper that is gone has looked until it wrote so, and not until now', () => {
  const until = noon - 6 * 60 * minutes
  const seen = (keeper: boolean, since = until) =>
    reportOf(
      dayOf([[24, 'live']], { until: since, ...(keeper ? {} : { keeper: null }) }),
    ).sessions[0]?.history.spans.at(-1)?.to
  expect(seen(false)).toBe(new Date(until).toISOString())
  // Nor has one that is at work, and has not looked at this session since.
  expect(seen(true)).toBe(new Date(until).toISOString())
  expect(seen(true, noon - 9 * minutes)).toBe(new Date(noon).toISOString())
  expect(seen(false, noon - 9 * minutes)).toBe(new Date(noon - 9 * minutes).toISOString())
})

test('a keeper that hangs, or a machine that slept, has seen nothing since its last look', () => {
  const lookedAgo = (ms: number | null) => {
    const silent = silentKeeper(ms === null ? null : noon - ms)
    const until = noon - 14 * minutes
    return reportOf(dayOf([[24, 'live']], { until, keeper: null, silentKeeper: silent }))
  }
  const seenUntil = (ms: number | null) => lookedAgo(ms).sessions[0]?.history.spans.at(-1)?.to
  const minutesAgo = (count: number) => new Date(noon - count * minutes).toISOString()
  expect(seenUntil(14 * minutes)).toBe(minutesAgo(14))
  expect(seenUntil(10 * minutes)).toBe(minutesAgo(10))
  // What is older than what it wrote down, not over yet, or not there says nothing.
  for (const ms of [15 * minutes, -minutes, null]) expect(seenUntil(ms)).toBe(minutesAgo(14))
})
