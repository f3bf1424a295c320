import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chop, cutPainted } from '../../src/ui/painted.ts'
import { table } from '../../src/ui/table.ts'
import { cut, inPieces, widthOf } from '../../src/ui/width.ts'
import { wrap } from '../../src/ui/wrap.ts'

test.each([
  ['@work_bot', 9],
  ['日本語ボット秘書', 16],
  ['한국어 봇', 9],
  ['ｱｲ', 2],
  ['🤖 bot', 6],
  ['👩‍👩‍👧‍👦', 2],
  ['🇩🇪', 2],
  ['é', 1],
  ['e\u0301', 1],
  ['\x1b[32mlive\x1b[39m', 4],
  ['█▂·×…', 5],
])('%s takes %i columns', (text, columns) => {
  expect(widthOf(text)).toBe(columns)
})

test('what stands right of wide letters in a table begins where its head does', () => {
  const lines = table([
    ['BOT', 'CLIENT'],
    ['日本語ボット秘書', 'idle'],
    ['🤖', 'busy'],
    ['@work_bot', '-'],
  ])
  const before = lines.map((line) => widthOf(line.slice(0, line.search(/CLIENT|idle|busy|-$/))))
  expect(before).toEqual([18, 18, 18, 18])
})

test('a line of wide letters is broken where the terminal would end, and cut there', () => {
  expect(wrap('日本 語の ボット', 9)).toEqual(['日本 語の', 'ボット'])
  expect(cutPainted('\x1b[32m日本語\x1b[39m ok', 5)).toBe('\x1b[32m日本\x1b[39m')
  expect(chop('日本語ボ', 5)).toEqual(['日本', '語ボ'])
  expect(cut('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 3)).toBe('👩‍👩‍👧‍👦')
})

const anyText = fc
  .array(fc.constantFrom('a', ' ', '日', 'ボ', '🤖', '👩‍👧', 'e\u0301', '…'), { maxLength: 30 })
  .map((letters) => letters.join(''))

test('whatever is cut, no piece is wider than asked for, and nothing that fits is lost', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 20 }), (text, columns) => {
      const pieces = inPieces(text, columns)
      for (const piece of pieces) expect(widthOf(piece)).toBeLessThanOrEqual(columns)
      if (columns > 1) expect(pieces.join('')).toBe(text)
      expect(text.startsWith(cut(text, columns)) || columns === 1).toBe(true)
      expect(widthOf(cutPainted(text, columns))).toBeLessThanOrEqual(columns)
    }),
  )
})
