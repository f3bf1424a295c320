import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { replaceClientFile } from '../../src/claude/client-file.ts'
import { replaceFile } from '../../src/system/replace-file.ts'
import { temporaryFolder } from './temporary-folder.ts'

const mode = (path: string) => statSync(path).mode & 0o777

test('the mode stays; a new file is private', () => {
  const file = join(temporaryFolder(), '.claude.json')
  replaceClientFile(file, 'first', replaceFile)
  expect(mode(file)).toBe(0o600)
  chmodSync(file, 0o664)
  replaceClientFile(file, 'second', replaceFile)
  expect(mode(file)).toBe(0o664)
  expect(readFileSync(file, 'utf8')).toBe('second')
})

test('a link stays one, and what it points to keeps its mode', () => {
  const folder = temporaryFolder()
  const [dotfile, file] = [join(folder, 'dotfile.json'), join(folder, '.claude.json')]
  writeFileSync(dotfile, 'old')
  chmodSync(dotfile, 0o640)
  symlinkSync('dotfile.json', file)
  replaceClientFile(file, 'new', replaceFile)
  expect(lstatSync(file).isSymbolicLink()).toBe(true)
  expect(readFileSync(dotfile, 'utf8')).toBe('new')
  expect(mode(dotfile)).toBe(0o640)
  expect(readdirSync(folder).sort()).toEqual(['.claude.json', 'dotfile.json'])
})

test('throws what it is told, and leaves the file alone', () => {
  const file = join(temporaryFolder(), '.claude.json')
  writeFileSync(file, 'old')
  const full = () => {
    throw new Error('ENOSPC')
  }
  expect(() => replaceClientFile(file, 'new', full)).toThrow('ENOSPC')
  expect(readFileSync(file, 'utf8')).toBe('old')
})
