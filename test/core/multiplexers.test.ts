import { expect, test } from 'vitest'
import { chooseMultiplexer, installCommand } from '../../src/core/multiplexers.ts'

const machine =
  (...programs: readonly string[]) =>
  (program: string) =>
    programs.includes(program)

test.each([
  ['as said, there or not', 'screen', 'tmux', ['tmux'], 'screen'],
  ['as last time', null, 'screen', ['tmux', 'screen'], 'screen'],
  ['another where that is gone', null, 'screen', ['tmux'], 'tmux'],
  ['tmux before screen', null, null, ['screen', 'tmux'], 'tmux'],
  ['what there is', null, null, ['screen'], 'screen'],
  ['none', null, 'tmux', [], null],
] as const)('%s', (_, said, remembered, programs, chosen) => {
  expect(chooseMultiplexer(said, remembered, machine(...programs))).toBe(chosen)
})

test.each([
  [['apt-get', 'brew'], 'it: `sudo apt install tmux`'],
  [['dnf'], 'it: `sudo dnf install tmux`'],
  [['brew'], 'it: `brew install tmux`'],
  [[], '`tmux` by your system’s packages (apt install tmux, brew install tmux)'],
] as const)('on a machine with %j', (programs, command) => {
  expect(installCommand('tmux', machine(...programs))).toBe(command)
})
