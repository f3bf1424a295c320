import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type FileLook, isExecutableFile } from '../../src/claude/file-look.ts'
import { findBun, findClient, findProgram, whereNow } from '../../src/claude/find-program.ts'
import type { Whereabouts } from '../../src/claude/usual-places.ts'
import { diskOf } from './disk.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A disk that has only these programs. */
const only = (...paths: readonly string[]) => diskOf(paths)

test.each([
  ['first on PATH', { PATH: '/a:/b' }, ['/b/claude', '/a/claude'], '/a/claude'],
  ['second on PATH', { PATH: '/a:/b' }, ['/b/claude'], '/b/claude'],
  [
    'PATH before the usual places',
    { PATH: '/a', HOME: '/home/me' },
    ['/a/claude', '/home/me/.local/bin/claude'],
    '/a/claude',
  ],
  [
    'native installer',
    { PATH: '/a', HOME: '/home/me' },
    ['/home/me/.local/bin/claude'],
    '/home/me/.local/bin/claude',
  ],
  [
    'migrated installer',
    { HOME: '/home/me' },
    ['/home/me/.claude/local/claude'],
    '/home/me/.claude/local/claude',
  ],
  ['no home', { PATH: '/a' }, ['.local/bin/claude'], null],
  ['nothing', { PATH: '/a', HOME: '/home/me' }, [], null],
  [
    'relative entries of PATH are passed over',
    { PATH: '.:bin::/a' },
    ['claude', 'bin/claude', './claude'],
    null,
  ],
  ['named', { PATH: '/a', CHANNELS_CLAUDE: '/x/claude-2' }, ['/a/claude', '/x/claude-2'], '/x/claude-2'],
  [
    'named, by a word',
    { PATH: '/a', CHANNELS_CLAUDE: 'claude-2' },
    ['/a/claude', '/a/claude-2'],
    '/a/claude-2',
  ],
  ['named, not there', { PATH: '/a', CHANNELS_CLAUDE: '/x/claude-2' }, ['/a/claude'], null],
  ['named, relative', { PATH: '/a', CHANNELS_CLAUDE: './claude' }, ['./claude', '/a/claude'], null],
  ['named empty', { PATH: '/a', CHANNELS_CLAUDE: '' }, ['/a/claude'], '/a/claude'],
])('%s', (_, env, there, expected) => {
  expect(findClient(env, only(...there))).toBe(expected)
})

test('a program on PATH must be a file that may be executed', () => {
  const folder = temporaryFolder()
  const [first, second] = [join(folder, '1'), join(folder, '2')]
  mkdirSync(join(first, 'bun'), { recursive: true })
  mkdirSync(second)
  writeFileSync(join(second, 'bun'), '', { mode: 0o644 })
  expect(findProgram('bun', `${first}:${second}`)).toBeNull()
  chmodSync(join(second, 'bun'), 0o755)
  expect(isExecutableFile(join(second, 'bun'))).toBe(true)
  expect(findProgram('bun', `${first}:${second}`)).toBe(join(second, 'bun'))
  expect(findProgram('bun', undefined)).toBeNull()
})

const nvm = (version: string, name: string) => `/home/me/.nvm/versions/node/${version}/bin/${name}`
const home = { PATH: '/usr/bin', HOME: '/home/me' }

test.each<[string, Whereabouts, readonly string[], string | null]>([
  [
    'nvm: the newest version that has it',
    home,
    [nvm('v9.9.0', 'claude'), nvm('v22.1.0', 'claude'), nvm('v24.0.0', 'node')],
    nvm('v22.1.0', 'claude'),
  ],
  [
    'nvm somewhere else',
    { ...home, NVM_DIR: '/opt/nvm' },
    ['/opt/nvm/versions/node/v20.1.0/bin/claude'],
    '/opt/nvm/versions/node/v20.1.0/bin/claude',
  ],
  [
    'fnm',
    home,
    ['/home/me/.local/share/fnm/node-versions/v20.1.0/installation/bin/claude'],
    '/home/me/.local/share/fnm/node-versions/v20.1.0/installation/bin/claude',
  ],
  [
    'mise',
    home,
    ['/home/me/.local/share/mise/installs/claude/2.1.330/claude'],
    '/home/me/.local/share/mise/installs/claude/2.1.330/claude',
  ],
  [
    'asdf',
    home,
    ['/home/me/.asdf/installs/nodejs/20.1.0/bin/claude'],
    '/home/me/.asdf/installs/nodejs/20.1.0/bin/claude',
  ],
  [
    'Homebrew, before what a version manager has',
    home,
    ['/opt/homebrew/bin/claude', nvm('v22.1.0', 'claude')],
    '/opt/homebrew/bin/claude',
  ],
  [
    'the native installer’s versions, its link lost',
    home,
    ['/home/me/.local/share/claude/versions/2.1.9', '/home/me/.local/share/claude/versions/2.1.10'],
    '/home/me/.local/share/claude/versions/2.1.10',
  ],
])('a client that PATH does not name: %s', (_, env, there, expected) => {
  expect(findClient(env, only(...there))).toBe(expected)
})

