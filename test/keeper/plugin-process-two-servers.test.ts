import { expect, test } from 'vitest'
import { yes } from '../../src/core/answer.ts'
import type { Channel } from '../../src/core/channel.ts'
import type { LookWorld } from '../../src/deps.ts'
import { createPluginFinder } from '../../src/keeper/plugin-process.ts'
import { channel as built, run, session } from '../core/evidence-builder.ts'
import { type Node, processesOf } from './tree.ts'

let elapsed = 0
const muchLater = (): number => {
  elapsed += 60_000
  return elapsed
}

const root = '/home/me/.claude/plugins/cache/tools/pager/1'
const pager: Channel = { ...built().channel, id: 'plugin:pager@tools', kind: 'custom', server: 'pager' }
const client = { pid: 20, ppid: 10, start: 'at 20', state: 'S', comm: 'claude' }
const below = (pid: number, command: readonly string[]): Node => ({
  ...{ pid, ppid: 20, command },
  env: { CLAUDE_PLUGIN_ROOT: root },
})

// biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file.
const inRoot = '${CLAUDE_PLUGIN_ROOT}'
const pluginServers = () => [
  { name: 'lookup', command: 'node', args: ['lookup.js'], env: {} },
  { name: 'pager', command: 'node', args: ['pager.js'], env: {} },
  { name: 'store', command: `${inRoot}/store`, args: [inRoot], env: {} },
]

test.each<[what: string, left: Node]>([
  ['another server of the plugin', below(31, ['node', 'lookup.js'])],
  ['a hook of the plugin', below(32, ['bash', 'hooks/log.sh'])],
])('a channel whose server is gone is not held for alive by %s', (_, left) => {
  let nodes: readonly Node[] = [{ pid: 20, ppid: 10, command: ['claude'] }, below(30, ['node', 'pager.js'])]
  const world = {
    processes: processesOf(() => nodes),
    // Long after the look before.
    clock: { elapsed: muchLater },
    claude: { sessionPaths: () => ({}), pluginInstalled: () => yes({ root, version: '1' }), pluginServers },
  } as unknown as LookWorld
  const find = createPluginFinder(world)
  expect(find(session, pager, client, run(), null).is).toBe('yes')
  nodes = [{ pid: 20, ppid: 10, command: ['claude'] }, left]
  expect(find(session, pager, client, run(), null).is).not.toBe('yes')
})

/** What is told of a channel at these machines, looked at by one finder. */
const look = (channel: Channel, servers: typeof pluginServers, ...machines: readonly (readonly Node[])[]) => {
  let nodes: readonly Node[] = []
  const world = {
    processes: processesOf(() => nodes),
    // Long after the look before.
    clock: { elapsed: muchLater },
    claude: {
      ...{ sessionPaths: () => ({}), pluginInstalled: () => yes({ root, version: '1' }) },
      pluginServers: servers,
    },
  } as unknown as LookWorld
  const find = createPluginFinder(world)
  return machines.map((machine) => {
    nodes = [{ pid: 20, ppid: 10, command: ['claude'] }, ...machine]
    const found = find(session, channel, client, run(), null)
    return found.is === 'yes' ? found.value.process.pid : found.is
  })
}

const [lookup, own, store] = [
  below(31, ['node', 'lookup.js']),
  below(32, ['node', 'pager.js']),
  below(33, [`${root}/store`, root]),
]
const [hook, npx] = [below(34, ['bash', 'hooks/log.sh']), below(35, ['npm exec pager'])]

test.each<[what: string, channel: Channel, machine: readonly Node[], found: number | string]>([
  ['the one called as the plugin says', pager, [hook, lookup, own, store], 32],
  ['another, by the root of the plugin', { ...pager, server: 'store' }, [hook, lookup, own, store], 33],
  ['called as the plugin is, where no server is named', { ...pager, server: null }, [lookup, own], 32],
  ['only others', pager, [lookup, store], 'no'],
  ['one that hands over to another program, beside others', pager, [lookup, npx, store], 35],
  ['several that may be it', pager, [hook, npx], 'unknown'],
])('of a plugin with several servers: %s', (_, channel, machine, found) => {
  expect(look(channel, pluginServers, machine)).toEqual([found])
})

test('where the plugin does not say how it is called, the one there is it', () => {
  const nothing = () => []
  expect(look(pager, nothing, [lookup])).toEqual([31])
  expect(look(pager, nothing, [lookup, own])).toEqual(['unknown'])
  expect(look(pager, nothing, [])).toEqual(['no'])
})

test('one that was seen as the plugin says is started again as it says', () => {
  expect(look(pager, pluginServers, [own], [npx], [{ ...own, pid: 36 }])).toEqual([32, 'no', 36])
})

test('another server that its parent left behind is not the channel’s', () => {
  const left = (node: Node): Node => ({ ...node, ppid: 1, env: { ...node.env, CHANNELS_RUN: 'run-1' } })
  expect(look(pager, pluginServers, [left(lookup)])).toEqual(['no'])
  expect(look(pager, pluginServers, [left(own)])).toEqual([32])
})
