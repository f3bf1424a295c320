import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { clientPaths } from '../../src/claude/paths.ts'
import { installPlugin, setPluginEnabled, uninstallPlugin } from '../../src/claude/plugin-commands.ts'
import {
  brokenSettings,
  marketplaceKnown,
  pluginEnabled,
  pluginInstalled,
  pluginServer,
  pluginServers,
} from '../../src/claude/plugins.ts'
import { fakeRun } from './fake-run.ts'
import { temporaryFolder } from './temporary-folder.ts'

const key = 'telegram@claude-plugins-official'

const setUp = (files: Readonly<Record<string, unknown>>) => {
  const home = temporaryFolder()
  const paths = clientPaths({}, home, 'linux')
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(paths.config, name)), { recursive: true })
    writeFileSync(join(paths.config, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return { home, paths }
}

// As 2.1.139 and 2.1.330 wrote it.
const entry = {
  scope: 'user',
  installPath: '/home/me/.claude/plugins/cache/claude-plugins-official/telegram/0.0.7',
  version: '0.0.7',
  installedAt: '2026-11-22T12:44:36.922Z',
}
const list = 'plugins/installed_plugins.json'

test.each([
  [
    'installed',
    { version: 2, plugins: { [key]: [entry] } },
    { is: 'yes', value: { root: entry.installPath, version: '0.0.7' } },
  ],
  [
    'for the user rather than a project',
    { plugins: { [key]: [{ ...entry, scope: 'project', installPath: '/p' }, entry] } },
    { is: 'yes', value: { root: entry.installPath } },
  ],
  [
    'as the first format had it',
    { version: 1, plugins: { [key]: entry } },
    { is: 'yes', value: { root: entry.installPath } },
  ],
  [
    'without a version',
    { plugins: { [key]: [{ installPath: '/p' }] } },
    { is: 'yes', value: { root: '/p', version: null } },
  ],
  ['another one', { plugins: { 'x@y': [entry] } }, { is: 'no' }],
  ['an empty entry', { plugins: { [key]: [] } }, { is: 'no' }],
  ['garbled', '{"plugins":', { is: 'unknown' }],
  ['behind a byte order mark, as the client sees it', '\uFEFF{"plugins":{}}', { is: 'unknown' }],
  ['a future format', { version: 9, installed: [] }, { is: 'unknown' }],
])('%s', (_, content, expected) => {
  const root = temporaryFolder()
  for (const folder of [entry.installPath, '/p']) mkdirSync(join(root, folder), { recursive: true })
  const within = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replace(/"(installPath|root)":"/g, `$&${root}`))
  expect(pluginInstalled(setUp({ [list]: within(content) }).paths, key)).toMatchObject(within(expected))
})

test('in the list, but its folder was cleared away', () => {
  const installPath = join(temporaryFolder(), 'cache')
  const { paths } = setUp({ [list]: { plugins: { [key]: [{ ...entry, installPath }] } } })
  expect(pluginInstalled(paths, key)).toMatchObject({
    is: 'no',
    detail: expect.stringContaining(installPath),
  })
  mkdirSync(installPath)
  expect(pluginInstalled(paths, key).is).toBe('yes')
})

test('never installed anything', () => {
  expect(pluginInstalled(setUp({}).paths, key).is).toBe('no')
})

test('a plugin of a marketplace folder runs from that folder', () => {
  const installPath = temporaryFolder()
  const { home, paths } = setUp({ [list]: { plugins: { 'telegram@mine': [{ ...entry, installPath }] } } })
  const market = join(home, 'market')
  const known = { mine: { source: { source: 'directory', path: market }, installLocation: market } }
  writeFileSync(join(paths.config, 'plugins', 'known_marketplaces.json'), JSON.stringify(known))
  expect(pluginInstalled(paths, 'telegram@mine')).toMatchObject({ value: { root: installPath } })
  mkdirSync(join(market, '.claude-plugin'), { recursive: true })
  mkdirSync(join(market, 'plugins', 'telegram'), { recursive: true })
  const listing = { name: 'mine', plugins: [{ name: 'telegram', source: './plugins/telegram' }] }
  writeFileSync(join(market, '.claude-plugin', 'marketplace.json'), JSON.stringify(listing))
  expect(pluginInstalled(paths, 'telegram@mine')).toMatchObject({
    value: { root: join(market, 'plugins', 'telegram'), version: '0.0.7' },
  })
})

test.each([
  [{ enabledPlugins: { [key]: true } }, true],
  [{ enabledPlugins: { [key]: false } }, false],
  [{ enabledPlugins: {} }, null],
  [{ enabledPlugins: { [key]: 'yes' } }, null],
  [{}, null],
  [`\uFEFF{"enabledPlugins":{"${key}":true}}`, true],
  ['{', null],
])('enabled: %j', (settings, expected) => {
  expect(pluginEnabled(setUp({ 'settings.json': settings }).paths, key)).toBe(expected)
})

test.each([
  ['{', true],
  ['[]', true],
  ['{}', false],
])('settings of which nothing can be made: %s', (settings, broken) => {
  const { paths } = setUp({ 'settings.json': settings })
  expect(brokenSettings(paths)).toBe(broken ? join(paths.config, 'settings.json') : null)
  expect(brokenSettings(setUp({}).paths)).toBeNull()
})

test('marketplaces', () => {
  expect(marketplaceKnown(setUp({}).paths, 'm')).toBe(false)
  expect(marketplaceKnown(setUp({ 'plugins/known_marketplaces.json': { m: {} } }).paths, 'm')).toBe(true)
  expect(marketplaceKnown(setUp({ 'plugins/known_marketplaces.json': '[' }).paths, 'm')).toBeNull()
  expect(
    marketplaceKnown(setUp({ 'plugins/known_marketplaces.json': '\uFEFF{"m":{}}' }).paths, 'm'),
  ).toBeNull()
})

const servers = (...names: readonly string[]) => ({
  mcpServers: Object.fromEntries(names.map((name) => [name, { command: 'bun' }])),
})

test.each<[what: string, own: unknown, manifest: unknown, name: string | null]>([
  ['the one of its `.mcp.json`', servers('bsrv'), { name: 'pager' }, 'bsrv'],
  ['the one of its manifest', undefined, { name: 'pager', ...servers('bsrv') }, 'bsrv'],
  ['of several the one that is called as it is', servers('a', 'pager'), {}, 'pager'],
  ['wherever that stands', servers('a'), servers('pager'), 'pager'],
  ['of others the first', servers('b', 'a'), servers('c'), 'b'],
  ['none', servers(), {}, null],
  ['the one of a `.mcp.json` without a table around it', { bsrv: { command: 'npx' } }, {}, 'bsrv'],
  ['none in other fields', { version: 1, note: 'x', list: [] }, {}, null],
  ['the one of a file that its manifest names', undefined, { mcpServers: './servers.json' }, 'fsrv'],
  ['none in a file that is not there', undefined, { mcpServers: './nothing.json' }, null],
  ['none in what is broken', '{', '[]', null],
  ['none where there is nothing', undefined, undefined, null],
])('the server of a plugin: %s', (_, own, manifest, name) => {
  const root = temporaryFolder()
  mkdirSync(join(root, '.claude-plugin'))
  for (const [file, content] of [
    ['.mcp.json', own],
    ['.claude-plugin/plugin.json', manifest],
    ['servers.json', servers('fsrv')],
  ] as const)
    if (content !== undefined)
      writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content))
  expect(pluginServer(root, 'pager')).toBe(name)
})

