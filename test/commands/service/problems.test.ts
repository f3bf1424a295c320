import { expect, test } from 'vitest'
import { problemsOf, type ServiceFacts } from '../../../src/commands/service/problems.ts'

const expected = ['/usr/bin/node', '--lean', '/usr/lib/channels.js', 'run']
const keeper = {
  format: 1,
  pid: 7,
  start: '1',
  version: '1.0.0',
  since: 0,
  where: 'foreground',
  machine: null,
} as const
const good: ServiceFacts = {
  state: {
    installed: 'ours',
    command: expected,
    environment: {},
    enabled: true,
    activity: 'active (running)',
    active: true,
    pid: 7,
    startsAt: 'login',
  },
  expected,
  version: '1.0.0',
  keeper,
  logs: 'journalctl',
  start: 'systemctl start',
  // A link to it is as good as the file.
  realPath: (path) => (path.includes('gone') ? null : path.replace('/opt/link/', '/usr/bin/')),
}
const runs = (...command: readonly string[]): Partial<ServiceFacts> => ({ state: { ...good.state, command } })
const is = (state: Partial<ServiceFacts['state']>): Partial<ServiceFacts> => ({
  state: { ...good.state, ...state },
})

test.each<readonly [string, Partial<ServiceFacts>]>([
  ['as it should be', {}],
  ['node by a link', runs('/opt/link/node', '--lean', '/usr/lib/channels.js', 'run')],
  ['a start at login only', is({ startsAt: 'unknown' })],
])('%s: no problem', (_, facts) => {
  expect(problemsOf({ ...good, ...facts })).toEqual([])
})

const again = /^`channels service install` /

test.each<readonly [string, Partial<ServiceFacts>, string, RegExp]>([
  [
    'a script that is gone',
    runs('/usr/bin/node', '--lean', '/gone/channels.js', 'run'),
    'It names a script that is gone: /gone/channels.js',
    again,
  ],
  [
    'a node that is gone',
    runs('/gone/node', '--lean', '/usr/lib/channels.js', 'run'),
    'It names a node that is gone: /gone/node',
    again,
  ],
  [
    'another script',
    runs('/usr/bin/node', '--lean', '/home/me/channels.js', 'run'),
    'It names another script than this: /home/me/channels.js, and not /usr/lib/channels.js',
    again,
  ],
  [
    'another node',
    runs('/usr/local/bin/node', '--lean', '/usr/lib/channels.js', 'run'),
    'It names another node than this: /usr/local/bin/node, and not /usr/bin/node',
    again,
  ],
  [
    'other flags',
    runs('/usr/bin/node', '/usr/lib/channels.js', 'run'),
    'It was written by another release, or changed by hand',
    again,
  ],
  ['another command', runs('/bin/true'), 'It was written by another release, or changed by hand', again],
  ['a command that nobody can read', runs(), 'It was written by another release, or changed by hand', again],
  ['not enabled', is({ enabled: false }), 'It is not enabled: it does not start by itself', again],
  [
    'not running',
    is({ active: false, activity: 'failed (exit-code)', pid: null }),
    'It does not run: failed (exit-code)',
    /^`systemctl start` starts it; `journalctl` /,
  ],
  ['no keeper yet', { keeper: null }, 'Its keeper does not keep anything yet', /^Look again/],
  [
    'another keeper',
    { keeper: { ...keeper, pid: 8 } },
    'Another keeper looks after the sessions (pid 8), not that of the service',
    /^Look again/,
  ],
  [
    'a keeper of before the upgrade',
    { version: '1.1.0' },
    'Its keeper is still of 1.0.0, and this is 1.1.0',
    again,
  ],
])('%s', (_, facts, problem, remedy) => {
  expect(problemsOf({ ...good, ...facts })).toEqual([{ problem, remedy: expect.stringMatching(remedy) }])
})
