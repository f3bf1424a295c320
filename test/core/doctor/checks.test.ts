import { expect, test } from 'vitest'
import { type CheckName, checkNames, checkOf, checks } from '../../../src/core/doctor/checks.ts'
import { type ReasonName, reasons } from '../../../src/core/reasons.ts'

const allReasons = Object.keys(reasons) as readonly ReasonName[]
const reasonsOf = (name: CheckName): readonly ReasonName[] => checks[name].reasons

test.each(allReasons)('%s fails one check of a session or of a channel, and no other', (reason) => {
  const named = checkNames.filter((name) => reasonsOf(name).includes(reason))
  const kinds = named.map((name) => checks[name].of)
  expect(named.length).toBeGreaterThan(0)
  expect(new Set(kinds).size).toBe(kinds.length)
  expect(named).toContain(checkOf(reason, true))
  expect(named).toContain(checkOf(reason, false))
})

test('what is wrong with our own folder is not taken for what is wrong with a bot’s', () => {
  expect(checkOf('state-unwritable', false)).toBe('records')
  expect(checkOf('state-unwritable', true)).toBe('state-folder')
})

test('what a check needs is looked at before it', () => {
  const late = checkNames.flatMap((name, at) =>
    (checks[name].needs as readonly CheckName[]).filter((need) => checkNames.indexOf(need) >= at),
  )
  expect(late).toEqual([])
})

test('titles tell checks apart', () => {
  const titles = checkNames.map((name) => checks[name].title)
  expect(new Set(titles).size).toBe(titles.length)
})