test('the programs among the servers of a plugin, as they are written', () => {
  const root = temporaryFolder()
  expect(pluginServers(root)).toEqual([])
  mkdirSync(join(root, '.claude-plugin'))
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file.
  const args = ['${CLAUDE_PLUGIN_ROOT}/a.js', 7]
  const own = { a: { command: 'node', args, env: { A: '1', B: 2 } }, far: { url: 'https://x' } }
  writeFileSync(join(root, '.mcp.json'), JSON.stringify({ mcpServers: own }))
  const told = { a: { command: 'other' }, far: { command: 'near' }, b: { command: 'b' } }
  writeFileSync(join(root, '.claude-plugin', 'plugin.json'), JSON.stringify({ mcpServers: told }))
  expect(pluginServers(root)).toEqual([
    { name: 'a', command: 'node', args: [args[0]], env: { A: '1' } },
    { name: 'b', command: 'b', args: [], env: {} },
  ])
})

test('installing adds the official marketplace when it is not known', async () => {
  const first = fakeRun()
  await installPlugin(first.run, 'claude', {}, key, false)
  expect(first.calls).toEqual([
    ['claude', 'plugin', 'marketplace', 'add', 'anthropics/claude-plugins-official'],
    ['claude', 'plugin', 'install', key],
  ])
  const second = fakeRun()
  await installPlugin(second.run, 'claude', {}, key, true)
  expect(second.calls).toEqual([['claude', 'plugin', 'install', key]])
})

