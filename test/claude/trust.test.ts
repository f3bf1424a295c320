import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clientPaths } from '../../src/claude/paths.ts'
import * as trust from '../../src/claude/trust.ts'
import { replaceFile } from '../../src/system/replace-file.ts'
import { temporaryFolder } from './temporary-folder.ts'

const { isTrusted } = trust
const recordTrust = trust.recordTrust(replaceFile)
const forgetTrust = trust.forgetTrust(replaceFile)

const setUp = (content?: object | string) => {
  const home = temporaryFolder()
  const cwd = join(home, 'work', 'site')
  mkdirSync(cwd, { recursive: true })
  const paths = clientPaths({}, home, 'linux')
  if (content !== undefined)
    writeFileSync(paths.json, typeof content === 'string' ? content : JSON.stringify(content), {
      mode: 0o600,
    })
  return { home, cwd, paths, read: () => JSON.parse(readFileSync(paths.json, 'utf8')) }
}

const locked: string[] = []
const withLock: trust.WithLock = (path, action) => {
  locked.push(path)
  return action()
}

test('records the real path and keeps everything else, under the lock of the file', async () => {
  const before = {
    oauthAccount: { id: 'ä' },
    projects: { '/other': { allowedTools: ['x'] } },
    numStartups: 3,
  }
  const { home, cwd, paths, read } = setUp(before)
  symlinkSync(cwd, join(home, 'link'))
  expect(isTrusted(paths, cwd)).toBe(false)
  expect(await recordTrust(paths, join(home, 'link'), withLock)).toBe('recorded')
  expect(locked).toContain(paths.json)
  expect(read()).toEqual({
    ...before,
    projects: { ...before.projects, [cwd]: { hasTrustDialogAccepted: true } },
  })
  expect(isTrusted(paths, cwd)).toBe(true)
  expect(isTrusted(paths, join(home, 'link'))).toBe(true)
})

test('a second time changes nothing', async () => {
  const { cwd, paths } = setUp()
  expect(await recordTrust(paths, cwd, withLock)).toBe('recorded')
  const { mtimeMs, ino } = statSync(paths.json)
  expect(await recordTrust(paths, cwd, withLock)).toBe('already')
  expect(statSync(paths.json)).toMatchObject({ mtimeMs, ino })
})

test('other fields of the folder and the mode of the file stay; a new file is private', async () => {
  const { cwd, paths, read } = setUp({})
  writeFileSync(
    paths.json,
    JSON.stringify({ projects: { [cwd]: { allowedTools: ['a'], hasTrustDialogAccepted: false } } }),
  )
  chmodSync(paths.json, 0o640)
  await recordTrust(paths, cwd, withLock)
  expect(read().projects[cwd]).toEqual({ allowedTools: ['a'], hasTrustDialogAccepted: true })
  expect(statSync(paths.json).mode & 0o777).toBe(0o640)
  const fresh = setUp()
  await recordTrust(fresh.paths, fresh.cwd, withLock)
  expect(statSync(fresh.paths.json).mode & 0o777).toBe(0o600)
})

test('a file that is a link stays one', async () => {
  const { home, cwd, paths, read } = setUp()
  writeFileSync(join(home, 'dotfile.json'), '{"a":1}')
  symlinkSync(join(home, 'dotfile.json'), paths.json)
  await recordTrust(paths, cwd, withLock)
  expect(lstatSync(paths.json).isSymbolicLink()).toBe(true)
  expect(read()).toMatchObject({ a: 1, projects: { [cwd]: { hasTrustDialogAccepted: true } } })
})

test.each(['{"projects":', '[]', '', 'null'])('broken: %s', async (text) => {
  const { cwd, paths } = setUp(text)
  const refused = recordTrust(paths, cwd, withLock)
  await expect(refused).rejects.toMatchObject({ name: 'ExpectedError', status: 78 })
  await expect(refused).rejects.toThrow(paths.json)
  expect(readFileSync(paths.json, 'utf8')).toBe(text)
  expect(isTrusted(paths, cwd)).toBeNull()
})

test('the home directory is refused, and nothing is written', async () => {
  const { home, paths } = setUp()
  await expect(recordTrust(paths, home, withLock)).rejects.toMatchObject({ name: 'ExpectedError', status: 2 })
  expect(existsSync(paths.json)).toBe(false)
})

test('a file that cannot be replaced is said with what the system says, and with its status', async () => {
  const { cwd, paths, read } = setUp({ a: 1 })
  for (const [code, status] of [
    ['EACCES', 77],
    ['ENOSPC', 73],
  ] as const) {
    const refuse = () => {
      throw Object.assign(new Error(code), { code })
    }
    await expect(trust.recordTrust(refuse)(paths, cwd, withLock)).rejects.toMatchObject({
      status,
      message: expect.stringContaining(code),
    })
  }
  expect(read()).toEqual({ a: 1 })
})

test('trust above counts, up to the top of a repository', () => {
  const { home, cwd, paths } = setUp()
  writeFileSync(
    paths.json,
    JSON.stringify({ projects: { [join(home, 'work')]: { hasTrustDialogAccepted: true } } }),
  )
  expect(isTrusted(paths, cwd)).toBe(true)
  mkdirSync(join(cwd, '.git'))
  expect(isTrusted(paths, cwd)).toBe(false)
})

test('forgetting takes back the trust and nothing else', async () => {
  const { cwd, paths, read } = setUp({ a: 1 })
  expect(await forgetTrust(setUp().paths, cwd, withLock)).toBe('nothing')
  expect(await forgetTrust(paths, cwd, withLock)).toBe('nothing')
  await recordTrust(paths, cwd, withLock)
  expect(await forgetTrust(paths, cwd, withLock)).toBe('forgotten')
  expect(isTrusted(paths, cwd)).toBe(false)
  expect(read()).toMatchObject({ a: 1 })
})

// Code of 2.1.139 and 2.1.330.
test('a worktree is trusted with the repository that it was made of', () => {
  const { home, cwd, paths } = setUp()
  const tree = join(home, 'tree')
  const own = join(cwd, '.git', 'worktrees', 'tree')
  for (const folder of [tree, own]) mkdirSync(folder, { recursive: true })
  writeFileSync(join(tree, '.git'), `gitdir: ${own}\n`)
  writeFileSync(join(own, 'commondir'), '../..\n')
  writeFileSync(join(own, 'gitdir'), `${tree}/.git\n`)
  const json = (trusted: boolean) =>
    writeFileSync(paths.json, JSON.stringify({ projects: { [cwd]: { hasTrustDialogAccepted: trusted } } }))
  json(false)
  expect(isTrusted(paths, tree)).toBe(false)
  json(true)
  expect(isTrusted(paths, tree)).toBe(true)
})
