import { expect, test } from 'vitest'
import { defaultRestart, type Session } from '../../src/core/session.ts'
import { sessionSettings } from '../../src/core/session-setting.ts'
import { session } from './evidence-builder.ts'

const changed = (key: string, value: string, before: Session = session): Session => {
  const after = sessionSettings[key]?.change(before, value)
  if (after === undefined || 'fault' in after) throw new Error(`${key}=${value}: ${JSON.stringify(after)}`)
  return after
}

const withArguments = (...words: readonly string[]): Session => ({ ...session, arguments: words })

test.each<[key: string, value: string, change: Partial<Session>, shown: string]>([
  ['permission-mode', 'acceptEdits', { permissionMode: 'acceptEdits' }, 'acceptEdits'],
  ['permission-mode', '', { permissionMode: null }, ''],
  ['model', 'opus', { arguments: ['--model', 'opus'] }, 'opus'],
  ['model', '$(touch x)', { arguments: ['--model', '$(touch x)'] }, '$(touch x)'],
  ['model', '', { arguments: [] }, ''],
  [
    'arguments',
    '--verbose  --add-dir /a',
    { arguments: ['--verbose', '--add-dir', '/a'] },
    '--verbose --add-dir /a',
  ],
  ['arguments', '', { arguments: [] }, ''],
  ['arguments', '  ', { arguments: [] }, ''],
  ['arguments', '[]', { arguments: [] }, ''],
  [
    'arguments',
    ' ["--add-dir", "/a b", ""]',
    { arguments: ['--add-dir', '/a b', ''] },
    '["--add-dir","/a b",""]',
  ],
  ['arguments', `--say 'one two'`, { arguments: ['--say', "'one", "two'"] }, `--say 'one two'`],
  ['dangerously-skip-permissions', 'yes', { skipPermissions: true }, 'yes'],
  ['dangerously-skip-permissions', 'no', { skipPermissions: false }, 'no'],
  ['restart.attempts', '1', { restart: { ...defaultRestart, attempts: 1 } }, '1'],
  ['restart.attempts', '999999', { restart: { ...defaultRestart, attempts: 999_999 } }, '999999'],
  ['restart.window', '45m', { restart: { ...defaultRestart, windowMs: 2_700_000 } }, '45m'],
  ['restart.update', '10m', { restart: { ...defaultRestart, updateMs: 600_000 } }, '10m'],
  ['restart.update', 'never', { restart: { ...defaultRestart, updateMs: null } }, 'never'],
  ['restart.window', '1h30m', { restart: { ...defaultRestart, windowMs: 5_400_000 } }, '1h 30m'],
  ['restart.retry', '90s', { restart: { ...defaultRestart, retryMs: 90_000 } }, '1m 30s'],
  ['restart.retry', '30', { restart: { ...defaultRestart, retryMs: 30_000 } }, '30s'],
])('%s=%s', (key, value, change, shown) => {
  const after = changed(key, value)
  expect(after).toEqual({ ...session, ...change })
  expect(sessionSettings[key]?.show(after)).toBe(shown)
})

test.each([
  ['arguments', '["--one"'],
  ['arguments', '[1]'],
  ['arguments', '[["--one"]]'],
  ['arguments', '[null]'],
  ['dangerously-skip-permissions', 'Yes'],
  ['dangerously-skip-permissions', 'true'],
  ['dangerously-skip-permissions', ''],
  ['model', ' '],
  ['restart.attempts', '0'],
  ['restart.attempts', '1000000'],
  ['restart.retry', '99999999d'],
  ['restart.attempts', '-1'],
  ['restart.attempts', '1.5'],
  ['restart.attempts', '1e3'],
  ['restart.attempts', '1000000'],
  ['restart.attempts', '५'],
  ['restart.attempts', ''],
  ['restart.window', '0'],
  ['restart.window', '0s'],
  ['restart.window', 'soon'],
  ['restart.window', '-5m'],
  ['restart.window', '5 m'],
  ['restart.window', '99999999999d'],
  ['restart.retry', ''],
  ['restart.retry', 'Infinity'],
])('%s can not be %j', (key, value) => {
  expect(sessionSettings[key]?.change(session, value)).toEqual({ fault: expect.stringMatching(/\w/) })
})

test.each([
  [['--model', 'opus', '--verbose'], 'opus', ['--verbose', '--model', 'new']],
  [['--model=opus', '--verbose'], 'opus', ['--verbose', '--model', 'new']],
  [['--model', 'a', '--verbose', '--model', 'b'], 'b', ['--verbose', '--model', 'new']],
  [['--verbose', '--model'], '', ['--verbose', '--model', 'new']],
  // Behind `--` nothing is an option any more: a model put there would be a word of the first message.
  [['--verbose', '--', '--model', 'x'], '', ['--verbose', '--model', 'new', '--', '--model', 'x']],
  [['--', 'hello'], '', ['--model', 'new', '--', 'hello']],
])('the model among %j', (words, shown, after) => {
  const before = withArguments(...words)
  expect(sessionSettings.model?.show(before)).toBe(shown)
  const set = changed('model', 'new', before)
  expect(set.arguments).toEqual(after)
  expect(sessionSettings.model?.show(set)).toBe('new')
  expect(changed('model', '', set).arguments).toEqual(
    after.filter((_, i) => ![0, 1].includes(i - after.indexOf('--model'))),
  )
})

test('what is shown of the arguments can be given back', () => {
  for (const words of [['--one', 'two words'], [''], ['a\tb'], ['[x]', 'y'], ['["x"]'], ['a"b'], []]) {
    const shown = sessionSettings.arguments?.show(withArguments(...words)) ?? ''
    expect(changed('arguments', shown).arguments, shown).toEqual(words)
  }
})
