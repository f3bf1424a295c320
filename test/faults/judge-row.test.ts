import { expect, test } from 'vitest'
import type { Fault } from './fault.ts'
import { whatIsWrong } from './judge-row.ts'
import type { Result } from './results.ts'
import { plainTable, unprovoked } from './table.ts'

const fault: Fault = {
  name: 'plugin killed',
  says: 'plugin-exited',
  passes: ['client-exited'],
  where: 'both',
  when: 'live',
  heals: 'by itself',
  open: async () => null,
}
const well: Omit<Result, 'wrong'> = {
  ...{ name: fault.name, expected: fault.says, said: ['plugin-exited', 'client-exited'] },
  ...{ namedS: 0.5, withinS: 3, backS: 4, answered: true },
}

test('a row is right when it was named so in time, as nothing else, and answers again', () => {
  expect(whatIsWrong(fault, well)).toBeNull()
  expect(whatIsWrong(fault, { ...well, namedS: 3.1 })).toBe('named after 3 s')
  expect(whatIsWrong(fault, { ...well, said: [], namedS: null })).toBe('never called plugin-exited')
  expect(whatIsWrong(fault, { ...well, said: [...well.said, 'network'] })).toBe('also called network')
  expect(whatIsWrong(fault, { ...well, backS: null, answered: null })).toBe('not live again within 30 s')
  expect(whatIsWrong(fault, { ...well, answered: false })).toBe('live, and a message stays unanswered')
  expect(whatIsWrong({ ...fault, heals: 'never' }, { ...well, backS: null, answered: null })).toBeNull()
})

test('where nothing is to be said, every reason is wrong', () => {
  const quiet = { ...fault, says: null, passes: [] } as const
  const silent = { ...well, expected: null, said: [], namedS: null, withinS: null }
  expect(whatIsWrong(quiet, silent)).toBeNull()
  expect(whatIsWrong(quiet, { ...silent, said: ['plugin-exited'] })).toBe('also called plugin-exited')
})

test('a reason counts as provoked once it was said, and the table says of each row whether it is well', () => {
  expect(unprovoked([{ ...well, wrong: null }])).not.toContain('plugin-exited')
  expect(unprovoked([{ ...well, namedS: null, wrong: 'never called plugin-exited' }])).toContain(
    'plugin-exited',
  )
  const lines = plainTable([
    { ...well, wrong: null },
    { ...well, wrong: 'named after 3 s' },
  ]).split('\n')
  expect(lines[1]).toMatch(/^plugin killed +plugin-exited, client-exited +0\.5 s +3 s +4\.0 s +ok$/)
  expect(lines[2]).toMatch(/ WRONG {2}named after 3 s$/)
})
