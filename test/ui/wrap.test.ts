import fc from 'fast-check'
import { expect, test } from 'vitest'
import { widthOf } from '../../src/ui/width.ts'
import { wrap, wrapLong } from '../../src/ui/wrap.ts'

test('breaks between words, at the last column that is free', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
  expect(wrap('one two three', 6)).toEqual(['one', 'two', 'three'])
  expect(wrap('one two', 7)).toEqual(['one two'])
})

test('keeps paragraphs and empty lines', () => {
  expect(wrap('one\n\ntwo', 20)).toEqual(['one', '', 'two'])
  expect(wrap('', 20)).toEqual([''])
  expect(wrap('   ', 20)).toEqual([''])
})

test('keeps an indentation of two spaces, on the lines that follow too', () => {
  expect(wrap('  one two', 6)).toEqual(['  one', '  two'])
  expect(wrap('    one two', 9)).toEqual(['    one', '    two'])
  expect(wrap(' one two', 20)).toEqual(['one two'])
})

test('never breaks a word, so that a link can be copied', () => {
  const link = 'https://t.me/some_long_bot_name?start=abcdefghijkl'
  expect(wrap(`open ${link} now`, 20)).toEqual(['open', link, 'now'])
  expect(wrap(`  ${link}`, 20)).toEqual([`  ${link}`])
})

test('keeps a command between backticks whole where it fits on a line', () => {
  expect(wrap('next: `channels up web`, then wait', 20)).toEqual(['next:', '`channels up web`,', 'then wait'])
  expect(wrap('  is up; `a b c`; `d e`', 12)).toEqual(['  is up;', '  `a b c`;', '  `d e`'])
  // Too long for any line: as other words, and what comes after it is whole again.
  expect(wrap('`channels up web now` or `a b`', 12)).toEqual(['`channels up', 'web now` or', '`a b`'])
  // A backtick that nobody closes is a letter.
  expect(wrap('a ` b c d', 5)).toEqual(['a ` b', 'c d'])
})

test('what fits keeps the spaces that stand in it, where only long lines are to be broken', () => {
  expect(wrapLong('"a  b"\n  one two three', 12)).toBe('"a  b"\n  one two\n  three')
})

test('counts columns, not halves of code points', () => {
  expect(wrap('𝒂𝒂 𝒃𝒃', 5)).toEqual(['𝒂𝒂 𝒃𝒃'])
})

test('loses no word and makes no line longer than a single word needs', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z`]{1,12}$/)),
      fc.integer({ min: 1, max: 40 }),
      (words, columns) => {
        const lines = wrap(words.join(' '), columns)
        expect(lines.join(' ')).toBe(words.join(' '))
        for (const line of lines) expect(widthOf(line) <= columns || !line.includes(' ')).toBe(true)
      },
    ),
  )
})
