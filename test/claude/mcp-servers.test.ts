import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMcpServers } from '../../src/claude/mcp-servers.ts'
import { clientPaths } from '../../src/claude/paths.ts'
import { telegramSession } from './sessions.ts'
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
  const servers = createMcpServers('linux', join(home, 'etc'))
  const told = { cwd, arguments: [] as readonly string[] }
  const look = (name: string, more: Partial<typeof told> = {}) =>
    servers.findMcpServer(paths, { ...told, ...more }, name)
  const find = (name: string, more: Partial<typeof told> = {}) => {
    const found = look(name, more)
    return found.is === 'program' ? found.server : null
  }
  const names = () => servers.mcpServers(paths, told).map(({ name }) => name)
  /** `file` below the home. */
  const write = (file: string, content: unknown): string => {
    mkdirSync(dirname(join(home, file)), { recursive: true })
    writeFileSync(join(home, file), text(content))
    return join(home, file)
  }
  /** What is agreed to of channels with these servers, each agreed to in that file. */
  const agreed = (channels: Readonly<Record<string, string | null>>) =>
    servers.agreedServers(
      telegramSession({
        cwd,
        channels: Object.entries(channels).flatMap(([name, agreedIn]) =>
          telegramSession().channels.map((each) => ({ ...each, id: `server:${name}`, agreedIn })),
        ),
      }),
    )
  return { home, paths, cwd, look, find, names, write, agreed }
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
    askedIn: file === 'json' ? null : join(cwd, '.mcp.json'),
  })
  expect(names()).toEqual(['pager'])
})

test('of another folder it is not known', () => {
  const { cwd, look } = setUp({ local: called('a') })
  expect(look('pager', { cwd: join(cwd, 'below') })).toEqual({ is: 'nothing', only: null })
})

// `claude mcp add` in each of these: seen on 2.1.139 and 2.1.330.
test('told for a folder, it is known in all of its repository and its worktrees', () => {
  const { cwd, home, find, write } = setUp({ local: called('a') })
  const below = (...names: readonly string[]) => {
    mkdirSync(join(home, ...names), { recursive: true })
    return { cwd: join(home, ...names) }
  }
  write('site/.git/HEAD', 'ref: refs/heads/main')
  expect(find('pager', below('site', 'sub', 'deep'))).toMatchObject({ command: 'a' })
  write('tree/.git', `gitdir: ${cwd}/.git/worktrees/tree\n`)
  write('site/.git/worktrees/tree/commondir', '../..\n')
  write('site/.git/worktrees/tree/gitdir', `${home}/tree/.git\n`)
  expect(find('pager', below('tree', 'sub'))).toMatchObject({ command: 'a' })
  // One that only says so.
  write('thief/.git', `gitdir: ${cwd}/.git/worktrees/tree\n`)
  expect(find('pager', below('thief'))).toBeNull()
  write('site/nested/.git/HEAD', 'ref: refs/heads/main')
  expect(find('pager', below('site', 'nested', 'sub'))).toBeNull()
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
  const { cwd, look, find, names } = setUp({
    project: remote,
    user: { ...called('c'), other: { command: 'd' } },
  })
  expect(find('pager')).toBeNull()
  expect(find('other')).toMatchObject({ command: 'd', args: [] })
  expect(names()).toEqual(['other'])
  expect(look('pager')).toEqual({ is: 'no-program', file: join(cwd, '.mcp.json') })
  for (const name of ['nosuch', 'toString']) expect(look(name)).toEqual({ is: 'nothing', only: null })
})

test('a program that comes first hides a server elsewhere', () => {
  const { look } = setUp({ project: called('b'), user: { pager: { url: 'https://example.org' } } })
  expect(look('pager')).toMatchObject({ is: 'program' })
})

test('an administrator’s list counts alone, unless it is broken', () => {
  const { home, look, names, write } = setUp({ project: called('b'), user: called('c') })
  write('etc/managed-mcp.json', { mcpServers: { other: { command: 'o' } } })
  expect(names()).toEqual(['other'])
  expect(look('pager')).toEqual({ is: 'nothing', only: join(home, 'etc', 'managed-mcp.json') })
  write('etc/managed-mcp.json', { mcpServers: called('e') })
  expect(look('pager')).toMatchObject({
    server: { command: 'e', file: join(home, 'etc', 'managed-mcp.json'), askedIn: null },
  })
  write('etc/managed-mcp.json', '{')
  expect(look('pager')).toMatchObject({ server: { command: 'b' } })
})

test('what managed settings name is not missing', () => {
  const { look, write } = setUp({})
  const file = write('etc/managed-settings.json', { managedMcpServers: called('m') })
  expect(look('pager')).toMatchObject({ server: { command: 'm', file, askedIn: null } })
})

