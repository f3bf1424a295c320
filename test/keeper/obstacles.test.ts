import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { readOrgSwitches } from '../../src/claude/managed-settings.ts'
import { createMcpServers } from '../../src/claude/mcp-servers.ts'
import { clientPaths } from '../../src/claude/paths.ts'
import type { Session } from '../../src/core/session.ts'
import type { LookWorld } from '../../src/deps.ts'
import { findObstacles } from '../../src/keeper/obstacles.ts'
import { files as realFiles } from '../../src/system/files.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { exitRecord, run as lastRun, session, wanted } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

/** A machine where nothing is missing but what these files of a home and of an administrator's folder say. */
const machine = (files: Readonly<Record<string, unknown>>) => {
  const root = ownFolder()
  const write = (name: string, content: unknown) => {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), JSON.stringify(content))
  }
  for (const [name, content] of Object.entries(files)) write(name, content)
  const paths = clientPaths({}, join(root, 'home'), 'linux')
  const world = {
    env: { PATH: '/bin' },
    folders: resolveFolders({ CHANNELS_HOME: root }, root),
    settings: { read: () => ({ sessions: {} }) },
    files: { ...realFiles, isWritable: () => true, isFolder: () => true },
    claude: {
      findProgram: () => '/bin/x',
      whereNow: (path: string) => path,
      pluginInstalled: () => ({ is: 'yes' }),
      ...createMcpServers('linux', join(root, 'etc')),
      readOrgSwitches: readOrgSwitches('linux', join(root, 'etc')),
    },
    channels: { readToken: () => ({ is: 'unknown' }) },
  } as unknown as LookWorld
  const find = (more: Partial<Session> = {}) =>
    findObstacles(world, { ...session, cwd: join(root, 'site'), ...more }, paths).map(
      ({ reason, detail }) => `${reason}: ${detail.replaceAll(`${root}/`, '')}`,
    )
  return { root, paths, find, world, write, remove: (name: string) => rmSync(join(root, name)) }
}

const managed = 'etc/managed-settings.json'
const user = 'home/.claude/settings.json'

test('an organization’s settings hold a start back until they are mended', () => {
  const { find, write, remove } = machine({ [managed]: { channelsEnabled: false } })
  expect(find()).toEqual([
    `org-policy: channelsEnabled is false in ${managed}; this machine’s administrator can change it there`,
  ])
  write(managed, { channelsEnabled: true })
  expect(find()).toEqual([])
  write(managed, { channelsEnabled: true, allowedChannelPlugins: [] })
  expect(find()).toEqual([
    expect.stringMatching(/^not-allowlisted: .*telegram@claude-plugins-official; this machine/),
  ])
  remove(managed)
  expect(find()).toEqual([])
})

test('what the client asks for anew does not', () => {
  const { find } = machine({
    'home/.claude.json': { cachedGrowthBookFeatures: { tengu_harbor: false, tengu_harbor_ledger: [] } },
    'home/.claude/remote-settings.json': { channelsEnabled: false },
  })
  expect(find()).toEqual([])
})

