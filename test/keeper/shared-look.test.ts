import { expect, test } from 'vitest'
import type { World } from '../../src/deps.ts'
import { share, shareLook } from '../../src/keeper/shared-look.ts'
import { session } from '../core/evidence-builder.ts'

/** A reading that answers what it was asked and how many readings there were by then. */
const counting = () => {
  let times = 0
  const read = share(
    (what: string) => `${what} ${++times}`,
    (what) => what,
  )
  return read
}

test('in one go the same is read once, and another for itself', () => {
  const read = counting()
  expect([read('a'), read('b'), read('a'), read('b')]).toEqual(['a 1', 'b 2', 'a 1', 'b 2'])
})

test('whoever waited, if only for a promise that is kept already, reads anew', async () => {
  const read = counting()
  const look = async () => read('a')
  // Sessions looked at together, then looked at again.
  expect(await Promise.all([look(), look()])).toEqual(['a 1', 'a 1'])
  expect(await Promise.all([look(), look()])).toEqual(['a 2', 'a 2'])
  read('b')
  await null
  expect(read('b')).toBe('b 4')
})

test('nothing found is an answer, too; what throws is asked again', () => {
  let times = 0
  const nothing = share(
    () => {
      times += 1
      return null
    },
    () => '',
  )
  expect([nothing(), nothing(), times]).toEqual([null, null, 1])
  const broken = share(
    () => {
      times += 1
      throw new Error('no')
    },
    () => '',
  )
  expect(broken).toThrow('no')
  expect(broken).toThrow('no')
  expect(times).toBe(3)
})

test('sessions share what is the same for them, and only that', () => {
  const asked: string[] = []
  const note = (what: string) => {
    asked.push(what)
    return null
  }
  const world = shareLook({
    settings: { read: () => note('settings') },
    processes: { find: (pid: number) => note(`process ${pid}`) },
    claude: {
      findProgram: (name: string, path: string | undefined) => note(`${name} in ${path}`),
      isExecutableFile: (path: string) => note(path),
      pluginInstalled: ({ config }: { config: string }, key: string) => note(`${key} of ${config}`),
      sessionPaths: ({ environment }: typeof session) => note(`paths of ${environment.HOME}`),
    },
  } as unknown as World)
  const paths = (config: string) => ({ config, json: '', logs: '', home: '' })
  for (let i = 0; i < 2; i++) {
    world.settings.read()
    for (const pid of [1, 12]) world.processes.find(pid)
    for (const path of ['/a', '/b']) world.claude.findProgram('bun', path)
    for (const file of ['/a', '/b']) world.claude.isExecutableFile(file)
    for (const config of ['/c', '/d']) world.claude.pluginInstalled(paths(config), 'telegram@x')
    for (const HOME of ['/e', '/f']) world.claude.sessionPaths({ ...session, environment: { HOME } })
  }
  expect(asked).toEqual([
    'settings',
    ...['process 1', 'process 12', 'bun in /a', 'bun in /b', '/a', '/b'],
    ...['telegram@x of /c', 'telegram@x of /d', 'paths of /e', 'paths of /f'],
  ])
})
