import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clientPaths, mcpLogFolder, sessionFilePath, transcriptFolderName } from '../../src/claude/paths.ts'
import { temporaryFolder } from './temporary-folder.ts'

const telegram = 'plugin:telegram@claude-plugins-official'

test.each([
  [
    'Linux',
    {},
    'linux',
    { config: '/home/me/.claude', json: '/home/me/.claude.json', logs: '/home/me/.cache/claude-cli-nodejs' },
  ],
  [
    'macOS',
    { XDG_CACHE_HOME: '/x' },
    'darwin',
    {
      config: '/home/me/.claude',
      json: '/home/me/.claude.json',
      logs: '/home/me/Library/Caches/claude-cli-nodejs',
    },
  ],
  [
    'a config folder',
    { CLAUDE_CONFIG_DIR: '/cfg' },
    'linux',
    { config: '/cfg', json: '/cfg/.claude.json', logs: '/home/me/.cache/claude-cli-nodejs' },
  ],
  [
    'a cache folder',
    { XDG_CACHE_HOME: '/var/cache/me' },
    'linux',
    { config: '/home/me/.claude', json: '/home/me/.claude.json', logs: '/var/cache/me/claude-cli-nodejs' },
  ],
  [
    'empty variables',
    { CLAUDE_CONFIG_DIR: '', XDG_CACHE_HOME: '' },
    'linux',
    { config: '/home/me/.claude', json: '/home/me/.claude.json', logs: '/home/me/.cache/claude-cli-nodejs' },
  ],
])('%s', (_, env, platform, expected) => {
  expect(clientPaths(env, '/home/me', platform)).toEqual({ ...expected, home: '/home/me' })
})

test('an old .config.json takes the place of .claude.json, an empty one does not', () => {
  const home = temporaryFolder()
  mkdirSync(join(home, '.claude'))
  writeFileSync(join(home, '.claude', '.config.json'), '')
  expect(clientPaths({}, home, 'linux').json).toBe(join(home, '.claude.json'))
  writeFileSync(join(home, '.claude', '.config.json'), '{}')
  expect(clientPaths({}, home, 'linux').json).toBe(join(home, '.claude', '.config.json'))
})

test('folder names as the client makes them', () => {
  expect(transcriptFolderName('/home/me/my_site.v2')).toBe('-home-me-my-site-v2')
  expect(transcriptFolderName('/é/日本')).toBe('-----')
  expect(transcriptFolderName(`/${'a'.repeat(199)}`)).toBe(`-${'a'.repeat(199)}`)
})

test('over 200 characters the name is cut and hashed', () => {
  // Made by the real 2.1.330 and 2.1.139 in a folder of this path.
  const path = `/tmp/channels-long/${'long-folder-name/'.repeat(14)}end`
  expect(transcriptFolderName(path)).toBe(`${path.replace(/[^a-z]/g, '-').slice(0, 200)}-ggjwo2`)
})

test('log folder and session file', () => {
  const paths = clientPaths({}, '/home/me', 'linux')
  expect(mcpLogFolder(paths, '/home/me/site', { id: telegram, server: null })).toBe(
    '/home/me/.cache/claude-cli-nodejs/-home-me-site/mcp-logs-plugin-telegram-telegram',
  )
  expect(mcpLogFolder(paths, '/home/me/site', { id: 'server:mine', server: null })).toBe(
    '/home/me/.cache/claude-cli-nodejs/-home-me-site/mcp-logs-mine',
  )
  expect(sessionFilePath(paths, 4711)).toBe('/home/me/.claude/sessions/4711.json')
})
