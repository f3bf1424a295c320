import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { below, layOut, redraw } from '../../src/ui/picture.ts'
import { widthOf } from '../../src/ui/width.ts'
import { emulatedScreen } from './emulated-screen.ts'

describe('the layout', () => {
  test('breaks prose between words, and a word that is longer; cuts everything else', () => {
    const lines = [
      ['a table  that is long'],
      ['  some prose that is', 'prose'],
      ['0123456789abc', 'prose'],
    ] as const
    expect(layOut(lines, { columns: 11, rows: 24 })).toEqual([
      'a table  t',
      '  some',
      '  prose',
      '  that is',
      '0123456789',
      'abc',
    ])
  })

  test('colours count as nothing, and what ends one is kept', () => {
    expect(layOut([['\x1b[32mabcdef\x1b[39m ghi']], { columns: 5, rows: 24 })).toEqual([
      '\x1b[32mabcd\x1b[39m',
    ])
  })

  test.each([
    [4, ['a', 'b', 'c', 'd']],
    [3, ['a', '… 2 more lines', 'd']],
    [1, ['… 4 more lines']],
  ])('with %s rows shows what fits', (rows, expected) => {
    expect(layOut([['a'], ['b'], ['c'], ['d']], { columns: 40, rows })).toEqual(expected)
  })

  test('says it in ASCII, and within the width', () => {
    expect(layOut([['a'], ['b'], ['c']], { columns: 40, rows: 2 }, '...')).toEqual(['... 2 more lines', 'c'])
    expect(layOut([['a'], ['b']], { columns: 4, rows: 1 })).toEqual(['… 2'])
  })

  test('never takes more columns or rows than there are, and leaves the last column free', () => {
    const line = fc.tuple(fc.stringMatching(/^[ a-z`]{0,60}$/), fc.constantFrom('prose' as const, undefined))
    fc.assert(
      fc.property(
        fc.array(line),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 12 }),
        (given, columns, rows) => {
          const lines = given.map(([text, as]) =>
            as === undefined ? ([text] as const) : ([text, as] as const),
          )
          const shown = layOut(lines, { columns, rows })
          expect(shown.length).toBeLessThanOrEqual(rows)
          for (const each of shown) expect(widthOf(each)).toBeLessThanOrEqual(Math.max(1, columns - 1))
        },
      ),
    )
  })
})

const size = { columns: 12, rows: 8 }

describe('drawing in place', () => {
  test('writes only what differs, and nothing when nothing does', () => {
    expect(redraw(['one', 'two', 'three'], ['one', '2', 'three'])).toBe(
      '\x1b[?7l\r\r\n2\x1b[K\r\n\r\x1b[2A\x1b[?7h',
    )
    expect(redraw(['one', 'two'], ['one', 'two'])).toBe('')
  })

  test('every picture stands as it is to, wherever it begins, and nothing above it is touched', () => {
    const picture = fc.array(fc.stringMatching(/^[a-z ]{0,11}$/), { minLength: 1, maxLength: size.rows })
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20 }),
        fc.array(picture, { minLength: 1 }),
        (linesAbove, pictures) => {
          const screen = emulatedScreen(size)
          const above = Array.from({ length: linesAbove }, (_, i) => `above ${i}`)
          for (const line of above) screen.write(`${line}\r\n`)
          let before: readonly string[] | null = null
          for (const next of pictures) {
            screen.write(redraw(before, next))
            const { x, line } = screen.place()
            expect({ x, line }).toEqual({ x: 0, line: above.length })
            expect(screen.text()).toEqual(trimmed([...above, ...next]))
            expect(screen.mayBreak()).toBe(true)
            before = next
          }
          screen.write(`${below(before ?? [])}$ `)
          expect(screen.text()).toEqual(trimmed([...above, ...(before ?? []), '$']))
        },
      ),
    )
  })

  test('letters that are wider than they count make no line of their own', () => {
    const screen = emulatedScreen(size)
    screen.write(redraw(null, ['x'.repeat(30), 'two']))
    expect(screen.text()).toHaveLength(2)
    expect(screen.text()[1]).toBe('two')
  })

  test('without knowing what stood there it is drawn anew at the same place', () => {
    const screen = emulatedScreen(size)
    screen.write(`above\r\n${redraw(null, ['one', 'two', 'three'])}`)
    screen.write(redraw(null, ['1', '2']))
    expect(screen.text()).toEqual(['above', '1', '2'])
  })
})

/** As a screen shows them: an empty line at the end is none. */
const trimmed = (lines: readonly string[]): readonly string[] => {
  const all = lines.map((line) => line.trimEnd())
  return all.slice(0, all.findLastIndex((line) => line !== '') + 1)
}
