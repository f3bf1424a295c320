import { spawn } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isTable } from '../../src/core/shape.ts'
import {
  readRecord,
  readRecordOnce,
  readText,
  remove,
  removeFolder,
  writeRecord,
  writeText,
} from '../../src/system/records.ts'
import { eventually, ownFolder, thrown } from './own.ts'
import { fill, makeReadOnly, smallDisk } from './small-disk.ts'

const isNumber = (value: unknown) => (typeof value === 'number' ? value : null)
const mode = (path: string) => statSync(path).mode & 0o777

test('what is written is read again', () => {
  const file = join(ownFolder(), 'a/b/record.json')
  writeRecord(file, { text: 'ü\n', list: [1] })
  expect(readRecord(file, (value) => value)).toEqual({ text: 'ü\n', list: [1] })
  expect(readText(file)).toBe('{"text":"ü\\n","list":[1]}\n')
  expect(mode(file)).toBe(0o600)
  expect(mode(join(file, '..'))).toBe(0o700)
})

test('missing, empty, torn and other content is no record', () => {
  const file = join(ownFolder(), 'record.json')
  expect(readRecord(file, isNumber)).toBeNull()
  expect(readText(file)).toBeNull()
  expect(readText(join(file, 'below'))).toBeNull()
  for (const text of ['', '{"a":', '[1', 'nonsense', '"1"', 'null', '\0', '\uFEFF1']) {
    writeFileSync(file, text)
    expect(readRecord(file, isNumber)).toBeNull()
    expect(readText(join(file, 'below'))).toBeNull()
  }
  writeFileSync(file, '1')
  expect(readRecord(file, isNumber)).toBe(1)
})

test('a record that stays as it is is handed out again; another one, or by another check, is not', () => {
  const file = join(ownFolder(), 'record.json')
  const checkTable = (value: unknown) => (isTable(value) ? value : null)
  const checkLength = (value: unknown) => Object.keys(value ?? {}).length
  writeFileSync(file, '{"a":1}')
  const first = readRecord(file, checkTable)
  expect(first).toEqual({ a: 1 })
  expect(readRecord(file, checkTable)).toBe(first)
  expect(readRecord(file, checkLength)).toBe(1)
  writeFileSync(file, '{"a":2}')
  expect(readRecord(file, checkTable)).toEqual({ a: 2 })
  rmSync(file)
  expect(readRecord(file, checkTable)).toBeNull()
  writeFileSync(file, '{"a":')
  expect(readRecord(file, checkTable)).toBeNull()
})

test('of a record that its reader keeps nothing is kept here', () => {
  const file = join(ownFolder(), 'record.json')
  const checkTable = (value: unknown) => (isTable(value) ? value : null)
  expect(readRecordOnce(file, checkTable)).toBeNull()
  writeFileSync(file, '{"a":1}')
  const first = readRecordOnce(file, checkTable)
  expect(first).toEqual({ a: 1 })
  expect(readRecordOnce(file, checkTable)).toEqual(first)
  expect(readRecordOnce(file, checkTable)).not.toBe(first)
  expect(readRecord(file, checkTable)).not.toBe(first)
  writeFileSync(file, '{"a":')
  expect(readRecordOnce(file, checkTable)).toBeNull()
})

test('any cut of a record is that record or none', () => {
  const file = join(ownFolder(), 'record.json')
  fc.assert(
    fc.property(fc.record({ a: fc.string(), b: fc.nat() }), fc.nat(200), (record, length) => {
      const text = JSON.stringify(record)
      writeFileSync(file, text.slice(0, length))
      const found = readRecord(file, (value) => value)
      expect(found).toEqual(length >= text.length ? JSON.parse(text) : null)
    }),
    { numRuns: 50 },
  )
})

test('a record that is there and cannot be read is an error', () => {
  const error = thrown(() => readRecord(ownFolder(), isNumber))
  expect(error).toMatchObject({ name: 'ExpectedError', status: 77 })
  expect(String(error)).toContain('it is a folder')
})

test('a file, once written, has the mode asked for', () => {
  const file = join(ownFolder(), 'launch.sh')
  const before = process.umask(0o077)
  writeText(file, 'exit\n', 0o755)
  process.umask(before)
  expect(mode(file)).toBe(0o755)
  writeText(file, 'exit 1\n')
  expect(mode(file)).toBe(0o600)
})

test('replaces a link, not what it points to', () => {
  const folder = ownFolder()
  const [other, file] = [join(folder, 'other'), join(folder, 'record')]
  writeFileSync(other, 'untouched')
  symlinkSync(other, file)
  writeText(file, 'new')
  expect(lstatSync(file).isSymbolicLink()).toBe(false)
  expect(readFileSync(other, 'utf8')).toBe('untouched')
})

