import { expect, test } from 'vitest'
import type { World } from '../../src/deps.ts'
import { shareLook } from '../../src/keeper/shared-look.ts'
import { session } from '../core/evidence-builder.ts'

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
      whereNow: (path: string) => note(path),
      readProgramFile: (path: string) => note(`file of ${path}`),
      pluginInstalled: ({ config }: { config: string }, key: string) => note(`${key} of ${config}`),
      sessionPaths: ({ environment }: typeof session) => note(`paths of ${environment.HOME}`),
    },
  } as unknown as World)
  const paths = (config: string) => ({ config, json: '', logs: '', home: '' })
  for (let i = 0; i < 2; i++) {
    world.settings.read()
    for (const pid of [1, 12]) world.processes.find(pid)
    for (const path of ['/a', '/b']) world.claude.findProgram('bun', path)
    for (const file of ['/a', '/b']) world.claude.whereNow(file)
    for (const file of ['/a', '/b']) world.claude.readProgramFile(file)
    for (const config of ['/c', '/d']) world.claude.pluginInstalled(paths(config), 'telegram@x')
    for (const HOME of ['/e', '/f']) world.claude.sessionPaths({ ...session, environment: { HOME } })
  }
  expect(asked).toEqual([
    'settings',
    ...['process 1', 'process 12', 'bun in /a', 'bun in /b', '/a', '/b'],
    ...['file of /a', 'file of /b'],
    ...['telegram@x of /c', 'telegram@x of /d', 'paths of /e', 'paths of /f'],
  ])
})
