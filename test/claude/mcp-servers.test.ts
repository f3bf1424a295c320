import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mcpServer, mcpServerElsewhere, mcpServers } from '../../src/claude/mcp-servers.ts'
import { clientPaths } from '../../src/claude/paths.ts'
import { temporaryFolder } from './temporary-folder.ts'

type Files = {
  /** Of this folder alone, of its `.mcp.json`, of all folders: what stands under `mcpServers`; or the whole file. */
  readonly local?: unknown
  readonly project?: unknown
  readonly user?: unknown
  readonly settings?: unknown
}

const text = (content: unknown): string => (typeof content === 'string' ? content : JSON.stringify(content))

const setUp = ({ local, project, user, settings }: Files) => {
  const home = temporaryFolder()
  const cwd = join(home, 'site')
  mkdirSync(join(cwd, '.claude'), { recursive: true })
  const paths = clientPaths({}, home, 'linux')
  const json =
    typeof user === 'string' ? user : { projects: { [cwd]: { mcpServers: local } }, mcpServers: user }
  writeFileSync(paths.json, text(json))
  if (project !== undefined)
    writeFileSync(
      join(cwd, '.mcp.json'),
      typeof project === 'string' ? project : text({ mcpServers: project }),
    )
  if (settings !== undefined) writeFileSync(join(cwd, '.claude', 'settings.local.json'), text(settings))
  const find = (name: string) => mcpServer(paths, cwd, name)
  const names = () => mcpServers(paths, cwd).map(({ name }) => name)
  return { paths, cwd, find, names }
}

const called = (command: string) => ({ pager: { type: 'stdio', command, args: ['x'] } })

// The client's documentation: local before project before user. All three were seen to work on 2.1.139 and 2.1.330.
test.each<[what: string, files: Files, command: string, file: 'json' | '.mcp.json']>([
  ['all three', { local: called('a'), project: called('b'), user: called('c') }, 'a', 'json'],
  ['the folder’s file and all folders', { project: called('b'), user: called('c') }, 'b', '.mcp.json'],
  ['all folders alone', { user: called('c') }, 'c', 'json'],
  ['this folder alone', { local: called('a') }, 'a', 'json'],
])('named by %s', (_, files, command, file) => {
  const { paths, cwd, find, names } = setUp(files)
  expect(find('pager')).toEqual({
    ...{ name: 'pager', command, args: ['x'], env: {}, refusedIn: null },
    file: file === 'json' ? paths.json : join(cwd, '.mcp.json'),
  })
  expect(names()).toEqual(['pager'])
})

test('of another folder it is not known', () => {
  const { paths, cwd } = setUp({ local: called('a') })
  expect(mcpServer(paths, join(cwd, 'below'), 'pager')).toBeNull()
})

test('a file of a folder above counts, the nearest first', () => {
  const { paths, cwd, find } = setUp({ project: { other: { command: 'o' } } })
  writeFileSync(
    join(cwd, '..', '.mcp.json'),
    JSON.stringify({ mcpServers: { ...called('b'), other: { command: 'x' } } }),
  )
  expect(find('pager')).toMatchObject({ command: 'b', file: join(paths.home, '.mcp.json') })
  expect(find('other')).toMatchObject({ command: 'o' })
})

test('a server elsewhere is no program of this machine, and hides one of its name that comes after it', () => {
  const remote = { pager: { type: 'http', url: 'https://example.org/mcp' } }
  const { paths, cwd, find, names } = setUp({
    project: remote,
    user: { ...called('c'), other: { command: 'd' } },
  })
  expect(find('pager')).toBeNull()
  expect(find('other')).toMatchObject({ command: 'd', args: [] })
  expect(names()).toEqual(['other'])
  expect(mcpServerElsewhere(paths, cwd, 'pager')).toBe(join(cwd, '.mcp.json'))
  for (const name of ['other', 'nosuch', 'toString']) expect(mcpServerElsewhere(paths, cwd, name)).toBeNull()
})

test('a program that comes first hides a server elsewhere', () => {
  const { paths, cwd } = setUp({ project: called('b'), user: { pager: { url: 'https://example.org' } } })
  expect(mcpServerElsewhere(paths, cwd, 'pager')).toBeNull()
})

test('what it is given, where that is text', () => {
  const project = { pager: { command: 'node', args: ['a', 7, null, 'b'], env: { A: '1', B: 2, C: null } } }
  expect(setUp({ project }).find('pager')).toMatchObject({ args: ['a', 'b'], env: { A: '1' } })
  for (const args of ['a', {}, 7, null])
    expect(setUp({ project: { pager: { command: 'node', args } } }).find('pager')).toMatchObject({ args: [] })
})

test.each<[what: string, settings: unknown, project: boolean, refused: boolean]>([
  ['refused', { disabledMcpjsonServers: ['other', 'pager'] }, true, true],
  [
    'refused and enabled',
    { disabledMcpjsonServers: ['pager'], enabledMcpjsonServers: ['pager'] },
    true,
    true,
  ],
  ['refused, but not asked about at all', { disabledMcpjsonServers: ['pager'] }, false, false],
  ['another one refused', { disabledMcpjsonServers: ['pagers'] }, true, false],
  ['no list', { disabledMcpjsonServers: 'pager' }, true, false],
  ['broken', '{', true, false],
  ['absent', undefined, true, false],
])('in the folder’s settings: %s', (_, settings, project, refused) => {
  const { find, cwd } = setUp({
    ...(project ? { project: called('b') } : { user: called('b') }),
    settings,
  })
  expect(find('pager')?.refusedIn).toBe(refused ? join(cwd, '.claude', 'settings.local.json') : null)
})

test.each([
  ['broken', '{"mcpServers":'],
  ['empty', ''],
  ['a list', '[]'],
  ['servers in a list', '{"mcpServers":[{"command":"a"}]}'],
  ['a server that is text', '{"mcpServers":{"pager":"node"}}'],
  ['a server that is a list', '{"mcpServers":{"pager":["node"]}}'],
  ['no command', '{"mcpServers":{"pager":{"args":["a"]}}}'],
  ['a command that is none', '{"mcpServers":{"pager":{"command":7}}}'],
  ['null', 'null'],
])('a file that is %s names none', (_, file) => {
  for (const { find, names } of [setUp({ project: file }), setUp({ user: file })]) {
    expect(find('pager')).toBeNull()
    expect(names()).toEqual([])
  }
})

test('behind a byte order mark, which the client passes over, it is read', () => {
  expect(setUp({ project: `\uFEFF${text({ mcpServers: called('b') })}` }).names()).toEqual(['pager'])
})

test('no name finds what every object has', () => {
  const { find } = setUp({ project: called('b') })
  for (const name of ['toString', 'constructor', '__proto__', '']) expect(find(name)).toBeNull()
})

test('never throws, whatever stands in it', () => {
  const { paths, cwd } = setUp({})
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (content) => {
      writeFileSync(join(cwd, '.mcp.json'), content)
      writeFileSync(paths.json, content)
      for (const { command, args } of mcpServers(paths, cwd))
        expect([command, ...args].join()).toBeTypeOf('string')
    }),
  )
})
