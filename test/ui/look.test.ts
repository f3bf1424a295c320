import { expect, test } from 'vitest'
import { asShown } from '../../src/ui/look.ts'

const red = '\x1b[31mred\x1b[39m \x1b[1;4mbold\x1b[0m \x1b[m'

test('takes colours out and leaves cursor movements', () => {
  expect(asShown(`\x1b[?25l\x1b[2K${red}\x1b[3A`, { colour: false, unicode: true })).toBe(
    '\x1b[?25l\x1b[2Kred bold \x1b[3A',
  )
  expect(asShown(red, { colour: true, unicode: true })).toBe(red)
})

test('ASCII only, without unicode', () => {
  expect(asShown('◆  Name\n● one\n○ two\n↑/↓ • █', { colour: false, unicode: false })).toBe(
    '*  Name\n> one\n  two\nup/down - _',
  )
  expect(asShown('Grüße, 日本, 🙂', { colour: false, unicode: false })).toBe('Gr??e, ??, ?')
  expect(asShown('Grüße', { colour: false, unicode: true })).toBe('Grüße')
})

test("no bar, and no C1 control that some terminals take for an escape's begin", () => {
  expect(asShown('│  a\u009b31mb', { colour: true, unicode: true })).toBe('   a31mb')
})