test.each<[string, Whereabouts, string | null, readonly string[], string | null]>([
  [
    'first on PATH',
    home,
    nvm('v22.1.0', 'claude'),
    ['/usr/bin/bun', '/home/me/.bun/bin/bun'],
    '/usr/bin/bun',
  ],
  ['its installer’s folder', home, null, ['/home/me/.bun/bin/bun'], '/home/me/.bun/bin/bun'],
  [
    'BUN_INSTALL',
    { ...home, BUN_INSTALL: '/opt/bun' },
    null,
    ['/opt/bun/bin/bun', '/home/me/.bun/bin/bun'],
    '/opt/bun/bin/bun',
  ],
  [
    'beside the client, where npm put both',
    home,
    nvm('v22.1.0', 'claude'),
    [nvm('v22.1.0', 'bun'), '/home/me/.bun/bin/bun'],
    nvm('v22.1.0', 'bun'),
  ],
  [
    'Homebrew on Linux',
    home,
    null,
    ['/home/linuxbrew/.linuxbrew/bin/bun'],
    '/home/linuxbrew/.linuxbrew/bin/bun',
  ],
  [
    'mise',
    home,
    null,
    [
      '/home/me/.local/share/mise/installs/bun/1.2.9/bin/bun',
      '/home/me/.local/share/mise/installs/bun/1.2.20/bin/bun',
    ],
    '/home/me/.local/share/mise/installs/bun/1.2.20/bin/bun',
  ],
  ['nowhere', home, nvm('v22.1.0', 'claude'), [], null],
])('Bun: %s', (_, env, client, there, expected) => {
  expect(findBun(env, client, only(...there))).toBe(expected)
})

const native = '/home/me/.local/share/claude/versions'
test.each<[string, string, FileLook, string | null]>([
  [
    'it is there',
    nvm('v20.3.1', 'claude'),
    only(nvm('v20.3.1', 'claude'), nvm('v22.1.0', 'claude')),
    nvm('v20.3.1', 'claude'),
  ],
  [
    'nvm removed that version',
    nvm('v20.3.1', 'claude'),
    only(nvm('v22.1.0', 'claude'), nvm('v22.10.0', 'claude'), nvm('v24.0.0', 'node')),
    nvm('v22.10.0', 'claude'),
  ],
  [
    'mise upgraded Bun',
    '/m/installs/bun/1.2.9/bin/bun',
    only('/m/installs/bun/1.3.0/bin/bun', '/m/installs/bun/latest/bin/bun'),
    '/m/installs/bun/1.3.0/bin/bun',
  ],
  ['a version of the client itself', `${native}/2.1.330`, only(`${native}/2.1.331`), `${native}/2.1.331`],
  [
    'a link to a version that is gone',
    '/home/me/.local/bin/claude',
    diskOf([`${native}/2.1.331`], { links: { '/home/me/.local/bin/claude': `${native}/2.1.330` } }),
    `${native}/2.1.331`,
  ],
  ['another installation is none of it', '/opt/claude/bin/claude', only('/home/me/.local/bin/claude'), null],
  ['nothing left', nvm('v20.3.1', 'claude'), only(nvm('v22.1.0', 'node')), null],
])('where a program is now: %s', (_, path, look, expected) => {
  expect(whereNow(path, look)).toBe(expected)
})
