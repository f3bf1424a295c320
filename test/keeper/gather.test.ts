import { expect, test } from 'vitest'
import { mayBeInDialog } from '../../src/keeper/gather.ts'
import { minutes, sessionFile } from '../core/evidence-builder.ts'

test.each([
  ['a screen that is only half drawn', null, 1_000, false],
  ['no session file by now', null, 2_000, true],
  ['no session file, and the clock was set back since the start', null, -60 * minutes, true],
  ['a session file', sessionFile(), 2_000, false],
  ['one that says so', sessionFile({ activity: 'waiting', waitingFor: 'dialog open' }), 0, true],
] as const)('the screen is asked for a dialog: %s', (_, file, sinceStartMs, asked) => {
  expect(mayBeInDialog(file, sinceStartMs)).toBe(asked)
})
