import { expect, test } from 'vitest'
import { yes } from '../../src/core/answer.ts'
import type { Channel } from '../../src/core/channel.ts'
import type { LookWorld } from '../../src/deps.ts'
import { createPluginFinder } from '../../src/keeper/plugin-process.ts'
import { channel as built, run, session } from '../core/evidence-builder.ts'
import { type Node, processesOf } from './tree.ts'

const root = '/home/me/.claude/plugins/cache/tools/pager/1'
const pager: Channel = { ...built().channel, id: 'plugin:pager@tools', kind: 'custom', server: 'pager' }
const client = { pid: 20, ppid: 10, start: 'at 20', state: 'S', comm: 'claude' }
const below = (pid: number, command: readonly string[]): Node => ({
  ...{ pid, ppid: 20, command },
  env: { CLAUDE_PLUGIN_ROOT: root },
})

test.each<[what: string, left: Node]>([
  ['another server of the plugin', below(31, ['node', 'lookup.js'])],
  ['a hook of the plugin', below(32, ['bash', 'hooks/log.sh'])],
])('a channel whose server is gone is not held for alive by %s', (_, left) => {
  let nodes: readonly Node[] = [{ pid: 20, ppid: 10, command: ['claude'] }, below(30, ['node', 'pager.js'])]
  const world = {
    processes: processesOf(() => nodes),
    claude: { sessionPaths: () => ({}), pluginInstalled: () => yes({ root, version: '1' }) },
  } as unknown as LookWorld
  const find = createPluginFinder(world)
  expect(find(session, pager, client, run(), null).is).toBe('yes')
  nodes = [{ pid: 20, ppid: 10, command: ['claude'] }, left]
  expect(find(session, pager, client, run(), null).is).not.toBe('yes')
})
