import { expect, test } from 'vitest'
import { messengerOf } from '../../src/channels/messenger.ts'
import { stateDirFor } from '../../src/channels/state-dir.ts'
import { clientPaths } from '../../src/claude/paths.ts'
import { no, yes } from '../../src/core/answer.ts'
import type { SessionFile } from '../../src/core/client.ts'
import type { OthersAsked } from '../../src/core/other.ts'
import type { ProcessId } from '../../src/core/process.ts'
import type { World } from '../../src/deps.ts'
import { findOthers } from '../../src/keeper/others.ts'
import type { About } from '../../src/system/processes.ts'
import { sessionFile } from '../core/evidence-builder.ts'

const key = 'telegram@claude-plugins-official'
const usual = '/home/me/.claude/channels/telegram'
const token = (id: string) => `${id}:${'A'.repeat(35)}`
const asked: OthersAsked = { pluginKey: key, kind: 'telegram', botId: '123456789', stateDirs: [usual] }

type Fake = {
  readonly pid: number
  readonly ppid?: number
  readonly command: readonly string[] | null
  readonly executable?: string
  readonly env?: Readonly<Record<string, string>> | null
  readonly file?: Partial<SessionFile>
}

type Around = {
  /** Token of each state folder, and the pid its `bot.pid` names. */
  readonly tokens?: Readonly<Record<string, string>>
  readonly pids?: Readonly<Record<string, number>>
}

/** A machine with these processes. */
const machine = (processes: readonly Fake[], { tokens = {}, pids = {} }: Around = {}) => {
  const reads: string[] = []
  const of = ({ pid }: { readonly pid: number }, what: string): Fake => {
    reads.push(`${what} ${pid}`)
    const found = processes.find((process) => process.pid === pid)
    if (found === undefined || found.command === null) throw new Error('gone')
    return found
  }
  const world = {
    home: '/home/me',
    platform: 'linux',
    processes: {
      all: () =>
        processes.map(({ pid, ppid = 1 }) => ({ pid, ppid, start: `${pid}`, state: 'S', comm: 'x' })),
      command: (id: { pid: number }) => of(id, 'command').command,
      environment: (id: { pid: number }) => {
        const { env } = of(id, 'environment')
        return env === undefined ? { HOME: '/home/me' } : env
      },
      ask: <Answer>(id: ProcessId, questions: (about: Pick<About, 'command' | 'executable'>) => Answer) =>
        questions({
          command: () => of(id, 'command').command ?? null,
          executable: () => ({ path: of(id, 'executable').executable ?? '/bin/x', deleted: false }),
        }),
      folder: (id: { pid: number }) => `/folder/of/${of(id, 'folder').pid}`,
    },
    claude: {
      clientPaths,
      readSessionFile: (_: unknown, { pid }: { pid: number }) => {
        const file = processes.find((process) => process.pid === pid)?.file
        return file === undefined ? null : sessionFile({ pid, ...file })
      },
    },
    channels: {
      messengerOf,
      stateDirFor,
      readToken: (dir: string) => {
        const found = tokens[dir]
        return found === undefined ? no('none') : yes(found)
      },
      readPollerPid: (dir: string) => pids[dir] ?? null,
    },
  } as unknown as World
  return { world, reads }
}

const find = (processes: readonly Fake[], around?: Around, more: Partial<OthersAsked> = {}) =>
  findOthers(machine(processes, around).world, { ...asked, ...more })

const root = '/home/me/.claude/plugins/cache/claude-plugins-official/telegram/0.0.7'
const pluginEnv = { HOME: '/home/me', CLAUDE_PLUGIN_ROOT: root }
const client = (pid: number, ...more: readonly string[]): Fake => ({
  pid,
  command: ['claude', ...more],
  executable: '/usr/bin/claude',
})
const listening = (pid: number) => client(pid, '--channels', `plugin:${key}`)
const poller = (pid: number, ppid: number, env: Readonly<Record<string, string>> = {}): Fake => ({
  pid,
  ppid,
  command: ['bun', 'server.ts'],
  env: { ...pluginEnv, ...env },
})

