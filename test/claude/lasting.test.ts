import { expect, test } from 'vitest'
import { isPassing, lastingPath, lastingProgram } from '../../src/claude/lasting.ts'
import { diskOf } from './disk.ts'

const fnm = '/home/me/.local/share/fnm/node-versions/v22.1.0/installation'
const shell = '/run/user/1000/fnm_multishells/4711_1754531824712'
const disk = diskOf(
  [`${fnm}/bin/node`, `${fnm}/bin/claude`, '/usr/bin/git', '/tmp/mine/bun', '/tmp/other/jq'],
  {
    links: { [shell]: fnm, '/home/me/.local/state/fnm_multishells/1_2': fnm },
  },
)

test.each([
  ['nothing special', '/usr/local/bin:/usr/bin:/bin', '/usr/local/bin:/usr/bin:/bin'],
  ['fnm’s link for this shell', `${shell}/bin:/usr/bin`, `${fnm}/bin:/usr/bin`],
  [
    'the same in the state folder',
    '/home/me/.local/state/fnm_multishells/1_2/bin:/usr/bin',
    `${fnm}/bin:/usr/bin`,
  ],
  ['one of a shell that is gone', '/run/user/1000/fnm_multishells/9_9/bin:/usr/bin', '/usr/bin'],
  [
    'two shells, one installation',
    `${shell}/bin:/usr/bin:/home/me/.local/state/fnm_multishells/1_2/bin`,
    `${fnm}/bin:/usr/bin`,
  ],
  [
    'npx and what npm puts in front of a script',
    '/home/me/.npm/_npx/0f1e/node_modules/.bin:/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin:/usr/bin',
    '/usr/bin',
  ],
  [
    'bunx, yarn, pnpm dlx',
    '/tmp/bunx-1000-cowsay/node_modules/.bin:/tmp/yarn--17-0.5:/tmp/xfs-1f:/home/me/.cache/pnpm/dlx-12/node_modules/.bin:/usr/bin',
    '/usr/bin',
  ],
  ['an AppImage', '/tmp/.mount_cursor1x/usr/bin:/usr/bin', '/usr/bin'],
  ['a temporary folder', '/tmp/other:/var/folders/zz/1/T/x:/usr/bin', '/usr/bin'],
  ['a temporary folder with a program of the session’s', '/tmp/mine:/usr/bin', '/tmp/mine:/usr/bin'],
  [
    'a project’s own programs',
    '/home/me/site/node_modules/.bin:/usr/bin',
    '/home/me/site/node_modules/.bin:/usr/bin',
  ],
  ['a person’s doubled folder', '/usr/bin:/bin:/usr/bin', '/usr/bin:/bin:/usr/bin'],
  ['relative ones', '.::/usr/bin', '.::/usr/bin'],
  ['nothing else', '/tmp/yarn--17-0.5', '/tmp/yarn--17-0.5'],
])('a PATH to be stored: %s', (_, path, expected) => {
  expect(lastingPath(path, disk)).toBe(expected)
})

const brew = diskOf(
  [
    '/opt/homebrew/Caskroom/claude-code/2.1.330/claude',
    '/opt/homebrew/Cellar/bun/1.3.0/bin/bun',
    '/opt/homebrew/Cellar/bun/1.2.0/bin/bun',
  ],
  {
    links: {
      '/opt/homebrew/bin/claude': '/opt/homebrew/Caskroom/claude-code/2.1.330/claude',
      '/opt/homebrew/bin/bun': '/opt/homebrew/Cellar/bun/1.3.0/bin/bun',
    },
  },
)

test.each([
  ['fnm’s link for this shell', `${shell}/bin/claude`, disk, `${fnm}/bin/claude`],
  [
    'npm’s link, never what it leads to',
    '/n/bin/claude',
    diskOf(['/n/lib/node_modules/x/cli.js'], { links: { '/n/bin/claude': '/n/lib/node_modules/x/cli.js' } }),
    '/n/bin/claude',
  ],
  [
    'the native installer’s link',
    '/home/me/.local/bin/claude',
    diskOf(['/v/2.1.330'], { links: { '/home/me/.local/bin/claude': '/v/2.1.330' } }),
    '/home/me/.local/bin/claude',
  ],
  ['Homebrew’s link', '/opt/homebrew/bin/claude', brew, '/opt/homebrew/bin/claude'],
  [
    'Homebrew’s version folder',
    '/opt/homebrew/Caskroom/claude-code/2.1.330/claude',
    brew,
    '/opt/homebrew/bin/claude',
  ],
  [
    'a version that Homebrew does not link',
    '/opt/homebrew/Cellar/bun/1.2.0/bin/bun',
    brew,
    '/opt/homebrew/Cellar/bun/1.2.0/bin/bun',
  ],
  [
    'npx, which leads nowhere else',
    '/home/me/.npm/_npx/0f1e/node_modules/.bin/claude',
    disk,
    '/home/me/.npm/_npx/0f1e/node_modules/.bin/claude',
  ],
])('a program to be stored: %s', (_, path, look, expected) => {
  expect(lastingProgram(path, look)).toBe(expected)
})

test('what is gone with the command it was found by', () => {
  expect(isPassing('/home/me/.npm/_npx/0f1e/node_modules/.bin/claude')).toBe(true)
  expect(isPassing('/home/me/.npm-global/bin/claude')).toBe(false)
})
