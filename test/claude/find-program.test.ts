import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findClient, findProgram, isExecutableFile } from '../../src/claude/find-program.ts'
import { temporaryFolder } from './temporary-folder.ts'

const only =
  (...paths: readonly string[]) =>
  (path: string) =>
    paths.includes(path)

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