test('a session that was started by hand: folder and conversation by its session file, and the poller below', () => {
  const wrapper = { pid: 11, ppid: 10, command: ['bun', 'run', '--cwd', root, 'start'], env: pluginEnv }
  const file = { cwd: '/home/me/site', conversation: 'c-1' }
  expect(find([{ ...listening(10), file }, wrapper, poller(12, 11)])).toEqual([
    {
      client: { pid: 10, start: '10' },
      folder: '/home/me/site',
      conversation: 'c-1',
      stateDir: usual,
      botId: null,
      config: '/home/me/.claude',
      channels: true,
      poller: { pid: 12, start: '12' },
      session: null,
    },
  ])
})

test('an old client writes no session file: its own folder, and the conversation its plugin was told', () => {
  const told = poller(12, 10, { CLAUDE_CODE_SESSION_ID: 'c-2' })
  expect(find([listening(10), told])).toMatchObject([{ folder: '/folder/of/10', conversation: 'c-2' }])
  expect(find([listening(10)])).toMatchObject([{ conversation: null, poller: null, stateDir: usual }])
})

test.each([
  ['two entries', ['--channels', 'plugin:x@y', `plugin:${key}`], true],
  ['other options first', ['--settings', '/s', '--channels', `plugin:${key}`], true],
  ['an equals sign', [`--channels=plugin:${key}`], true],
  ['for development', ['--dangerously-load-development-channels', `plugin:${key}`], true],
  ['another plugin', ['--channels', 'plugin:x@y'], false],
  ['another marketplace', ['--channels', 'plugin:telegram@mine'], false],
  ['the name in a prompt', [`plugin:${key}`], false],
  ['the name behind another option', ['--channels', 'plugin:x@y', '--append', `plugin:${key}`], false],
])('--channels with %s', (_, words, listens) => {
  expect(find([client(10, ...words)])).toHaveLength(listens ? 1 : 0)
})

test('a client that is only asked something, and a program that merely names the channel, are nobody', () => {
  expect(find([client(10, 'auth', 'status')])).toEqual([])
  expect(find([{ ...listening(10), executable: '/usr/bin/vim' }])).toEqual([])
})

test('a plugin without --channels, which takes the messages and drops them', () => {
  expect(find([client(10), poller(12, 10)])).toMatchObject([
    { client: { pid: 10 }, channels: false, poller: { pid: 12 } },
  ])
})

test.each([
  ['its own folder', { TELEGRAM_STATE_DIR: '/mine' }, 0],
  ['a folder that was asked for', { TELEGRAM_STATE_DIR: usual, CLAUDE_CONFIG_DIR: '/elsewhere' }, 1],
  ['the usual folder below another configuration', { CLAUDE_CONFIG_DIR: '/elsewhere' }, 0],
  ['the usual folder of another home', { HOME: '/home/you' }, 0],
  ['our bot by its environment', { TELEGRAM_STATE_DIR: '/mine', TELEGRAM_BOT_TOKEN: token('123456789') }, 1],
  ['our bot by its folder', { TELEGRAM_STATE_DIR: '/same-bot' }, 1],
  [
    'another bot by its environment, which wins over its folder',
    { TELEGRAM_STATE_DIR: '/same-bot', TELEGRAM_BOT_TOKEN: token('987654321') },
    0,
  ],
  ['a relative folder', { TELEGRAM_STATE_DIR: 'mine' }, 0],
])('a plugin with %s', (_, env, found) => {
  const tokens = { '/same-bot': token('123456789'), [usual]: token('555555555') }
  expect(find([client(10), poller(12, 10, env)], { tokens })).toHaveLength(found)
})

test('no bot is the same as none', () => {
  const processes = [client(10), poller(12, 10, { TELEGRAM_STATE_DIR: '/mine' })]
  expect(find(processes, {}, { botId: null })).toEqual([])
  expect(find(processes, { tokens: { '/mine': 'garbage' } }, { botId: null })).toEqual([])
})

test("another plugin's server is none of this one, unless it is written down as its poller", () => {
  const discord = poller(12, 10, { CLAUDE_PLUGIN_ROOT: '/plugins/discord/0.0.4' })
  expect(find([client(10), discord])).toEqual([])
  const odd = poller(12, 10, { CLAUDE_PLUGIN_ROOT: '/market/tg' })
  expect(find([client(10), odd])).toEqual([])
  expect(find([client(10), odd], { pids: { [usual]: 12 } })).toHaveLength(1)
})

