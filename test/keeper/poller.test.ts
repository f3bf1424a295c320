import { expect, test } from 'vitest'
import type { World } from '../../src/deps.ts'
import { createPollerFinder } from '../../src/keeper/poller.ts'
import { session } from '../core/evidence-builder.ts'

const [channel] = session.channels
if (channel === undefined) throw new Error('the session has no channel')

/** Looks for the poller where bot.pid names a process with this command and environment. */
const find = (command: readonly string[] | null, environment: Readonly<Record<string, string>> | null) => {
  const process = { pid: 4711, start: '99', ppid: 1, state: 'S', comm: 'x' }
  const world = {
    channels: { readPollerPid: () => process.pid },
    processes: {
      find: () => process,
      command: () => command,
      environment: () => environment,
      ancestors: () => [],
    },
  } as unknown as World
  return createPollerFinder(world)(channel, null, null, null)
}

test('the process that bot.pid names polls when it runs the server of a plugin', () => {
  expect(find(['bun', 'server.ts'], { CLAUDE_PLUGIN_ROOT: '/plugins/telegram' }).is).toBe('yes')
  // Somebody else's process, or a system that shows no environment.
  expect(find(['bun', 'server.ts'], null).is).toBe('yes')
})

test('a process that came by the pid since is no plugin, whatever its script is called', () => {
  expect(find(['node', '/home/me/shop/server.ts'], { HOME: '/home/me' }).is).toBe('no')
  expect(find(['vim', 'notes'], { CLAUDE_PLUGIN_ROOT: '/plugins/telegram' }).is).toBe('no')
})

test('what cannot be read is unknown', () => {
  expect(find(null, { CLAUDE_PLUGIN_ROOT: '/plugins/telegram' }).is).toBe('unknown')
})
