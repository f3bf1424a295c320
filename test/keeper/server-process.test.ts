import { expect, test } from 'vitest'
import type { McpServer } from '../../src/claude/mcp-servers.ts'
import type { Channel } from '../../src/core/channel.ts'
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
const pager: Channel = { ...built().channel, id: 'server:pager', kind: 'custom' }
const client: ProcessInfo = { pid: 20, ppid: 10, start: 'at 20', state: 'S', comm: 'claude' }
const claude: Node = { pid: 20, ppid: 10, command: ['claude'], env: { HOME: '/home/me', EMPTY: '' } }
const named = (name: string, [command = '', ...args]: readonly string[], env = {}): McpServer => ({
  ...{ name, command, args, env },
  file: '/home/me/site/.mcp.json',
  ...{ askedIn: '/home/me/site/.mcp.json', refusedIn: null },
})
const child = (pid: number, command: readonly string[], env: Node['env'] = {}): Node => ({
  ...{ pid, ppid: 20, command },
  // As seen on 2.1.139 and 2.1.330.
  env: env === null ? null : { CLAUDE_PROJECT_DIR: '/home/me/site', ...env },
})

/** What is told of `pager` at each of these machines, looked at by one finder. */
const look = (servers: readonly McpServer[], ...machines: readonly (readonly Node[])[]) => {
  let nodes: readonly Node[] = []
  const world = {
    processes: processesOf(() => nodes),
    // Long after the look before.
    clock: { elapsed: muchLater },
    claude: { sessionPaths: () => ({}), mcpServers: () => servers },
  } as unknown as LookWorld
  const find = createPluginFinder(world)
  return machines.map((machine) => {
    nodes = [claude, ...machine]
    const found = find(session, pager, client, run(), null)
    return found.is === 'yes' ? `${found.value.process.pid} ${found.value.ours}` : found.is
  })
}

const node = named('pager', ['node', 'pager.mjs', '--port', '9'])

test.each<[what: string, server: McpServer, command: readonly string[], found: string]>([
  ['as it is written', node, ['node', 'pager.mjs', '--port', '9'], '30 yes'],
  ['by the whole path of its program', node, ['/usr/bin/node', 'pager.mjs', '--port', '9'], '30 yes'],
  [
    'a script behind its interpreter',
    named('pager', ['./tools/pager', 'a']),
    ['/usr/bin/python3', '-u', './tools/pager', 'a'],
    '30 yes',
  ],
  ['without arguments', named('pager', ['/opt/pager']), ['/bin/sh', '/opt/pager'], '30 yes'],
  [
    'a name in it that the client replaces',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file.
    named('pager', ['${HOME}/pager', '${MODE:-fast}', '${NONE}']),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: one that is not set stays.
    ['/home/me/pager', 'fast', '${NONE}'],
    '30 yes',
  ],
])('called %s', (_, server, command, found) => {
  // Another that would do if nothing else did: it is not guessed.
  expect(look([server], [child(29, ['node', 'x']), child(30, command)])).toEqual([found])
})

test('one that hands over to another program is the one child left that may be a server', () => {
  const npx = named('pager', ['npx', '-y', '@me/pager'])
  const running = child(30, ['npm exec @me/pager'])
  expect(look([npx], [running])).toEqual(['30 yes'])
  expect(look([named('pager', ['./run.sh'])], [child(30, ['node', 'dist/index.js'])])).toEqual(['30 yes'])
  // Started by an option of the client’s, no file names it.
  expect(look([], [running])).toEqual(['30 yes'])
  for (const none of [
    child(31, ['/bin/bash', '-c', 'source /home/me/snapshot.sh && eval "sleep 9"']),
    child(31, ['zsh', '-lc', 'sleep 9']),
    child(31, ['bun', 'server.ts'], { CLAUDE_PLUGIN_ROOT: '/plugins/telegram' }),
    { ...child(31, ['claude']) },
  ]) {
    expect(look([npx], [running, none])).toEqual(['30 yes'])
    expect(look([npx], [none])).toEqual(['no'])
  }
})

