import { expect, test } from 'vitest'
import { faultOf, type TokenForm, tokenIn } from '../../src/channels/token.ts'

const form: TokenForm = {
  label: 'Matrix',
  pattern: /^syt_[a-z]{8}$/,
  variable: 'MATRIX_TOKEN',
  first: [{ found: /^bearer is its name$/, says: 'it is the messenger’s own' }],
  last: [
    { found: /^syt_/, says: 'a part of it is missing' },
    { found: /'/, says: 'never: quotes come before' },
  ],
  hint: 'Look under Settings.',
}

test.each([
  ['syt_abcdefgh', null],
  ['', 'it is empty'],
  [' \t\n', 'it is empty'],
  ['MATRIX_TOKEN=syt_abcdefgh', 'it is a whole line of an .env file; give only what stands behind `=`'],
  ['export X=syt_abcdefgh', 'it is a whole line of an .env file; give only what stands behind `=`'],
  // The messenger's own before what anybody pastes, and after it.
  ['bearer is its name', 'it is the messenger’s own'],
  ['Bearer syt_abcdefgh', 'it begins with `Bearer`'],
  ["'syt_abcdefgh'", 'it stands in quotes'],
  ['syt_abcd', 'a part of it is missing'],
  ['syt_abcdefgh\n', 'it holds a line break'],
  ['none of them', 'it holds a space or tab'],
  ['none', 'it holds characters no token has'],
])('what is wrong with %j: %s', (text, fault) => {
  expect(faultOf(form, text)).toBe(fault)
})

test('blanks around a token are taken off, and what is none is refused by its messenger’s name', () => {
  expect(tokenIn(form, ' syt_abcdefgh\r\n')).toBe('syt_abcdefgh')
  expect(() => tokenIn(form, 'syt_abcd')).toThrow(
    expect.objectContaining({
      ...{ name: 'ExpectedError', status: 2 },
      message: 'That is no Matrix bot token: a part of it is missing.',
      hint: 'Look under Settings.',
    }),
  )
})
