import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readList, readSettings } from '../../src/claude/json-file.ts'
import { temporaryFolder } from './temporary-folder.ts'

const bytes = 16 * 1024 * 1024

test.each<[what: string, make: (path: string) => void]>([
  ['a FIFO that nobody writes to', (path) => execFileSync('mkfifo', [path])],
  ['a device without end', (path) => symlinkSync('/dev/zero', path)],
  ['a folder', (path) => mkdirSync(path)],
  [
    'a file beyond any size',
    (path) => {
      writeFileSync(path, '{}')
      truncateSync(path, bytes + 1)
    },
  ],
])('%s is unreadable, and holds nobody up', (_, make) => {
  const path = join(temporaryFolder(), 'x.json')
  make(path)
  expect(readSettings(path)).toBe('unreadable')
  expect(readList(path)).toBe('unreadable')
})

test('a file of the greatest size, and one behind a link, are read', () => {
  const folder = temporaryFolder()
  const path = join(folder, 'x.json')
  writeFileSync(path, `{"a":1${' '.repeat(bytes - 7)}}`)
  symlinkSync(path, join(folder, 'link.json'))
  expect(readSettings(path)).toEqual({ a: 1 })
  expect(readList(join(folder, 'link.json'))).toEqual({ a: 1 })
  expect(readSettings(join(folder, 'none.json'))).toBe('absent')
})
