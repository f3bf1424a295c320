import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keeperCommand } from '../../src/service/command.ts'
import { commandOfUnit, environmentOfUnit, isOurUnit, unitText } from '../../src/service/systemd-unit.ts'
import { unitVariable, unitWord } from '../../src/service/systemd-words.ts'
import { hostileText, plainStart } from './starts.ts'
import { readAsSystemd } from './systemd-reader.ts'

const lines = (text: string, name: string): readonly string[] =>
  text.split('\n').flatMap((each) => (each.startsWith(`${name}=`) ? [each.slice(name.length + 1)] : []))
const line = (text: string, name: string): string => lines(text, name)[0] ?? ''

test.each([
  ['/usr/bin/node', '/usr/bin/node'],
  ['--flag=a,b', '--flag=a,b'],
  ['', '""'],
  ['a b', '"a b"'],
  ['100%', '"100%%"'],
  ['$HOME', '"$$HOME"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['a\nb', '"a\\x0ab"'],
  [';', '";"'],
])('the word %j is written %s', (word, written) => {
  expect(unitWord(word)).toBe(written)
})

test('every word comes back from systemd as it was', () => {
  fc.assert(
    fc.property(fc.array(hostileText), (words) => {
      const written = ['/bin/x', ...words].map((word) => unitWord(word)).join(' ')
      expect(readAsSystemd(written, 'command')).toEqual(['/bin/x', ...words])
    }),
  )
})

test('every variable comes back from systemd as it was', () => {
  fc.assert(
    fc.property(hostileText, (value) => {
      const written = unitVariable('NAME', value).replace(/^Environment=/, '')
      expect(readAsSystemd(written, 'environment')).toEqual([`NAME=${value}`])
    }),
  )
})

test('what a unit starts is read back out of it, by us as by systemd', () => {
  const path = hostileText.map((text) => `/opt/${text.replace(/["'\\]/g, '')}`)
  fc.assert(
    fc.property(
      path,
      path,
      fc.dictionary(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,9}$/), hostileText),
      (node, script, environment) => {
        const start = { node, script, environment }
        const text = unitText(start, 'ends sessions')
        expect(isOurUnit(text)).toBe(true)
        expect(commandOfUnit(text)).toEqual(keeperCommand(start))
        expect(readAsSystemd(line(text, 'ExecStart'), 'command')).toEqual(keeperCommand(start))
        expect(readAsSystemd(line(text, 'ExecStop'), 'command').slice(-4)).toEqual([
          node,
          script,
          'run',
          '--stop',
        ])
        const named = lines(text, 'Environment').flatMap((each) => readAsSystemd(each, 'environment'))
        expect(environmentOfUnit(text)).toEqual(environment)
        expect(named).toEqual(Object.entries(environment).map(([name, value]) => `${name}=${value}`))
      },
    ),
  )
})

test.each([
  ['', []],
  ['/usr/bin/node', ['/usr/bin/node']],
  ["/bin/sh -c 'a b'", []],
  ['/bin/sh "open', []],
  ['/bin/sh a\\x20b', []],
  ['/bin/"sh"', []],
])('of ExecStart=%s in a unit that was changed by hand %j is read', (command, words) => {
  expect(commandOfUnit(`[Service]\nExecStart=${command}\n`)).toEqual(words)
})

test('a variable that no unit can hold is left out', () => {
  const environment = { GOOD: '1', 'BAD NAME': '2', BELL: 'a\u0007b', LINES: 'a\nb', HALF: '\ud800' }
  expect(lines(unitText({ ...plainStart, environment }, 'ends sessions'), 'Environment')).toEqual([
    '"GOOD=1"',
  ])
})

test('stopped for good it takes the sessions down, unless the keeper left by itself or it is being uninstalled', () => {
  const stop = line(unitText(plainStart, 'ends sessions'), 'ExecStop')
  expect(stop).toContain('[ -n "$$MAINPID" ]')
  const leaving = unitText(plainStart, 'leaves sessions')
  expect(leaving).not.toContain('\nExecStop')
  // Without it a stop would end all that is in the unit's control group: the terminals.
  for (const text of [leaving, unitText(plainStart, 'ends sessions')])
    expect(lines(text, 'KillMode')).toEqual(['process'])
})

test('nothing that the terminals would inherit restricts them', () => {
  const keys = [...unitText(plainStart, 'ends sessions').matchAll(/^(\w+)=/gm)].map(([, key]) => key)
  expect(new Set(keys)).toEqual(
    new Set([
      'Description',
      'StartLimitIntervalSec',
      'Type',
      'ExecStart',
      'ExecStop',
      'TimeoutStopSec',
      'KillMode',
      'Restart',
      'RestartSec',
      'OOMPolicy',
      'TasksMax',
      'SyslogIdentifier',
      'Environment',
      'WantedBy',
    ]),
  )
})
