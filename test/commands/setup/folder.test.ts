import { expect, test } from 'vitest'
import { chooseFolder } from '../../../src/commands/setup/folder.ts'
import type { Ask, Deps } from '../../../src/deps.ts'

const paths = { config: '/home/me/.claude', json: '/home/me/.claude.json', logs: '/logs', home: '/home/me' }

/** From a folder that is gone: our own is `/` then, and `.` has no real path. */
const deps = {
  cwd: '/',
  home: '/home/me',
  output: { say: () => undefined },
  files: { realPath: (path: string) => (path === '.' ? null : path), isFolder: () => true },
  claude: { isTrusted: () => true },
} as unknown as Deps
const nobodyIsAsked = {} as Ask

test.each([
  ['somebody', nobodyIsAsked],
  ['nobody', null],
])('a present folder that is gone is not taken for /, with %s to ask', async (_, ask) => {
  const chosen = (cwd: string | null, offer: string) =>
    chooseFolder({ cwd, trust: true, agreed: null, offer }, paths, ask, deps)
  await expect(chosen(null, '/')).rejects.toMatchObject({
    status: 2,
    message: 'The present folder is gone.',
    hint: expect.stringContaining('--cwd <folder>'),
  })
  expect(await chosen('/home/me/site', '/')).toEqual({ cwd: '/home/me/site', trusted: true })
})

test('with nobody to ask the folder of the session before will do', async () => {
  const said = { cwd: null, trust: true, agreed: null, offer: '/home/me/former' }
  expect(await chooseFolder(said, paths, null, deps)).toEqual({ cwd: '/home/me/former', trusted: true })
})
