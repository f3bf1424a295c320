import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { replaceFile } from '../../src/system/replace-file.ts'
import { ownFolder, thrown } from './own.ts'
import { fill, smallDisk } from './small-disk.ts'

test.each([0o600, 0o640, 0o755])('the new text, with the mode asked for whatever the umask: %o', (mode) => {
  const folder = ownFolder()
  const file = join(folder, 'file')
  writeFileSync(file, 'old', { mode: 0o644 })
  const before = process.umask(0o077)
  replaceFile(file, 'ü\n', mode)
  process.umask(before)
  expect(readFileSync(file, 'utf8')).toBe('ü\n')
  expect(statSync(file).mode & 0o777).toBe(mode)
  expect(readdirSync(folder)).toEqual(['file'])
})

test('asked right before: the new text is whole on the disk, the old one still in its place', () => {
  const folder = ownFolder()
  const file = join(folder, 'file')
  writeFileSync(file, 'old')
  const seen: string[] = []
  const look = (answer: boolean) => () => {
    seen.push(...readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')))
    return answer
  }
  expect(replaceFile(file, 'new', 0o600, look(false))).toBe(false)
  expect(seen).toEqual(['old', 'new'])
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['old', ['file']])
  expect(replaceFile(file, 'new', 0o600, look(true))).toBe(true)
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['new', ['file']])
})

test('what the question throws comes through, and nothing is left behind', () => {
  const folder = ownFolder()
  const file = join(folder, 'file')
  writeFileSync(file, 'old')
  const refuse = () => {
    throw new Error('not so')
  }
  expect(() => replaceFile(file, 'new', 0o600, refuse)).toThrow('not so')
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['old', ['file']])
})

test('bytes that are no text', () => {
  const file = join(ownFolder(), 'file')
  const bytes = Buffer.from([0xff, 0, 0xe4, 10])
  expect(replaceFile(file, bytes, 0o600)).toBe(true)
  expect(readFileSync(file)).toEqual(bytes)
})

test('who has the file open goes on reading the old text', () => {
  const path = join(ownFolder(), 'file')
  writeFileSync(path, 'old')
  const file = openSync(path, 'r')
  replaceFile(path, 'new', 0o600)
  expect(readFileSync(file, 'utf8')).toBe('old')
  closeSync(file)
})

test('a link is replaced, not what it points to', () => {
  const folder = ownFolder()
  const [other, file] = [join(folder, 'other'), join(folder, 'file')]
  writeFileSync(other, 'untouched')
  symlinkSync(other, file)
  replaceFile(file, 'new', 0o600)
  expect(lstatSync(file).isSymbolicLink()).toBe(false)
  expect(readFileSync(other, 'utf8')).toBe('untouched')
})

test('a folder in the way: what the rename says, and no temporary file left', () => {
  const folder = ownFolder()
  mkdirSync(join(folder, 'file'))
  expect(thrown(() => replaceFile(join(folder, 'file'), 'x', 0o600))).toMatchObject({
    code: 'EISDIR',
    syscall: 'rename',
  })
  expect(readdirSync(folder)).toEqual(['file'])
})

test('where the temporary file can not even be removed, what went wrong first is told', () => {
  const folder = ownFolder()
  writeFileSync(join(folder, 'file'), '')
  const below = join(folder, 'file', 'below')
  expect(thrown(() => replaceFile(below, 'x', 0o600))).toMatchObject({ code: 'ENOTDIR', syscall: 'open' })
})

test('a disk with less room than the file takes: it fails, and the old file is whole', ({ skip }) => {
  const disk = smallDisk()
  if (disk === null) return skip()
  const file = join(disk, 'file')
  writeFileSync(file, 'old')
  fill(disk)
  // One page: the first write of what needs three is taken in part.
  rmSync(join(disk, 'filler-0'))
  expect(thrown(() => replaceFile(file, 'x'.repeat(10_000), 0o600))).toMatchObject({ code: 'ENOSPC' })
  expect(readFileSync(file, 'utf8')).toBe('old')
  expect(readdirSync(disk).filter((name) => !name.startsWith('filler'))).toEqual(['file'])
})
