import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readAccess } from '../../../src/channels/access-file.ts'
import { checkPlaces } from '../../../src/commands/setup/places.ts'
import type { Deps } from '../../../src/deps.ts'
import { files } from '../../../src/system/files.ts'
import { ownFolder, program, thrown } from '../../system/own.ts'
import { makeReadOnly, smallDisk } from '../../system/small-disk.ts'

const check = (home: string, stateDir: string): unknown => {
  const paths = { config: home, json: join(home, '.claude.json'), logs: home, home }
  const folders = { config: home, state: home } as Deps['folders']
  const channels = { readAccess } as Deps['channels']
  return thrown(() =>
    checkPlaces(
      { paths, cwd: home, stateDir, kind: 'telegram', trusted: true },
      { files, folders, channels },
    ),
  )
}

/** The same in a process of its own that is not root's: root may write everywhere. */
const checkAsNobody = (home: string, stateDir: string): unknown => {
  const checker = program(
    home,
    `import { readAccess } from '../../src/channels/access-file.ts'
     import { checkPlaces } from '../../src/commands/setup/places.ts'
     import { files } from '../../src/system/files.ts'
     const [, , home, stateDir] = process.argv
     const paths = { config: home, json: home + '/.claude.json', logs: home, home }
     try {
       checkPlaces({ paths, cwd: home, stateDir, kind: 'telegram', trusted: true }, { files, folders: { config: home, state: home }, channels: { readAccess } })
       console.log('{}')
     } catch ({ name, status, message }) {
       console.log(JSON.stringify({ name, status, message }))
     }`,
  )
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const { stdout, stderr } = spawnSync(process.execPath, [checker, home, stateDir], {
    ...user,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

test('no permission: 77', () => {
  const home = ownFolder()
  chmodSync(home, 0o777)
  const closed = join(home, 'closed')
  mkdirSync(closed, { mode: 0o555 })
  expect(checkAsNobody(home, join(home, 'bot'))).toEqual({})
  for (const stateDir of [closed, join(closed, 'bot')])
    expect(checkAsNobody(home, stateDir)).toEqual({
      name: 'ExpectedError',
      status: 77,
      message: `${stateDir} can't be written, or is no folder.`,
    })
})

test('a file in its place: 73', () => {
  const home = ownFolder()
  expect(check(home, join(home, 'bot'))).toBeNull()
  writeFileSync(join(home, 'file'), '')
  expect(check(home, join(home, 'file'))).toMatchObject({ name: 'ExpectedError', status: 73 })
})

test('a read-only disk: 73', ({ skip }) => {
  const disk = smallDisk()
  if (disk === null || !makeReadOnly(disk)) return skip()
  expect(check(ownFolder(), disk)).toMatchObject({ name: 'ExpectedError', status: 73 })
})
