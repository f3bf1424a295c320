import { expect, test } from 'vitest'
import { readReset } from '../../src/claude/limit-reset.ts'

const at = Date.parse('2026-11-28T01:27:50.000Z')
const said = (text: string) => ({ content: [{ type: 'text', text }] })
const time = (iso: string) => Date.parse(iso)

test.each([
  ["You've hit your 5-hour limit · resets 3:27am (UTC)", '2026-11-28T03:27:00Z'],
  ["You've hit your session limit · resets 3pm (Europe/Berlin)", '2026-11-28T14:00:00Z'],
  ['limit reached ∙ resets at 1am (UTC)', '2026-11-29T01:00:00Z'],
  ['resets 12am (UTC)', '2026-11-29T00:00:00Z'],
  ['resets 12pm (UTC)', '2026-11-28T12:00:00Z'],
  ["You've hit your weekly limit · resets Dec 3, 3pm (UTC)", '2026-12-03T15:00:00Z'],
  ['Claude AI usage limit reached|1795836470', '2026-11-28T03:27:50Z'],
])('%s', (text, iso) => {
  expect(readReset({}, said(text), at)).toBe(time(iso))
})

test('what stands beside the text counts before it, in seconds', () => {
  const row = { quotaLimits: { resetsAt: 1_795_836_470 } }
  expect(readReset(row, said('resets 9pm (UTC)'), at)).toBe(1_795_836_470_000)
})

test.each([
  '',
  'API Error: Request rejected (429)',
  'resets 25pm (UTC)',
  'resets 13am (UTC)',
  'resets 3:99am (UTC)',
  'resets 3am (Nowhere/Else)',
  'resets Foo 3, 3pm (UTC)',
  'resets Feb 3, 3pm (UTC)',
  'limit reached|1000000000',
  'limit reached|9999999999',
])('nothing is made of %j', (text) => {
  expect(readReset({}, said(text), at)).toBeNull()
})

test.each([{ quotaLimits: { resetsAt: 'x' } }, { quotaLimits: null }, { quotaLimits: { resetsAt: -1 } }])(
  'nor of %j',
  (row) => {
    expect(readReset(row, {}, at)).toBeNull()
  },
)

test('the date of a new year is one to come', () => {
  const newYear = time('2026-12-30T10:00:00Z')
  expect(readReset({}, said('resets Jan 2, 9am (UTC)'), newYear)).toBe(time('2027-01-02T09:00:00Z'))
})
