import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { replaceFile } from '../../src/claude/replace-file.ts'
import { fill, smallDisk } from '../system/small-disk.ts'

test('a disk with less room than the file takes: it fails, and the old file is whole', ({ skip }) => {
  const disk = smallDisk()
  if (disk === null) return skip()
  const file = join(disk, '.claude.json')
  writeFileSync(file, '{"numStartups":3}')
  fill(disk)
  // One page: the first write of what needs three is taken in part.
  rmSync(join(disk, 'filler-0'))
  expect(() => replaceFile(file, 'x'.repeat(10_000))).toThrow(/ENOSPC/)
  expect(readFileSync(file, 'utf8')).toBe('{"numStartups":3}')
  expect(readdirSync(disk).filter((name) => !name.startsWith('filler'))).toEqual(['.claude.json'])
})
