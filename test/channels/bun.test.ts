import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const shipped = fileURLToPath(new URL('../../src/channels/bun.sh', import.meta.url))

/** A folder with our `bun` in `front`, and one in `real` that tells what it was called with. */
const rig = (name = 'bun test') => {
  const root = mkdtempSync(join(tmpdir(), name.replaceAll(' ', '-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const [front, real] = [join(root, name === 'plain' ? 'front' : name, 'bun'), join(root, 'real')]
  for (const folder of [front, real]) mkdirSync(folder, { recursive: true })
  cpSync(shipped, join(front, 'bun'))
  chmodSync(join(front, 'bun'), 0o700)
  const hold = join(front, 'hold.cjs')
  writeFileSync(hold, '')
  writeFileSync(join(real, 'bun'), '#!/bin/sh\nprintf "%s\\n" "$BUN_OPTIONS" "$PATH" "$@"\n', { mode: 0o755 })
  return { root, front, real, hold }
}

const call = (env: Readonly<Record<string, string>>, ...words: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync('bun', words, { env: { ...env }, encoding: 'utf8' })
  const [options, path, ...rest] = stdout.split('\n').slice(0, -1)
  return { status, stderr, options, path, words: rest }
}

const plugin = { CLAUDE_PLUGIN_ROOT: '/plugin' }

test('a plugin gets the file loaded first, its words as they are, and the PATH of before', () => {
  const { front, real, hold } = rig('plain')
  const found = call(
    { ...plugin, PATH: `${front}:${real}:/usr/bin:/bin` },
    'run',
    '--cwd',
    '/a b',
    '$(x)',
    '',
  )
  expect(found).toEqual({
    status: 0,
    stderr: '',
    options: `--preload=${hold}`,
    path: `${real}:/usr/bin:/bin`,
    words: ['run', '--cwd', '/a b', '$(x)', ''],
  })
})

test('options of the user stay', () => {
  const { front, real, hold } = rig('plain')
  const env = { ...plugin, PATH: `${front}:${real}:/usr/bin:/bin`, BUN_OPTIONS: '--smol' }
  expect(call(env).options).toBe(`--preload=${hold} --smol`)
})

test('any other Bun runs as if nothing stood in front', () => {
  const { front, real } = rig('plain')
  expect(call({ PATH: `${front}:${real}:/usr/bin:/bin` }, 'test')).toMatchObject({
    options: '',
    words: ['test'],
  })
})

test('the Bun that setup found runs plugins, whatever shim stands in PATH; everything else is left to PATH', () => {
  const { root, front, real } = rig('plain')
  const shims = join(root, 'shims')
  mkdirSync(shims)
  writeFileSync(join(shims, 'bun'), '#!/bin/sh\necho "No version is set for command bun" >&2\nexit 126\n', {
    mode: 0o755,
  })
  const env = { PATH: `${front}:${shims}:/usr/bin:/bin`, CHANNELS_BUN: join(real, 'bun') }
  expect(call({ ...plugin, ...env }, 'x')).toMatchObject({ status: 0, words: ['x'] })
  expect(call(env, 'x')).toMatchObject({ status: 126 })
  // Gone since.
  expect(call({ ...plugin, ...env, CHANNELS_BUN: join(root, 'gone') }, 'x')).toMatchObject({ status: 126 })
})

test.each(['with space', "with'quote", 'with"quote', 'with\\backslash'])(
  'a path that BUN_OPTIONS can not say is not said: %s',
  (name) => {
    const { front, real } = rig(name)
    expect(call({ ...plugin, PATH: `${front}:${real}:/usr/bin:/bin` }, 'x')).toMatchObject({
      status: 0,
      options: '',
      words: ['x'],
    })
  },
)

test('the file is gone: the plugin runs without', () => {
  const { front, real, hold } = rig('plain')
  rmSync(hold)
  expect(call({ ...plugin, PATH: `${front}:${real}:/usr/bin:/bin` }, 'x')).toMatchObject({
    status: 0,
    options: '',
  })
})

test('Bun is gone: 127, and it never calls itself, by whatever path it stands there', () => {
  const { root, front } = rig('plain')
  symlinkSync(front, join(root, 'again'))
  expect(call({ PATH: `${front}:${front}/:${join(root, 'again')}:/usr/bin:/bin` }, 'x')).toMatchObject({
    status: 127,
    stderr: 'bun: not found\n',
  })
})
