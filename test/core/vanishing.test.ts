import { expect, test } from 'vitest'
import { vanishes } from '../../src/core/vanishing.ts'

test.each([
  ['/home/me/.npm/_npx/0123456789abcdef/node_modules/claude-channels/bin/channels.js', 'the cache of npx'],
  [
    '/home/me/.cache/pnpm/dlx/abc123/18f2-1a/node_modules/claude-channels/bin/channels.js',
    'the cache of pnpm dlx',
  ],
  [
    '/home/me/.local/share/pnpm/store/v3/tmp/dlx-4711/node_modules/x/bin/channels.js',
    'the cache of pnpm dlx',
  ],
  ['/home/me/.bun/tmp/bunx-1000-claude-channels@latest/node_modules/x/bin/channels.js', 'the cache of bunx'],
  ['/var/lib/xfs-0a1b2c3d/dlx-4711/node_modules/x/bin/channels.js', 'the cache of yarn dlx'],
  [
    '/home/me/.local/state/fnm_multishells/4711_1700000000000/bin/node',
    'a folder that fnm makes for one shell',
  ],
  ['/tmp/channels/bin/channels.js', 'a folder for temporary files'],
  ['/var/tmp/channels/bin/channels.js', 'a folder for temporary files'],
  ['/private/var/folders/zz/T/channels/bin/channels.js', 'a folder for temporary files'],
  ['/scratch/mine/channels/bin/channels.js', 'a folder for temporary files'],
])('%s: %s', (path, place) => {
  expect(vanishes(path, ['/scratch/mine/'])).toBe(place)
})

test.each([
  '/usr/bin/node',
  '/usr/lib/node_modules/claude-channels/bin/channels.js',
  '/home/me/.nvm/versions/node/v22.11.0/bin/node',
  '/opt/homebrew/Cellar/node/23.1.0/bin/node',
  '/home/me/.local/share/pnpm/global/5/node_modules/claude-channels/bin/channels.js',
  '/home/me/tmp/channels/bin/channels.js',
  '/tmpfs/channels/bin/channels.js',
  '/home/me/channels/bin/channels.js',
])('%s stays', (path) => {
  expect(vanishes(path, ['/', '/home/me/tm'])).toBeNull()
})
