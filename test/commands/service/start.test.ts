import { expect, test } from 'vitest'
import { keeperStart } from '../../../src/commands/service/start.ts'
import type { Deps } from '../../../src/deps.ts'

const script = '/usr/lib/node_modules/claude-channels/bin/channels.js'

/** A machine where these paths are links, and node says that it is at `node`. */
const machine = (
  node: string,
  PATH: string,
  links: Readonly<Record<string, string>> = {},
  found: { readonly client?: string; readonly bun?: string } = {},
): Deps =>
  ({
    env: { PATH },
    home: '/home/me',
    program: { node, script },
    files: { realPath: (path: string) => links[path] ?? (path === node ? path : null) },
    claude: { findClient: () => found.client ?? null, findBun: () => found.bun ?? null },
    keeperEnvironment: () => ({ PATH, HOME: '/home/me', LANG: 'C.UTF-8' }),
  }) as unknown as Deps

test.each([
  [
    'nvm',
    '/home/me/.nvm/versions/node/v22/bin/node',
    '/home/me/.nvm/versions/node/v22/bin:/usr/bin',
    {},
    null,
  ],
  [
    'Homebrew, whose link outlives an upgrade',
    '/opt/homebrew/Cellar/node/23.1.0/bin/node',
    '/usr/bin:/opt/homebrew/bin/',
    { '/opt/homebrew/bin/node': '/opt/homebrew/Cellar/node/23.1.0/bin/node' },
    '/opt/homebrew/bin/node',
  ],
  [
    'fnm, whose link is of one shell',
    '/home/me/.local/share/fnm/node-versions/v22/installation/bin/node',
    '/run/user/1000/fnm_multishells/1_2/bin:/usr/bin',
    {
      '/run/user/1000/fnm_multishells/1_2/bin/node':
        '/home/me/.local/share/fnm/node-versions/v22/installation/bin/node',
    },
    null,
  ],
  [
    'another node in front',
    '/opt/node/bin/node',
    '/usr/bin:/opt/node/bin',
    { '/usr/bin/node': '/usr/bin/node' },
    null,
  ],
])('node of %s', (_, node, path, links, expected) => {
  expect(keeperStart(machine(node, path, links)).node).toBe(expected ?? node)
})

test('PATH: that of the caller, what will be gone left out, and where the client and Bun are', () => {
  const path = '/home/me/bin:.:/tmp/x/bin::/usr/bin:/home/me/.npm/_npx/1/node_modules/.bin:/home/me/bin/'
  const found = { client: '/home/me/.local/bin/claude', bun: '/home/me/.bun/bin/bun' }
  const { environment } = keeperStart(machine('/usr/bin/node', path, {}, found))
  expect(environment).toEqual({
    PATH: '/home/me/bin:/usr/bin:/home/me/.local/bin:/home/me/.bun/bin:/usr/local/bin:/bin',
    HOME: '/home/me',
    LANG: 'C.UTF-8',
  })
})
