import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Cell, cellsIn, cellsOf, drawCells, legendOf, paintCells } from '../../src/ui/strip.ts'
import { createTheme } from '../../src/ui/theme.ts'
import { dayOf, type Hour, reportOf } from '../core/day-builder.ts'
import { noon } from '../core/evidence-builder.ts'
import { isAscii } from './fake-terminal.ts'

const cells = (spans: readonly Hour[], count: number, now = noon) => {
  const [session] = reportOf(dayOf(spans)).sessions
  if (session === undefined) throw new Error('no session')
  return cellsOf(session, now, count)
}
const all: readonly Cell[] = ['live', 'starting', 'recovering', 'blocked', 'down', 'unknown', 'stopped', null]

test('as many cells as there is room for, of a length people count in', () => {
  expect([200, 100, 72, 50, 47, 24, 12, 11, 0, -5].map(cellsIn)).toEqual([
    ...[144, 96, 72, 48, 36, 24, 12, null, null, null],
  ])
})

test('the worst state of each hour, nothing where nobody looked, the present one last', () => {
  // 24 hours that end at eleven: noon here is ten o'clock sharp.
  const drawn = drawCells(
    cells(
      [
        [20, 'live'],
        [10, 'recovering', 'x'],
        [10 - 3 / 3600, 'live'],
        [5, null],
        [3, 'blocked', 'x'],
        [1, 'live'],
      ],
      24,
    ),
    true,
  )
  expect(drawn).toBe('   ██████████▄████  !!██')
})

test('the picture changes only when a cell is over', () => {
  const spans: readonly Hour[] = [
    [6, 'live'],
    [3, 'down', 'x'],
    [2.4, 'live'],
  ]
  expect(cells(spans, 48, noon + 1_000)).toEqual(cells(spans, 48))
  expect(cells(spans, 48, noon + 30 * 60_000)).not.toEqual(cells(spans, 48))
})

test('without colour each state has a sign of its own, in ASCII too', () => {
  for (const unicode of [true, false]) {
    const drawn = drawCells(all, unicode)
    expect(new Set(drawn).size).toBe(all.length)
    expect(drawn.length).toBe(all.length)
  }
  expect(isAscii(drawCells(all, false))).toBe(true)
})

test('colours are of the states, and change no sign', async () => {
  const theme = await createTheme(true)
  expect(paintCells('██!! ', true, theme)).toBe('\x1b[32m██\x1b[39m\x1b[31m!!\x1b[39m ')
  expect(paintCells('==!-', false, await createTheme(false))).toBe('==!-')
})

test('the legend has what is there, and is left out where all is live', () => {
  expect(legendOf(['live', 'live'], true)).toBeNull()
  expect(legendOf(['live', 'blocked', null], true)).toBe('█ live, ! blocked, blank nobody looked')
  expect(legendOf(['live', 'down'], false)).toBe('= live, x down')
})

test('however the day went: so many cells, and none of a state that nobody saw', () => {
  const span = fc.record({
    at: fc.float({ min: 0, max: 30, noNaN: true }),
    state: fc.constantFrom('live', 'down', null),
  })
  fc.assert(
    fc.property(fc.array(span, { maxLength: 20 }), fc.constantFrom(12, 24, 48, 144), (spans, count) => {
      const sorted = spans.toSorted((a, b) => b.at - a.at)
      const found = cells(
        sorted.map(({ at, state }): Hour => [at, state, 'x']),
        count,
      )
      expect(found).toHaveLength(count)
      const seen = new Set<Cell>([null, 'live', ...spans.map(({ state }) => state)])
      for (const cell of found) expect(seen.has(cell)).toBe(true)
    }),
  )
})
