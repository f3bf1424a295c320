import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as needsAuth from '../../src/claude/needs-auth.ts'
import { clientPaths } from '../../src/claude/paths.ts'
import { replaceFile } from '../../src/system/replace-file.ts'
import { temporaryFolder } from './temporary-folder.ts'

const dropNeedsAuth = needsAuth.dropNeedsAuth(replaceFile)
const ours = 'plugin:telegram:telegram'

const setUp = (text: string | null) => {
  const paths = clientPaths({}, temporaryFolder(), 'linux')
  const file = join(paths.config, 'mcp-needs-auth-cache.json')
  mkdirSync(paths.config)
  if (text !== null) writeFileSync(file, text)
  return { paths, file }
}

test('removes our own entry and no other', () => {
  const others = { 'plugin:github:github': { timestamp: 1, id: 'x' } }
  const { paths, file } = setUp(JSON.stringify({ [ours]: { timestamp: 1795351624156, id: 'y' }, ...others }))
  expect(dropNeedsAuth(paths, [ours, 'plugin:discord:discord'])).toBe('removed')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(others)
  const { ino } = statSync(file)
  expect(dropNeedsAuth(paths, [ours])).toBe('nothing')
  expect(statSync(file).ino).toBe(ino)
})

test.each([null, '', '{"plugin:tel', '[]', '"x"', '{}'])('nothing, untouched: %s', (text) => {
  const { paths, file } = setUp(text)
  expect(dropNeedsAuth(paths, [ours])).toBe('nothing')
  if (text !== null) expect(readFileSync(file, 'utf8')).toBe(text)
})

test('names that objects inherit are no entries', () => {
  const { paths } = setUp('{"a":1}')
  expect(dropNeedsAuth(paths, ['toString', '__proto__'])).toBe('nothing')
})
