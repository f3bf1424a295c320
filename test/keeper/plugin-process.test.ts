import { expect, test } from 'vitest'
import { type Answer, no, unknown, yes } from '../../src/core/answer.ts'
import type { Channel } from '../../src/core/channel.ts'
import { newHealth } from '../../src/core/machine.ts'
import type { ProcessInfo } from '../../src/core/process.ts'
import type { LookWorld } from '../../src/deps.ts'
import { createPluginFinder } from '../../src/keeper/plugin-process.ts'
import { channel as built, run, session } from '../core/evidence-builder.ts'
import { type Node, processesOf } from './tree.ts'

let elapsed = 0
const muchLater = (): number => {
  elapsed += 60_000
  return elapsed
}
const root = '/home/me/.claude/plugins/cache/official/discord/0.0.4'
const discord: Channel = { ...built().channel, id: 'plugin:discord@official', kind: 'discord' }
const client: ProcessInfo = { pid: 20, ppid: 10, start: 'at 20', state: 'S', comm: 'claude' }
const claude: Node = { pid: 20, ppid: 10, command: ['claude'] }
const ofPlugin = (pid: number, ppid: number, command: readonly string[], at = root): Node => ({
  ...{ pid, ppid, command },
  env: { CLAUDE_PLUGIN_ROOT: at, CHANNELS_RUN: 'run-1' },
})
const wrapper = ofPlugin(30, 20, ['bun', 'run', '--cwd', root, 'start'])
// biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file.
const args = ['run', '--cwd', '${CLAUDE_PLUGIN_ROOT}', 'start']
const pluginServers = () => [{ name: 'discord', command: 'bun', args, env: {} }]
const server = ofPlugin(31, 30, ['bun', 'server.ts'])

/** Looks at machines, one after the other, with one finder. */
const look = (
  machines: readonly (readonly Node[])[],
  {
    installed = yes({ root, version: '0.0.4' }) as Answer<{ root: string; version: string }>,
    seen = '',
  } = {},
) => {
  let nodes: readonly Node[] = []
  const world = {
    processes: processesOf(() => nodes),
    // Long after the look before.
    clock: { elapsed: muchLater },
    claude: { sessionPaths: () => ({}), pluginInstalled: () => installed, pluginServers },
  } as unknown as LookWorld
  const find = createPluginFinder(world)
  const record = { pid: 31, start: 'at 31', run: seen, connected: false, silentSince: null }
  const health = seen === '' ? null : { ...newHealth(0), pollers: { [discord.id]: record } }
  return machines.map((machine) => {
    nodes = machine
    const isThere = machine.some(({ pid }) => pid === client.pid)
    const found = find(session, discord, isThere ? client : null, run(), health)
    if (found.is !== 'yes') return found.is
    const { process, ours, suspended } = found.value
    return `${process.pid} ${ours}${suspended ? ' suspended' : ''}`
  })
}

test.each<[what: string, nodes: readonly Node[], found: string]>([
  ['a server below its wrapper', [claude, wrapper, server], '31 yes'],
  ['a wrapper that has started no server yet', [claude, wrapper], '30 yes'],
  ['one program alone', [claude, ofPlugin(30, 20, ['node', 'index.js'])], '30 yes'],
  [
    'helpers of it are not it',
    [claude, wrapper, ofPlugin(32, 30, ['ffmpeg']), ofPlugin(33, 32, ['x']), server],
    '31 yes',
  ],
  [
    'one that was updated since runs from another folder of the cache',
    [claude, ofPlugin(30, 20, ['bun', 'server.ts'], root.replace('0.0.4', '0.0.3'))],
    '30 yes',
  ],
  ['a suspended one', [claude, wrapper, { ...server, state: 'T' }], '31 yes suspended'],
  ['nothing', [claude], 'no'],
  ['another client’s', [claude, { ...claude, pid: 21, ppid: 1 }, { ...wrapper, ppid: 21 }, server], 'no'],
  [
    'that of a client below ours',
    [claude, { ...claude, pid: 21, ppid: 20, env: wrapper.env ?? null }, { ...wrapper, ppid: 21 }, server],
    'no',
  ],
  [
    'one below a client that the plugin itself started is not preferred',
    [
      claude,
      ofPlugin(30, 20, ['node', 'index.js']),
      { ...claude, pid: 21, ppid: 30 },
      { ...server, ppid: 21 },
    ],
    '30 yes',
  ],
  ['without the root of a plugin', [claude, { ...wrapper, env: {} }, server], 'no'],
  ['with an environment nobody may see', [claude, { ...wrapper, env: null }, server], 'no'],
])('%s', (_, nodes, found) => {
  expect(look([nodes])).toEqual([found])
})

