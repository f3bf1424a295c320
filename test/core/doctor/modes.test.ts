import { expect, test } from 'vitest'
import type { Exposed } from '../../../src/core/doctor/facts.ts'
import { lookAtModes } from '../../../src/core/doctor/modes-look.ts'

const open: Exposed = { is: 'open', path: '/state', mode: 0o755, wanted: 0o700 }
const linked: Exposed = {
  ...{ is: 'elsewhere', path: '/bot/.env', target: '/srv/my env', own: true, mode: 0o644, wanted: 0o600 },
}
const foreign: Exposed = { is: 'foreign', path: '/state/keeper/keeper.json', root: '/state' }

test.each<[what: string, exposed: readonly Exposed[], remedy: string, fixes: number]>([
  ['what is open', [open, open], '`channels doctor --fix` closes what is in our folders.', 2],
  ['what a link leads to', [linked], "`chmod 600 '/srv/my env'` closes what is linked.", 0],
  [
    'what a link leads to, of another user’s, which many may share',
    [{ ...linked, own: false }],
    '/srv/my env is another user’s: lead /bot/.env to a place that is yours alone.',
    0,
  ],
  [
    'one of another user’s',
    [foreign],
    '`sudo chown -R "$(id -un)" /state/keeper/keeper.json` makes it yours; then look again.',
    0,
  ],
  [
    'several of another user’s',
    [foreign, { ...foreign, path: '/state/events.jsonl' }, { ...foreign, path: '/bot/.env', root: '/bot' }],
    '`sudo chown -R "$(id -un)" /state /bot` makes it yours; then look again.',
    0,
  ],
])('%s: a command that helps, and what --fix may do', (_, exposed, remedy, fixes) => {
  const look = lookAtModes(exposed)
  expect(look).toMatchObject({ is: 'failed', remedy })
  expect('fixes' in look ? look.fixes : []).toHaveLength(fixes)
})

test('of everything at once each is said, with its own remedy', () => {
  const look = lookAtModes([open, linked, foreign])
  expect(look.found.split('; ')).toEqual([
    '/state has mode 755: others of this machine can get at it',
    '/bot/.env is a link to /srv/my env, where others can get at it (mode 644)',
    '/state/keeper/keeper.json belongs to another user: its mode is not yours to change',
  ])
  for (const command of ['sudo chown', 'chmod 600', 'doctor --fix'])
    expect('remedy' in look ? look.remedy : '').toContain(command)
})
