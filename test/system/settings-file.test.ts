import { spawn } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Session } from '../../src/core/session.ts'
import { emptySettings, type Settings } from '../../src/core/settings.ts'
import { readSettings, updateSettings } from '../../src/system/settings-file.ts'
import { ownFolder, program, thrown } from './own.ts'
import { fill, smallDisk } from './small-disk.ts'

const session = (name: string, more: Partial<Session> = {}): Session => ({
  name,
  cwd: '/home/me/site',
  channels: [],
  multiplexer: 'tmux',
  exclusive: true,
  trustRecorded: false,
  permissionMode: null,
  skipPermissions: false,
  arguments: [],
  environment: { 'a.b': 'c.d' },
  client: '/usr/bin/claude',
  bun: '/usr/bin/bun',
  restart: { attempts: 5, windowMs: 1000, retryMs: 1000, updateMs: null },
  dialogs: { resume: 'ask', development: 'ask' },
  notify: { to: null, command: null, quiet: null },
  ...more,
})
const adding =
  (name: string, more: Partial<Session> = {}) =>
  (settings: Settings): Settings => ({
    ...settings,
    sessions: { ...settings.sessions, [name]: session(name, more) },
  })

test('no file is empty settings, and reading makes none', () => {
  const file = join(ownFolder(), 'channels/config.json')
  expect(readSettings(file)).toEqual(emptySettings)
  expect(existsSync(join(file, '..'))).toBe(false)
})

test('what is written is read again, 0600, in a folder 0700, and nothing is left beside it', async () => {
  const file = join(ownFolder(), 'channels/config.json')
  const written = await updateSettings(file, adding('work'))
  expect(readSettings(file)).toEqual(written)
  expect(readSettings(file).sessions).toEqual({ work: session('work') })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700)
  expect(readdirSync(join(file, '..'))).toEqual(['config.json'])
})

test('a change that changes nothing writes nothing', async () => {
  const file = join(ownFolder(), 'config.json')
  await updateSettings(file, (settings) => settings)
  expect(existsSync(file)).toBe(false)
})

test('broken JSON: 78 with path and line, and the file is left alone', async () => {
  const file = join(ownFolder(), 'config.json')
  const text = '{\n  "version": 1,\n  "sessions": {},,\n}'
  writeFileSync(file, text)
  const error = thrown(() => readSettings(file))
  expect(error).toMatchObject({
    name: 'ExpectedError',
    status: 78,
    message: `${file} is not valid JSON: line 3, column 18.`,
  })
  await expect(updateSettings(file, adding('work'))).rejects.toMatchObject({ status: 78 })
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('an empty file is broken, not empty settings', () => {
  const file = join(ownFolder(), 'config.json')
  writeFileSync(file, '')
  expect(thrown(() => readSettings(file))).toMatchObject({ status: 78 })
})

test('a field of another type: 78 with its name', () => {
  const file = join(ownFolder(), 'config.json')
  writeFileSync(file, JSON.stringify({ sessions: { work: { ...session('work'), cwd: 5 } } }))
  const error = thrown(() => readSettings(file))
  expect(error).toMatchObject({
    status: 78,
    message: expect.stringContaining('`sessions.work.cwd` must be text'),
  })
})

test('a folder in its place: 77; a file in place of its folder: 73 on writing', async () => {
  const folder = ownFolder()
  mkdirSync(join(folder, 'config.json'))
  expect(thrown(() => readSettings(join(folder, 'config.json')))).toMatchObject({ status: 77 })
  writeFileSync(join(folder, 'channels'), '')
  await expect(updateSettings(join(folder, 'channels/config.json'), adding('work'))).rejects.toMatchObject({
    status: 73,
  })
})

test('keys of another release are kept', async () => {
  const file = join(ownFolder(), 'config.json')
  writeFileSync(
    file,
    JSON.stringify({ later: 1, sessions: { work: { ...session('work'), later: { a: 2 } } } }),
  )
  await updateSettings(file, adding('work', { cwd: '/new' }))
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    later: 1,
    sessions: { work: { cwd: '/new', later: { a: 2 } } },
  })
})

test('what the change throws comes through, and the lock is free again', async () => {
  const file = join(ownFolder(), 'config.json')
  const change = () => {
    throw new Error('bug')
  }
  await expect(updateSettings(file, change)).rejects.toThrow('bug')
  await updateSettings(file, adding('work'))
})

test('a change that could not be read again is a bug: it throws, and nothing is written', async () => {
  const file = join(ownFolder(), 'config.json')
  await expect(updateSettings(file, adding('work', { cwd: 'relative' }))).rejects.toThrow(
    '`sessions.work.cwd` must be an absolute path',
  )
  expect(existsSync(file)).toBe(false)
  await updateSettings(file, adding('work'))
  const before = readFileSync(file, 'utf8')
  const rejected = updateSettings(file, adding('work', { cwd: 'relative' }))
  await expect(rejected).rejects.not.toHaveProperty('status')
  expect(readFileSync(file, 'utf8')).toBe(before)
})

test('a configuration that is a link stays one', async () => {
  const folder = ownFolder()
  const [file, real] = [join(folder, 'config.json'), join(folder, 'dotfiles.json')]
  writeFileSync(real, '{}')
  symlinkSync(real, file)
  await updateSettings(file, adding('work'))
  expect(lstatSync(file).isSymbolicLink()).toBe(true)
  expect(readSettings(real).sessions.work?.name).toBe('work')
})

test('many processes at once lose nothing', async () => {
  const folder = ownFolder()
  const file = join(folder, 'config.json')
  const writer = program(
    folder,
    `import { updateSettings } from '../../src/system/settings-file.ts'
     const [, , file, name] = process.argv
     const session = ${JSON.stringify(session('x'))}
     const add = async () => {
       for (const each of [name + '-1', name + '-2'])
         await updateSettings(file, (settings) => ({ ...settings, sessions: { ...settings.sessions, [each]: { ...session, name: each } } }))
     }
     add().catch((error) => { console.error(error); process.exitCode = 1 })`,
  )
  const names = Array.from({ length: 12 }, (_, index) => `s${index}`)
  const statuses = await Promise.all(
    names.map(
      (name) => new Promise((resolve) => spawn(process.execPath, [writer, file, name]).once('exit', resolve)),
    ),
  )
  expect(statuses).toEqual(names.map(() => 0))
  expect(Object.keys(readSettings(file).sessions).sort()).toEqual(
    names.flatMap((name) => [`${name}-1`, `${name}-2`]).sort(),
  )
})

test('a full disk: the old configuration or the new one, never half of it', async ({ skip }) => {
  const disk = smallDisk()
  if (disk === null) return skip()
  const file = join(disk, 'config.json')
  await updateSettings(file, adding('work'))
  fill(disk)
  for (const size of [100, 3000, 5000, 50_000]) {
    const before = readFileSync(file, 'utf8')
    const change = adding('big', { environment: { A: 'x'.repeat(size) } })
    const result = await updateSettings(file, change).catch((error: unknown) => error)
    if (result instanceof Error) expect(result).toMatchObject({ status: 73 })
    if (result instanceof Error) expect(readFileSync(file, 'utf8')).toBe(before)
    else expect(readSettings(file).sessions.big?.environment.A?.length).toBe(size)
    expect(readdirSync(disk).filter((name) => !name.startsWith('filler'))).toEqual(['config.json'])
  }
  expect(readSettings(file).sessions.work).toEqual(session('work'))
})