test('of the session’s environment only what its client is given', () => {
  const { find } = machine({})
  expect(
    find({ environment: { DISABLE_TELEMETRY: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' } }),
  ).toEqual([])
  expect(find({ environment: { CLAUDE_CODE_USE_FOUNDRY: '1' } })).toEqual([
    'channels-unavailable: CLAUDE_CODE_USE_FOUNDRY is set in its environment; `channels set work env.CLAUDE_CODE_USE_FOUNDRY=` takes it out',
  ])
})

test('settings of the user and of the folder, unless the client is told to read others', () => {
  const env = { DISABLE_TELEMETRY: '1' }
  const { find, remove } = machine({ [user]: { env }, 'site/.claude/settings.json': { env } })
  expect(find()).toEqual([
    expect.stringMatching(/site\/\.claude\/settings\.json; you can take it out there$/),
  ])
  for (const words of [['--setting-sources', 'local'], ['--setting-sources=local']])
    expect(find({ arguments: words })).toEqual([])
  remove('site/.claude/settings.json')
  expect(find()).toEqual([expect.stringContaining(`under env in ${user}`)])
})

test('an approved list keeps nobody from a start who has a channel that it names, or that needs no approval', () => {
  const named = { plugin: 'discord', marketplace: 'm' }
  const { find, write } = machine({ [managed]: { channelsEnabled: true, allowedChannelPlugins: [named] } })
  write('site/.mcp.json', { mcpServers: { pager: { command: 'node' } } })
  const channels = (...ids: readonly string[]) => ({
    channels: ids.flatMap((id) => session.channels.map((channel) => ({ ...channel, id }))),
  })
  expect(find(channels('plugin:pager@m', 'plugin:telegram@m'))).toEqual([
    expect.stringContaining('does not name pager@m or telegram@m'),
  ])
  expect(find(channels('plugin:pager@m', 'plugin:discord@m'))).toEqual([])
  expect(find(channels('plugin:pager@m', 'server:pager'))).toEqual([])
})

test('a server that no file names, or that is no program, holds a start back', () => {
  const { find, write } = machine({})
  const own = { channels: session.channels.map((channel) => ({ ...channel, id: 'server:pager' })) }
  expect(find(own)).toEqual(['server-missing: neither site/.mcp.json nor home/.claude.json names pager'])
  write('site/.mcp.json', { mcpServers: { pager: { type: 'http', url: 'https://example.org/mcp' } } })
  expect(find(own)).toEqual(['server-missing: site/.mcp.json has no program for pager'])
  write('site/.mcp.json', { mcpServers: { pager: { command: 'node' } } })
  expect(find(own)).toEqual([])
})

test('a server that may be given on the command line holds nothing back', () => {
  const own = { channels: session.channels.map((channel) => ({ ...channel, id: 'server:pager' })) }
  const { find } = machine({})
  for (const words of [
    ['--mcp-config', 'own.json'],
    ['--mcp-config=own.json', '--strict-mcp-config'],
  ])
    expect(find({ ...own, arguments: words })).toEqual([])
})

test('an administrator’s list of servers, beside which no other counts', () => {
  const own = { channels: session.channels.map((channel) => ({ ...channel, id: 'server:pager' })) }
  const { find, write } = machine({
    'etc/managed-mcp.json': { mcpServers: { pager: { command: 'node' } } },
  })
  expect(find(own)).toEqual([])
  write('etc/managed-mcp.json', { mcpServers: { other: { command: 'node' } } })
  write('site/.mcp.json', { mcpServers: { pager: { command: 'node' } } })
  expect(find(own)).toEqual([
    'server-missing: etc/managed-mcp.json, beside which no other file counts, does not name pager; this machine’s administrator can change it there',
  ])
})

test('a server that settings refuse holds a start back: which file, and who can change it', () => {
  const own = { channels: session.channels.map((channel) => ({ ...channel, id: 'server:pager' })) }
  const { find, write, remove } = machine({
    'site/.mcp.json': { mcpServers: { pager: { command: 'node' } } },
    'site/.claude/settings.json': { disabledMcpjsonServers: ['pager'] },
  })
  const refused = (file: string, who: string) =>
    `server-missing: ${file} refuses pager (disabledMcpjsonServers); ${who}`
  expect(find(own)).toEqual([refused('site/.claude/settings.json', 'you can take it out there')])
  write(managed, { channelsEnabled: true, disabledMcpjsonServers: ['pager'] })
  expect(find(own)).toEqual([refused(managed, 'this machine’s administrator can change it there')])
  remove(managed)
  expect(find({ ...own, arguments: ['--setting-sources', 'local'] })).toEqual([])
})

test('what is in the way of one channel names it; what is in the way of all names none', () => {
  const { world, paths, root } = machine({})
  const channels = ['plugin:telegram@m', 'plugin:discord@m', 'server:pager'].flatMap((id, i) =>
    session.channels.map((channel) => ({ ...channel, id, botId: `bot ${i}` })),
  )
  Object.assign(world.claude, {
    whereNow: () => null,
    pluginInstalled: (_: object, key: string) =>
      key === 'discord@m' ? { is: 'no', detail: 'not there' } : { is: 'yes' },
  })
  // Another session, which runs first by its name, has the bot of the second one.
  const other = { ...session, name: 'a', channels: channels.slice(1, 2) }
  Object.assign(world, { settings: { read: () => ({ sessions: { a: other } }) } })
  mkdirSync(world.folders.session('a').folder, { recursive: true })
  writeFileSync(world.folders.session('a').wanted, JSON.stringify(wanted()))
  const found = findObstacles(world, { ...session, cwd: join(root, 'site'), channels }, paths)
  expect(found.map(({ reason, channel }) => [reason, channel])).toEqual([
    ['client-missing', undefined],
    ['token-in-use', 'plugin:discord@m'],
    ['plugin-missing', 'plugin:discord@m'],
    ['server-missing', 'server:pager'],
  ])
})

const fakechat = {
  channels: session.channels.map((channel) => ({ ...channel, kind: 'fakechat', stateDir: '/s' }) as const),
}

test('a port is taken by whoever is no plugin of this session’s own runs, called the same or not', () => {
  const { find, world, write } = machine({})
  const held = (environment: object) => ({
    machine: () => null,
    find: () => null,
    listens: (port: number) => port === 8787,
    all: () => [{}],
    ask: (_: object, look: (asked: object) => unknown) => look({ variables: () => environment }),
  })
  const run = { ...lastRun(), run: 'r2', exits: [exitRecord({ run: 'r1' })] }
  write('state/sessions/work/run.json', run)
  const taken = ['port-taken: another program listens on port 8787']
  for (const [environment, found] of [
    [{ CHANNELS_SESSION: 'work', CHANNELS_RUN: 'r1', CLAUDE_PLUGIN_ROOT: '/p' }, []],
    [{ CHANNELS_SESSION: 'work', CHANNELS_RUN: 'r2', CLAUDE_PLUGIN_ROOT: '/p' }, []],
    // What Claude was asked to leave running.
    [{ CHANNELS_SESSION: 'work', CHANNELS_RUN: 'r2' }, taken],
    // Of another home.
    [{ CHANNELS_SESSION: 'work', CHANNELS_RUN: 'elsewhere', CLAUDE_PLUGIN_ROOT: '/p' }, taken],
    [{}, taken],
  ] as const) {
    Object.assign(world, { processes: held(environment) })
    expect(find(fakechat)).toEqual(found)
  }
})

test('a port is not taken where its holder is ended between two questions, nor by what comes after that', () => {
  const { find, world, write } = machine({})
  const writeRun = (run: string) => write('state/sessions/work/run.json', { ...lastRun(), run })
  writeRun('r1')
  for (const next of [[], [{ CHANNELS_RUN: 'r2', CLAUDE_PLUGIN_ROOT: '/p' }]]) {
    let left: readonly object[] = [{ CHANNELS_RUN: 'r1', CLAUDE_PLUGIN_ROOT: '/p' }]
    const processes = {
      machine: () => null,
      find: () => null,
      // Who is asked for is ended right after this.
      listens: () => {
        const listens = left.length > 0
        left = left === next ? left : []
        return listens
      },
      all: () => {
        const there = left
        left = next
        if (next.length > 0) writeRun('r2')
        return there
      },
      ask: (environment: object, look: (asked: object) => unknown) => look({ variables: () => environment }),
    }
    Object.assign(world, { processes })
    expect(find(fakechat)).toEqual([])
  }
})