test('where the client is given servers on its command line, nothing is said of one that is not found', () => {
  const { look } = setUp({ project: called('b'), settings: { disabledMcpjsonServers: ['pager'] } })
  for (const words of [['--mcp-config', 'x.json'], ['--mcp-config=x.json'], ['--strict-mcp-config']])
    for (const name of ['pager', 'other']) expect(look(name, { arguments: words })).toEqual({ is: 'unknown' })
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
  const refusedIn = { file: join(cwd, '.claude', 'settings.local.json'), whose: 'person' }
  expect(find('pager')?.refusedIn).toEqual(refused ? refusedIn : null)
})

// Each was seen to keep the server from being started on 2.1.139 and 2.1.330.
test.each<[file: string, whose: 'person' | 'administrator', isReadAnyway: boolean]>([
  ['.claude/settings.json', 'person', false],
  ['site/.claude/settings.json', 'person', false],
  ['site/.claude/settings.local.json', 'person', false],
  ['etc/managed-settings.json', 'administrator', true],
  ['etc/managed-settings.d/10-servers.json', 'administrator', true],
])('refused in %s', (name, whose, isReadAnyway) => {
  const { find, write } = setUp({ project: called('b') })
  const file = write(name, { disabledMcpjsonServers: ['other', 'pager'] })
  expect(find('pager')?.refusedIn).toEqual({ file, whose })
  const chosen = { arguments: ['--setting-sources', 'user'] }
  expect(find('pager', chosen)?.refusedIn).toEqual(isReadAnyway ? { file, whose } : null)
})

test('refused by both, it is the administrator who has to change it first', () => {
  const { find, write } = setUp({ project: called('b'), settings: { disabledMcpjsonServers: ['pager'] } })
  write('etc/managed-settings.json', { disabledMcpjsonServers: ['pager'] })
  expect(find('pager')?.refusedIn).toMatchObject({ whose: 'administrator' })
})

test('settings name it as tools are called', () => {
  const { find } = setUp({
    project: { 'my.pager': { command: 'b' } },
    settings: { disabledMcpjsonServers: ['my_pager'] },
  })
  expect(find('my.pager')?.refusedIn).not.toBeNull()
})

// Seen on 2.1.139 and 2.1.330.
test('refused of the folder, the one of all folders takes its place', () => {
  const { find, names } = setUp({
    project: called('b'),
    user: called('c'),
    settings: { disabledMcpjsonServers: ['pager'] },
  })
  expect(find('pager')).toMatchObject({ command: 'c', refusedIn: null })
  expect(names()).toEqual(['pager'])
})

test('agreed to is what the very file names that was agreed to', () => {
  const { home, cwd, agreed, write } = setUp({ user: called('c') })
  const file = join(cwd, '.mcp.json')
  // Set up from what the client was told for all folders; then a `.mcp.json` comes along.
  expect(agreed({ pager: null })).toEqual([])
  write('site/.mcp.json', { mcpServers: called('b') })
  expect(agreed({ pager: null })).toEqual([])
  expect(agreed({ pager: file, other: file })).toEqual(['pager'])
  // Of another folder.
  expect(agreed({ pager: join(home, 'other', '.mcp.json') })).toEqual([])
  // Agreed to in a folder above, and now a nearer file has the name.
  write('.mcp.json', { mcpServers: called('a') })
  expect(agreed({ pager: join(home, '.mcp.json') })).toEqual([])
  rmSync(file)
  expect(agreed({ pager: join(home, '.mcp.json') })).toEqual(['pager'])
  // The same name, another file behind it.
  write('elsewhere/one.json', { mcpServers: called('d') })
  symlinkSync(join(home, 'elsewhere', 'one.json'), file)
  expect(agreed({ pager: file })).toEqual([])
  expect(agreed({ pager: join(home, 'elsewhere', 'one.json') })).toEqual(['pager'])
})

test('where the client would take another file’s server for the one agreed to, it is left to ask', () => {
  const { home, agreed, write } = setUp({ project: { my_pager: { command: 'b' } } })
  const file = write('.mcp.json', { mcpServers: { 'my.pager': { command: 'a' } } })
  expect(agreed({ 'my.pager': file })).toEqual([])
  write('site/.mcp.json', { mcpServers: {} })
  expect(agreed({ 'my.pager': join(home, '.mcp.json') })).toEqual(['my.pager'])
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
  const { paths, names, write, look } = setUp({})
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (content) => {
      for (const file of ['site/.mcp.json', 'site/.git', 'etc/managed-mcp.json', 'etc/managed-settings.json'])
        write(file, content)
      writeFileSync(paths.json, content)
      expect([...names(), look('pager').is].join()).toBeTypeOf('string')
    }),
  )
})
