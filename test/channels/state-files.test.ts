import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { replaceStateFile } from '../../src/channels/state-files.ts'
import { replaceFile } from '../../src/system/replace-file.ts'
import { fill, smallDisk } from '../system/small-disk.ts'
import { temporaryFolder } from './temporary-folder.ts'

test('a disk with less room than the file takes: 73, and the old file is whole', ({ skip }) => {
  const disk = smallDisk()
  if (disk === null) return skip()
  const file = join(disk, 'access.json')
  writeFileSync(file, '{"dmPolicy":"allowlist"}')
  fill(disk)
  // One page: the first write of what needs three is taken in part.
  rmSync(join(disk, 'filler-0'))
  expect(() => replaceStateFile(disk, 'access.json', 'x'.repeat(10_000), replaceFile)).toThrow(
    expect.objectContaining({ name: 'ExpectedError', status: 73 }),
  )
  expect(readFileSync(file, 'utf8')).toBe('{"dmPolicy":"allowlist"}')
  expect(readdirSync(disk).filter((name) => !name.startsWith('filler'))).toEqual(['access.json'])
})

test('what a killed process left beside the file goes, what is somebody’s stays', () => {
  const folder = temporaryFolder()
  const gone = spawnSync(process.execPath, ['-e', '']).pid
  const left = [`.env.${gone}.1a2b3c.tmp`]
  const kept = [
    `.env.${process.pid}.1a2b3c.tmp`,
    `.env.${gone}.tmp`,
    '.env.tmp',
    `x.env.${gone}.1a2b3c.tmp`,
    '.env.bak',
  ]
  for (const name of [...left, ...kept]) writeFileSync(join(folder, name), 'TELEGRAM_BOT_TOKEN=x')
  replaceStateFile(folder, '.env', 'new', replaceFile)
  expect(readdirSync(folder).sort()).toEqual(['.env', ...kept].sort())
})
