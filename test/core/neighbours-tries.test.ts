import { expect, test } from 'vitest'
import { channel, client, minutes, noon, seconds, sessionFile } from './evidence-builder.ts'
import {
  crashes,
  deafMs,
  dies,
  discord,
  firewalled,
  hours,
  inTurn,
  type Life,
  live,
  neverStarts,
  pausesOf,
  portTaken,
  second,
  stolen,
  well,
} from './two-channels.ts'

const fakechat = { ...channel().channel, id: 'plugin:fakechat@m', kind: 'fakechat' } as const
const peace = 'left in peace'
const saidOf = ({ verdicts }: Life, which: number) =>
  verdicts.map(({ at, verdict }) => ({ ms: at - noon, ...verdict.channels[which] }))
/** What it was in turn. */
const turns = (life: Life, which: number): readonly (string | null | undefined)[] =>
  saidOf(life, which)
    .map(({ state, reason }) => reason ?? state)
    .filter((each, i, all) => each !== all[i - 1])
/** How many ends of the client the worst hour has. */
const worstHour = ({ ends }: Life): number =>
  Math.max(0, ...ends.map(({ at }) => ends.filter((each) => each.at >= at && each.at < at + hours).length))

/** Each so long, in no order. */
const mixed = (start: number): number => [2, 11, 0.1, 5, 10, 3, 2, 14, 1, 25, 2.5][start % 11] as number
const quick = (start: number): number => (start % 2 === 0 ? 2.2 : 10.2)

test.each<[string, (start: number) => number, number]>([
  ['5 seconds', () => 1 / 12, 8],
  ['90 seconds', () => 1.5, 8],
  ['2 minutes and a half', () => 2.5, 9],
  ['4 minutes', () => 4, 9],
  ['9 minutes', () => 9, 9],
  ['10 minutes and a half', () => 10.5, 73],
  ['2 minutes and 10 in turn', quick, 73],
  ['mixed times', mixed, 73],
])(
  'a plugin that lives %s after each start for half a day ends its neighbour’s client seldom',
  (_, life, most) => {
    const seen = live(12 * hours, [well, dies((start) => life(start) * minutes)])
    expect(seen.ends.length).toBeGreaterThan(4)
    expect(seen.ends.length).toBeLessThanOrEqual(most)
    expect(worstHour(seen)).toBeLessThanOrEqual(7)
    for (const [i, { at }] of seen.ends.entries()) {
      const next = seen.ends[i + 2]
      if (next !== undefined) expect(next.at - at).toBeGreaterThanOrEqual(10 * minutes)
    }
    expect(seen.ends.filter(({ fresh }) => fresh)).toEqual([])
    expect(deafMs(seen, 0)).toBeLessThan(seen.ends.length * 10 * seconds)
  },
)

test('a second thief five minutes after a first one: his client is started anew at once', () => {
  const again = dies(() => 5 * minutes)
  const thief: typeof stolen = (ms, at) => (ms < 5 * minutes ? again(ms, at) : stolen(ms, at))
  const life = live(12 * minutes, [inTurn(stolen, thief, well), well])
  expect(life.ends.map(({ ended }) => ended)).toEqual(['poller-stolen', 'poller-stolen'])
  expect(pausesOf(life)).toEqual([5])
  expect(turns(life, 0)).not.toContain('not-healing')
})

test('a session that asks for permission every three minutes: a plugin that dies each half hour is healed at once', () => {
  const asks = client({ file: sessionFile({ activity: 'waiting', waitingFor: 'permission prompt' }) })
  const life = live(5 * hours, [well, dies(() => 31 * minutes + 30 * seconds)], {
    client: (at) => ((at - noon) % (3 * minutes) < minutes ? asks : client()),
  })
  expect(life.ends.length).toBeGreaterThan(7)
  for (const pause of pausesOf(life)) expect(pause).toBeLessThan(35)
  expect(
    life.verdicts.filter(({ verdict }) => verdict.reason === 'permission-prompt').length,
  ).toBeGreaterThan(100)
  expect(turns(life, 1)).not.toContain('not-healing')
})

const taken = { reason: 'port-taken', detail: 'port 8787', channel: fakechat.id } as const