test("anybody's own server.ts is nothing", () => {
  const shop = { pid: 12, ppid: 10, command: ['node', '/home/me/shop/server.ts'], env: { HOME: '/home/me' } }
  expect(find([client(10), shop])).toEqual([])
  expect(find([client(10), { ...poller(12, 10), env: null }])).toEqual([])
})

test('a poller that outlived its client', () => {
  const told = { CLAUDE_PROJECT_DIR: '/home/me/site', CLAUDE_CODE_SESSION_ID: 'c-3' }
  expect(find([poller(12, 1, told)])).toEqual([
    {
      client: null,
      folder: '/home/me/site',
      conversation: 'c-3',
      stateDir: usual,
      botId: null,
      config: '/home/me/.claude',
      channels: false,
      poller: { pid: 12, start: '12' },
      session: null,
    },
  ])
  expect(find([poller(12, 1, { TELEGRAM_STATE_DIR: '/mine' })])).toEqual([])
})

const marked = { HOME: '/home/me', CHANNELS_SESSION: 'work', CHANNELS_RUN: 'r' }

test('ours are told by name; a client below ours inherits the marker and is somebody else', () => {
  const nested = { ...client(20), ppid: 15, env: marked }
  const shell = { pid: 15, ppid: 10, command: ['bash'], env: marked }
  const found = find([
    { ...listening(10), env: marked },
    poller(12, 10, marked),
    shell,
    nested,
    poller(22, 20, marked),
  ])
  expect(found.map(({ client, poller, session }) => [client?.pid, poller?.pid, session])).toEqual([
    [10, 12, 'work'],
    [20, 22, null],
  ])
  expect(find([poller(12, 1, marked)])).toMatchObject([{ client: null, session: 'work' }])
  expect(find([{ ...listening(10), env: { ...marked, CHANNELS_SESSION: '' } }])).toMatchObject([
    { session: null },
  ])
})

test('of two pollers below one client the one that was asked for counts', () => {
  const found = find([listening(10), poller(12, 10, { TELEGRAM_STATE_DIR: '/mine' }), poller(13, 10)])
  expect(found).toMatchObject([{ poller: { pid: 13 }, stateDir: usual }])
})

test('the folder is that of its plugin: settings can give it another than the environment does', () => {
  expect(find([listening(10), poller(12, 10, { TELEGRAM_STATE_DIR: '/mine' })])).toMatchObject([
    { stateDir: '/mine' },
  ])
})

test('what can not be read is left out, and a machine that does not answer has nobody', () => {
  expect(find([{ pid: 5, command: null }, { ...listening(6), env: null }, listening(10)])).toMatchObject([
    { client: { pid: 10 } },
  ])
  const { world } = machine([listening(10)])
  const broken = {
    ...world,
    processes: {
      ...world.processes,
      all: () => {
        throw new Error('ps does not answer')
      },
    },
  }
  expect(findOthers(broken, asked)).toEqual([])
})

test('a client whose folders can not be looked at is left out', () => {
  const { world } = machine([listening(10), { ...listening(20), env: { CLAUDE_CONFIG_DIR: '/closed' } }])
  const closed = {
    ...world,
    claude: {
      ...world.claude,
      clientPaths: (env: Readonly<Record<string, string | undefined>>, home: string, platform: string) => {
        if (env.CLAUDE_CONFIG_DIR === '/closed') throw new Error('EACCES')
        return clientPaths(env, home, platform)
      },
    },
  }
  expect(findOthers(closed, asked)).toMatchObject([{ client: { pid: 10 } }])
})

test('a circle of parents ends', () => {
  expect(find([poller(12, 13), { pid: 13, ppid: 12, command: ['x'] }])).toHaveLength(1)
})

test('only clients and plugins are asked for their environment, and once', () => {
  const { world, reads } = machine([
    listening(10),
    poller(12, 10),
    { pid: 30, command: ['sleep', '1'] },
    { pid: 31, command: ['vim', 'x'] },
  ])
  findOthers(world, asked)
  expect(reads.filter((read) => read.startsWith('environment'))).toEqual(['environment 10', 'environment 12'])
})