test('a file in the way of the folder: 73, named, with a remedy', () => {
  const folder = ownFolder()
  writeFileSync(join(folder, 'state'), '')
  for (const path of [join(folder, 'state/x'), join(folder, 'state/below/x')]) {
    const error = thrown(() => writeText(path, 'x'))
    expect(error).toMatchObject({ status: 73, hint: expect.stringContaining('Move that file away') })
    expect(String(error)).toContain(path)
  }
})

test('a folder in the way of the file: 73, and no temporary left', () => {
  const folder = ownFolder()
  mkdirSync(join(folder, 'record.json'))
  expect(thrown(() => writeRecord(join(folder, 'record.json'), {}))).toMatchObject({ status: 73 })
  expect(readdirSync(folder)).toEqual(['record.json'])
})

test('a value that is no JSON is a bug of ours', () => {
  const circle: unknown[] = []
  circle.push(circle)
  expect(thrown(() => writeRecord(join(ownFolder(), 'x'), circle))).toBeInstanceOf(TypeError)
})

test('a full disk: 73, the old record stays whole, no temporary left', ({ skip }) => {
  const disk = smallDisk()
  if (disk === null) return skip()
  const file = join(disk, 'record.json')
  writeRecord(file, { value: 1 })
  fill(disk)
  const before = readdirSync(disk)
  // Sizes around the page, where the first write is a short one.
  for (const size of [100, 4000, 5000, 100_000]) {
    const error = thrown(() => writeRecord(file, { value: 'x'.repeat(size) }))
    expect(error).toMatchObject({ status: 73, hint: expect.stringContaining('df -h') })
  }
  expect(readRecord(file, (value) => value)).toEqual({ value: 1 })
  expect(readdirSync(disk)).toEqual(before)
})

test('a read-only disk: 73', ({ skip }) => {
  const disk = smallDisk()
  if (disk === null) return skip()
  writeFileSync(join(disk, 'x'), '')
  if (!makeReadOnly(disk)) return skip()
  expect(thrown(() => writeText(join(disk, 'x'), 'y'))).toMatchObject({ status: 73 })
  expect(thrown(() => remove(join(disk, 'x')))).toMatchObject({ status: 73 })
  expect(thrown(() => writeText(join(disk, 'a/b'), 'y'))).toMatchObject({ status: 73 })
})

test('no permission: 77', ({ skip }) => {
  // Another user's, since nothing is forbidden to root.
  if (process.geteuid?.() !== 0 || process.seteuid === undefined) return skip()
  const folder = ownFolder()
  writeFileSync(join(folder, 'x'), '1', { mode: 0o600 })
  process.seteuid(65534)
  try {
    for (const action of [
      () => writeText(join(folder, 'x'), 'y'),
      () => readText(join(folder, 'x')),
      () => remove(join(folder, 'x')),
      () => removeFolder(folder),
    ])
      expect(thrown(action)).toMatchObject({ status: 77, message: expect.stringContaining(folder) })
  } finally {
    process.seteuid(0)
  }
})

test('removes what is there and is content with what is not', () => {
  const folder = ownFolder()
  const kept = join(folder, 'kept')
  writeFileSync(kept, '')
  mkdirSync(join(folder, 'gone/below'), { recursive: true })
  symlinkSync(kept, join(folder, 'gone/link'))
  remove(join(folder, 'none'))
  remove(join(kept, 'below'))
  removeFolder(join(folder, 'gone'))
  removeFolder(join(folder, 'gone'))
  expect(readdirSync(folder)).toEqual(['kept'])
  remove(kept)
  expect(readdirSync(folder)).toEqual([])
  rmSync(folder, { recursive: true })
})

test('removes a folder that somebody else still writes into', async () => {
  const folder = join(ownFolder(), 'busy')
  mkdirSync(folder)
  for (let i = 0; i < 200; i++) writeFileSync(join(folder, `old-${i}`), '')
  const script = 'i=0; while [ $i -lt 2000 ]; do i=$((i+1)); : 2>/dev/null >"$0/new-$i" || exit 0; done'
  const writer = spawn('/bin/sh', ['-c', script, folder], { stdio: 'ignore' })
  const ended = new Promise((resolve) => writer.once('close', resolve))
  await eventually(() => existsSync(join(folder, 'new-1')))
  removeFolder(folder)
  await ended
  expect(existsSync(folder)).toBe(false)
})