test('a port that a person frees a minute after a try: its channel is healed at once', () => {
  const freed = noon + 75 * seconds
  const life = live(
    9 * minutes,
    [
      well,
      inTurn(
        dies(() => 10 * seconds),
        portTaken,
        well,
      ),
    ],
    {
      channel: fakechat,
      missing: (_, at) => (at > noon + 12 * seconds && at < freed ? [taken] : []),
    },
  )
  expect(life.ends.map(({ ended }) => ended)).toEqual(['plugin-exited', 'port-taken'])
  expect((life.ends[1]?.at ?? 0) + noon - freed).toBeLessThan(5 * seconds)
  expect(turns(life, 1).slice(2, 5)).toEqual(['plugin-exited', 'starting', 'port-taken'])
  expect(turns(life, 1)).not.toContain('not-healing')
  expect(turns(life, 1).at(-1)).toBe('live')
})

test('a plugin that says its port is taken while nobody is seen on it: ever more seldom, and it says when', () => {
  const life = live(12 * hours, [well, portTaken], { channel: fakechat })
  const pauses = pausesOf(life)
  expect(pauses.slice(0, 4).map((pause) => Math.floor(pause / 10) * 10)).toEqual([10, 30, 60, 180])
  expect(life.ends.length).toBeLessThan(9)
  saysWhen(life)
})

test('a port that each end of the client frees late: once in ten minutes, and it says when', () => {
  const life = live(3 * hours, [well, portTaken], {
    channel: fakechat,
    missing: (ms) => (ms < 5 * seconds ? [taken] : []),
  })
  for (const pause of pausesOf(life).slice(1)) expect(pause).toBeGreaterThanOrEqual(10)
  expect(worstHour(life)).toBeLessThanOrEqual(7)
  saysWhen(life)
})

/** A channel that is spared names its next try, each time the same, and that comes. */
const saysWhen = (life: Life): void => {
  const said = saidOf(life, 1).filter(({ reason }) => reason === 'not-healing')
  expect(said.length).toBeGreaterThan(100)
  const times = new Set(
    said.map(({ detail }) => /^port-taken: .*; tried again at (\S+), /.exec(detail ?? '')?.[1] ?? ''),
  )
  for (const time of times) {
    const ms = Date.parse(time) - noon
    const last = life.verdicts.at(-1)?.at ?? 0
    if (ms + noon > last) continue
    expect(life.ends.map(({ at }) => at).some((at) => at >= ms && at < ms + minutes)).toBe(true)
  }
  // What is there is not called missing for longer than it takes to see to it.
  const called = saidOf(life, 1).filter(({ reason }) => reason === 'port-taken')
  for (const { ms } of called) {
    const ended = [0, ...life.ends.map(({ at }) => at)].filter((at) => at <= ms).at(-1) ?? 0
    const next = life.ends.find(({ at }) => at >= ms)?.at ?? Number.POSITIVE_INFINITY
    expect(Math.min(ms - ended, next - ms)).toBeLessThanOrEqual(minutes)
  }
}

test('two sick channels: the slower one is waited for, and the faster one is not called spared meanwhile', () => {
  const life = live(50 * seconds, [crashes, neverStarts])
  expect(life.ends.length).toBeGreaterThan(1)
  const starts = [-2 * seconds, ...life.ends.map(({ at }) => at)]
  for (const [i, { at }] of life.ends.entries())
    expect(at - (starts[i] ?? 0)).toBeGreaterThanOrEqual(17 * seconds)
  expect(new Set(turns(life, 0))).toEqual(new Set(['starting', 'plugin-failed']))
  // And it is said once a start.
  expect(turns(life, 0).filter((each) => each === 'plugin-failed').length).toBeLessThanOrEqual(starts.length)
})

test('one that comes up slowly is not begun anew for another', () => {
  const slow: typeof well = (ms, at) => (ms < 25 * seconds ? { ...well(0, at - ms) } : well(ms, at))
  const life = live(2 * minutes, [slow, inTurn(crashes, well)])
  expect(life.ends).toHaveLength(1)
  expect(life.ends[0]?.at).toBeGreaterThanOrEqual(25 * seconds)
})

test('a Discord that never connects spares nobody', () => {
  const life = live(20 * minutes, [crashes, firewalled], { channel: discord })
  for (const { detail } of saidOf(life, 0)) expect(detail ?? '').not.toContain(peace)
  for (const { detail } of saidOf(life, 1)) expect(detail ?? '').not.toContain(peace)
  expect(life.ends.length).toBeGreaterThan(4)
  // Beside one that is well it is spared all the same.
  const beside = live(20 * minutes, [well, firewalled], { channel: discord })
  expect(second(beside.verdicts.at(-1)?.verdict ?? ({ channels: [] } as never)).detail ?? '').toContain(peace)
})