test('a marketplace of somebody else is never added', async () => {
  const { run, calls } = fakeRun()
  await expect(installPlugin(run, 'claude', {}, 'telegram@mine', false)).rejects.toMatchObject({
    status: 69,
    hint: expect.stringContaining('claude plugin marketplace add'),
  })
  expect(calls).toEqual([])
})

test("a failure has the client's own words and the command to run", async () => {
  // As 2.1.330 said it.
  const stderr = '✘ Failed to install plugin "nope@m": Plugin "nope" not found in marketplace "m".\n'
  const failed = installPlugin(
    fakeRun({ status: 1, stdout: 'Installing plugin "nope@m"...', stderr }).run,
    'claude',
    {},
    'nope@m',
    true,
  )
  await expect(failed).rejects.toMatchObject({
    name: 'ExpectedError',
    status: 69,
    message: expect.stringContaining('not found in marketplace "m"'),
    hint: expect.stringContaining('claude plugin install nope@m'),
  })
})

test('enabling and disabling; what is so already is no failure', async () => {
  const { run, calls } = fakeRun()
  await setPluginEnabled(run, 'claude', {}, key, false)
  expect(calls).toEqual([['claude', 'plugin', 'disable', key, '--scope', 'user']])
  const already = {
    status: 1,
    stderr: `✘ Failed to disable plugin "${key}": Plugin "${key}" is already disabled at user scope\n`,
  }
  await setPluginEnabled(fakeRun(already).run, 'claude', {}, key, false)
  await expect(
    setPluginEnabled(fakeRun({ status: 1, stderr: '✘ no such plugin' }).run, 'claude', {}, key, true),
  ).rejects.toThrow('no such plugin')
  await expect(
    setPluginEnabled(fakeRun({ status: null, timedOut: true }).run, 'claude', {}, key, true),
  ).rejects.toThrow('no answer')
})

test('uninstalling; what is not there is no failure', async () => {
  const { run, calls } = fakeRun()
  await uninstallPlugin(run, 'claude', {}, key)
  expect(calls).toEqual([['claude', 'plugin', 'uninstall', key, '--scope', 'user']])
  // As 2.1.139 and 2.1.330 said it.
  const stderr = `✘ Failed to uninstall plugin "${key}": Plugin "${key}" not found in installed plugins\n`
  await uninstallPlugin(fakeRun({ status: 1, stderr }).run, 'claude', {}, key)
  await expect(
    uninstallPlugin(fakeRun({ status: 1, stderr: '✘ no' }).run, 'claude', {}, key),
  ).rejects.toMatchObject({ status: 69 })
})
