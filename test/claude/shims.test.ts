import { expect, test } from 'vitest'
import { askManager, recogniseShim } from '../../src/claude/shims.ts'
import type { Run, RunResult } from '../../src/system/run.ts'
import { diskOf } from './disk.ts'

const asdf = '/home/me/.asdf/shims/bun'
const mise = '/home/me/.local/share/mise/shims/claude'
const volta = '/home/me/.volta/bin/claude'

test.each<[string, string, string, object | null]>([
  [
    'asdf from 0.16 on',
    asdf,
    '#!/usr/bin/env bash\n# asdf-plugin: bun 1.2.20\nexec asdf exec "bun" "$@"\n',
    { path: asdf, manager: 'asdf', program: 'asdf' },
  ],
  [
    'asdf before',
    asdf,
    '#!/usr/bin/env bash\n# asdf-plugin: bun 1.2.20\nexec /home/me/.asdf/bin/asdf exec "bun" "$@" # asdf_allow: \' asdf \'\n',
    { path: asdf, manager: 'asdf', program: '/home/me/.asdf/bin/asdf' },
  ],
  [
    'nodenv',
    '/home/me/.nodenv/shims/claude',
    '#!/usr/bin/env bash\nset -e\nexport NODENV_ROOT="/home/me/.nodenv"\nexec "/usr/local/bin/nodenv" exec "$program" "$@"\n',
    { path: '/home/me/.nodenv/shims/claude', manager: 'nodenv', program: '/usr/local/bin/nodenv' },
  ],
  [
    'pyenv’s newest',
    '/home/me/.pyenv/shims/claude',
    '#!/usr/bin/env bash\nexec "$(command -v pyenv)" exec "$program" "$@"\n',
    { path: '/home/me/.pyenv/shims/claude', manager: 'pyenv', program: 'pyenv' },
  ],
  ['a wrapper of the person’s', '/home/me/bin/claude', '#!/bin/sh\nexec /opt/claude/bin/claude "$@"\n', null],
  ['a client that is a script', '/n/bin/claude', '#!/usr/bin/env node\n// asdf exec "x"\n', null],
  ['a binary', '/n/bin/claude', '\u007fELF exec asdf exec "x"', null],
])('told by what it says: %s', (_, path, head, expected) => {
  expect(recogniseShim(path, diskOf([path], { heads: { [path]: head } }))).toEqual(expected)
})

test.each<[string, string, string, object | null]>([
  [
    'mise',
    mise,
    '/home/me/.local/bin/mise',
    { path: mise, manager: 'mise', program: '/home/me/.local/bin/mise' },
  ],
  [
    'Volta',
    volta,
    '/home/me/.volta/bin/volta-shim',
    { path: volta, manager: 'volta', program: '/home/me/.volta/bin/volta' },
  ],
  [
    'the native installer',
    '/home/me/.local/bin/claude',
    '/home/me/.local/share/claude/versions/2.1.330',
    null,
  ],
])('told by what it leads to: %s', (_, path, target, expected) => {
  expect(recogniseShim(path, diskOf([target], { links: { [path]: target } }))).toEqual(expected)
})

test('the manager’s own program is no shim', () => {
  const own = '/home/me/.local/bin/mise'
  expect(recogniseShim(own, diskOf([own]))).toBeNull()
})

const ended: RunResult = { status: 0, signal: null, stdout: '', stderr: '', timedOut: false, notFound: false }
const shim = { path: asdf, manager: 'asdf', program: 'asdf' }
const bun = '/home/me/.asdf/installs/bun/1.2.20/bin/bun'
const disk = diskOf([bun, asdf, '/home/me/.asdf/bin/asdf'])
const env = { PATH: '/usr/bin', HOME: '/home/me' }
const answering =
  (result: Partial<RunResult>, calls: unknown[] = []): Run =>
  async (file, args, options) => {
    calls.push([file, args, options])
    return { ...ended, ...result }
  }

test('the manager is asked in the session’s folder, by its usual place where PATH lacks it, and not for long', async () => {
  const calls: unknown[] = []
  const found = await askManager(answering({ stdout: `${bun}\n` }, calls), shim, '/home/me/site', env, disk)
  expect(found).toEqual({ is: 'yes', value: bun })
  expect(calls).toEqual([
    ['/home/me/.asdf/bin/asdf', ['which', 'bun'], { timeoutMs: 10_000, env, cwd: '/home/me/site' }],
  ])
})

test.each<[string, Partial<RunResult>, RegExp]>([
  [
    'no version for this folder',
    { status: 126, stderr: 'No version is set for command bun\nConsider adding one' },
    /^`asdf which bun` says: No version is set for command bun$/,
  ],
  ['it hangs', { status: null, timedOut: true }, /did not answer within 10 s/],
  ['it names what is not there', { stdout: '/gone/bun\n' }, /says: \/gone\/bun/],
  ['it names the shim itself', { stdout: `${asdf}\n` }, /says: \/home\/me\/\.asdf\/shims\/bun/],
  ['it says nothing', {}, /says: nothing/],
])('what a shim stands for can’t be told: %s', async (_, result, detail) => {
  const found = await askManager(answering(result), shim, '/home/me/site', env, disk)
  expect(found).toMatchObject({ is: 'no', detail: expect.stringMatching(detail) })
})

test('a manager that is nowhere', async () => {
  expect(await askManager(answering({}), shim, '/', env, diskOf([asdf]))).toMatchObject({ is: 'no' })
})
