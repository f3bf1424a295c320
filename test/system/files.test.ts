import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { files } from '../../src/system/files.ts'
import { ownFolder } from './own.ts'

test('what is there is told, what may not be looked at is not there', () => {
  const folder = ownFolder()
  const file = join(folder, 'file')
  writeFileSync(file, '')
  mkdirSync(join(folder, 'below'))
  symlinkSync('circle', join(folder, 'circle'))
  expect([files.isFolder(folder), files.isFolder(file)]).toEqual([true, false])
  expect(files.changedAt(file)).toBeGreaterThan(0)
  expect(files.realPath(join(folder, 'below', '..', 'file'))).toBe(file)
  // ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG: as EACCES they come from the system, and root meets them, too.
  for (const path of [join(folder, 'none'), join(file, 'x'), join(folder, 'circle'), `/${'x'.repeat(300)}`]) {
    expect(files.isFolder(path)).toBe(false)
    expect(files.changedAt(path)).toBeNull()
    expect(files.realPath(path)).toBeNull()
  }
})

test('one disk or another, by the nearest folder above where there is none yet', () => {
  const folder = ownFolder()
  expect(files.isOneDisk(folder, join(folder, 'not', 'there', 'yet'))).toBe(true)
  // Of the system's own, wherever the rest lies.
  expect(files.isOneDisk(folder, '/dev')).toBe(false)
  expect(files.isOneDisk('/dev/none/yet', '/dev')).toBe(true)
  symlinkSync('/dev', join(folder, 'link'))
  // The link itself is moved; what is put below it is on the other disk.
  expect(files.isOneDisk(folder, join(folder, 'link'))).toBe(true)
  expect(files.isOneDisk(folder, join(folder, 'link', 'not-yet'))).toBe(false)
})