test('what hardly is one is not taken for it, nor is it for sure that there is none', () => {
  const [script, npx] = [named('pager', ['./run.sh']), named('pager', ['npx', '-y', '@me/pager'])]
  const hardly = { ...child(31, ['clangd']), env: {} }
  const unseen = child(31, ['caffeinate', '-i'], null)
  expect(look([script], [hardly])).toEqual(['unknown'])
  expect(look([script], [child(30, ['node', 'x.js']), hardly])).toEqual(['30 yes'])
  // Nobody can see what it has: it may as well be the server.
  expect(look([script], [child(30, ['node', 'x.js']), unseen])).toEqual(['unknown'])
  expect(look([npx], [child(30, ['npm exec @me/pager', '', '']), unseen])).toEqual(['30 yes'])
  expect(look([npx], [child(30, ['npm exec @me/pager']), child(31, ['npm exec @me/pager'])])).toEqual([
    'unknown',
  ])
})

test('what may be another server’s is unknown, unless its words tell', () => {
  const npx = named('pager', ['npx', '-y', '@me/pager', 'stdio'])
  const github = named('github', ['npx', '-y', '@hub/mcp', 'stdio'])
  const [ours, theirs] = [child(30, ['npm exec @me/pager stdio']), child(31, ['npm exec @hub/mcp stdio'])]
  expect(look([npx, github], [ours, theirs])).toEqual(['30 yes'])
  // Ours is gone: the other one, that bears but a word they share, is not taken for it.
  expect(look([npx, github], [theirs])).toEqual(['unknown'])
  expect(look([npx, github], [])).toEqual(['no'])
  const script = named('pager', ['./run.sh'])
  expect(look([script, github], [child(30, ['node', 'x.js']), theirs])).toEqual(['unknown'])
  // Called as its file says the other one is known, and nothing but ours is left.
  const plain = named('github', ['github-mcp', 'stdio'])
  expect(look([script, plain], [child(30, ['node', 'x.js']), child(31, ['github-mcp', 'stdio'])])).toEqual([
    '30 yes',
  ])
})

test('one whose environment nobody may see may be it, and is not taken for it', () => {
  expect(look([named('pager', ['./run.sh'])], [child(30, ['python3', 'x.py'], null)])).toEqual(['unknown'])
  expect(look([node], [child(30, ['node', 'pager.mjs', '--port', '9'], null)])).toEqual(['30 yes'])
})

test('two that are called alike are told by what their environment was given', () => {
  const servers = [
    named('other', ['node', 'pager.mjs'], { ROOM: 'b' }),
    named('pager', ['node', 'pager.mjs'], { ROOM: 'a' }),
  ]
  const [ours, theirs] = [
    child(31, ['node', 'pager.mjs'], { ROOM: 'a' }),
    child(30, ['node', 'pager.mjs'], { ROOM: 'b' }),
  ]
  expect(look(servers, [theirs, ours])).toEqual(['31 yes'])
  expect(look(servers, [theirs])).toEqual(['no'])
})

test('gone is gone: nothing else is taken for one that was called as its file says', () => {
  const running = child(30, ['node', 'pager.mjs', '--port', '9'])
  const another = child(31, ['node', 'hook.js'])
  expect(
    look([node], [running], [another], [{ ...another, pid: 32, command: running.command ?? [] }]),
  ).toEqual(['30 yes', 'no', '32 yes'])
  // One that was guessed may have been somebody else before.
  expect(look([named('pager', ['./run.sh'])], [another], [child(33, ['node', 'x'])], [])).toEqual([
    '31 yes',
    '33 yes',
    'no',
  ])
})

test('reparented, one that was seen stays ours, and one that was not is nobody’s', () => {
  const running = child(30, ['node', 'pager.mjs', '--port', '9'])
  expect(look([node], [running], [{ ...running, ppid: 1 }])).toEqual(['30 yes', '30 yes'])
  expect(look([node], [{ ...running, ppid: 1 }])).toEqual(['no'])
})