test.each([
  ['of another plugin', '/home/me/.claude/plugins/cache/official/fakechat/0.0.1', 'no'],
  ['of a person who is called like the plugin', '/home/discord/.claude/plugins/cache/official/x/0.0.1', 'no'],
  ['of a marketplace of that name', '/home/me/.claude/plugins/cache/discord/x/0.0.1', 'no'],
  ['of another marketplace', '/home/me/.claude/plugins/cache/mine/discord/0.0.4', 'no'],
  ['of another folder of the cache', '/home/me/.claude/plugins/cache/official/discord/0.1.0', '30 yes'],
])('a root %s', (_, at, found) => {
  expect(look([[claude, ofPlugin(30, 20, ['bun', 'server.ts'], at)]])).toEqual([found])
})

test('where nobody knows what is installed, the name of its folder says it', () => {
  const nodes = [claude, ofPlugin(30, 20, ['node', 'index.js'], '/home/me/market/plugins/discord')]
  expect(look([nodes], { installed: unknown('garbled') })).toEqual(['30 yes'])
  expect(look([nodes], { installed: no('not there') })).toEqual(['30 yes'])
  expect(look([nodes])).toEqual(['no'])
})

test('a wrapper that was seen before its server gives way to it', () => {
  expect(
    look([
      [claude, wrapper],
      [claude, wrapper, server],
      [claude, orphan],
    ]),
  ).toEqual(['30 yes', '31 yes', '31 yes'])
})

const orphan = { ...server, ppid: 1 }

test('seen below our client it is ours though its wrapper ended, and as long as it lives', () => {
  expect(look([[claude, wrapper, server], [claude, orphan], [claude]])).toEqual(['31 yes', '31 yes', 'no'])
  // Another process that came by its pid, and with our client gone nobody is there to hear it.
  expect(
    look([
      [claude, wrapper, server],
      [claude, { ...orphan, start: 'later', env: {} }],
    ]),
  ).toEqual(['31 yes', 'no'])
  expect(look([[claude, wrapper, server], [orphan]])).toEqual(['31 yes', 'no'])
})

test('that the keeper saw it in this run counts for whoever looks anew', () => {
  expect(look([[claude, { ...orphan, env: {} }]], { seen: 'run-1' })).toEqual(['31 yes'])
  expect(look([[claude, { ...orphan, env: {} }]], { seen: 'run-0' })).toEqual(['no'])
})

test('one that nobody saw below it may be anybody’s: unknown, where it carries the run', () => {
  expect(look([[claude, orphan]])).toEqual(['31 unknown'])
  const other = { CLAUDE_PLUGIN_ROOT: root, CHANNELS_RUN: 'run-0' }
  expect(look([[claude, { ...orphan, env: other }]])).toEqual(['no'])
  // Below another client it is not left over.
  expect(look([[claude, { ...claude, pid: 21, ppid: 1 }, { ...server, ppid: 21 }]])).toEqual(['no'])
})

test('a new client’s plugin is looked for anew', () => {
  let nodes: readonly Node[] = [claude, wrapper, server]
  const world = {
    processes: processesOf(() => nodes),
    // Long after the look before.
    clock: { elapsed: muchLater },
    claude: { sessionPaths: () => ({}), pluginInstalled: () => yes({ root, version: null }), pluginServers },
  } as unknown as LookWorld
  const find = createPluginFinder(world)
  expect(find(session, discord, client, run(), null).is).toBe('yes')
  nodes = [
    { ...claude, pid: 40 },
    { ...orphan, env: {} },
  ]
  expect(find(session, discord, { ...client, pid: 40 }, run({ run: 'run-2' }), null).is).toBe('no')
})

test('one that is gone for long is not looked for among all processes at every look', () => {
  let looks = 0
  let now = 0
  const all = () => {
    looks += 1
    return []
  }
  const processes = { ...processesOf(() => [claude]), all }
  const world = {
    processes,
    clock: { elapsed: () => now },
    claude: { sessionPaths: () => ({}), pluginInstalled: () => no('gone'), pluginServers },
  } as unknown as LookWorld
  const find = createPluginFinder(world)
  const look = (of = run()) => find(session, discord, client, of, null).is
  for (now = 0; now < 30_000; now += 2_000) expect(look()).toBe('no')
  expect(looks).toBe(1)
  expect([look(), looks]).toEqual(['no', 2])
  // Another run's may be there at once.
  expect([look(run({ run: 'run-2' })), looks]).toEqual(['no', 3])
})
