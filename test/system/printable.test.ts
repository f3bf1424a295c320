import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printable } from '../../src/system/printable.ts'

const esc = '\u001b'

test('a foreign text moves no cursor, sets no title and makes no second line', () => {
  expect(printable(`a${esc}]0;title\u0007b`)).toBe('a]0;titleb')
  expect(printable(`a${esc}[2Jb\u009b2Jc`)).toBe('a[2Jb2Jc')
  expect(printable('a\r\nb\tc\u0000\u007f')).toBe('a b\tc')
  expect(printable('grüße 😀')).toBe('grüße 😀')
})

test('our colours stay where they are wanted, and nothing else does', () => {
  const line = `${esc}[32mlive${esc}[39m ${esc}[8mhidden${esc}[28m ${esc}[2mfaint${esc}[22m`
  expect(printable(line, 'kept')).toBe(`${esc}[32mlive${esc}[39m [8mhidden[28m ${esc}[2mfaint${esc}[22m`)
  expect(printable(line)).toBe('live [8mhidden[28m faint')
})

test('no control character but a tab is left, whatever the text', () => {
  const text = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(fc.array(fc.oneof(text, fc.constantFrom(esc, '[2m', '\n', '\u009d'))), (parts) => {
      expect(printable(parts.join(''))).not.toMatch(/[^\P{Cc}\t]/u)
      const coloured = printable(parts.join(''), 'kept').replaceAll(`${esc}[2m`, '')
      expect(coloured).not.toMatch(/[^\P{Cc}\t]/u)
    }),
  )
})
