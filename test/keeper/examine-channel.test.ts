import { expect, test } from 'vitest'
import { messengerOf } from '../../src/channels/messenger.ts'
import { stateDirFor } from '../../src/channels/state-dir.ts'
import { clientPaths } from '../../src/claude/paths.ts'
import { no, yes } from '../../src/core/answer.ts'
import { emptySettings } from '../../src/core/settings.ts'
import type { World } from '../../src/deps.ts'
import { examineChannel } from '../../src/keeper/examine-channel.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { channel, clientProcess, evidence, ownPoller, session } from '../core/evidence-builder.ts'

const { channel: telegram } = channel()
const id = telegram.id
const root = '/home/me/.claude/plugins/cache/claude-plugins-official/telegram/0.0.7'
const own = { HOME: '/home/me', TELEGRAM_STATE_DIR: telegram.stateDir, CHANNELS_SESSION: 'work' }
const { CHANNELS_SESSION: _, ...foreign } = own

type Fake = { pid: number; ppid: number; start: string; command: readonly string[]; env: object }
const client = (pid: number, start: string, env: object): Fake => ({
  ...{ pid, start, env, ppid: 1, command: ['claude', '--channels', id] },
})
const poller = (pid: number, start: string, ppid: number, env: object): Fake => ({
  ...{ pid, start, ppid, command: ['bun', 'server.ts'] },
  env: { ...env, CLAUDE_PLUGIN_ROOT: root },
})
const ours = [
  client(clientProcess.pid, clientProcess.start, own),
  poller(ownPoller.process.pid, ownPoller.process.start, clientProcess.pid, own),
]

/** A machine with these processes, and what was run there. */
const machine = (processes: readonly Fake[]) => {
  const ran: string[] = []
  const of = ({ pid }: { readonly pid: number }) => processes.find((process) => process.pid === pid)
  const world = {
    ...{ home: '/home/me', platform: 'linux', env: { PATH: '/bin' } },
    folders: resolveFolders({}, '/home/me'),
    settings: { read: () => emptySettings },
    files: { readRecord: () => null },
    run: async (program: string, args: readonly string[]) => {
      ran.push([program, ...args].join(' '))
      return { status: 0, stdout: '  3-04:05:06   1.2\n' }
    },
    processes: {
      all: () => processes,
      find: (pid: number) => of({ pid }) ?? null,
      command: (process: { pid: number }) => of(process)?.command ?? null,
      environment: (process: { pid: number }) => of(process)?.env ?? null,
      folder: () => '/home/me/other',
      ask: (_: object, questions: (about: object) => unknown) =>
        questions({ command: () => ['claude'], executable: () => ({ path: '/usr/bin/claude' }) }),
    },
    claude: {
      clientPaths,
      sessionPaths: () => clientPaths({}, '/home/me', 'linux'),
      pluginInstalled: () => yes({ root, version: '0.0.7' }),
      pluginEnabled: () => false,
      brokenSettings: () => null,
      readGivenVariables: () => [],
      readNeedsAuth: () => null,
      readSessionFile: () => null,
    },
    channels: { messengerOf, stateDirFor, readToken: () => no('none'), readPollerPid: () => null },
  } as unknown as World
  const look = async () =>
    (
      await examineChannel(world, evidence({ session }), telegram, { platform: null, clockAheadMs: null })
    ).others.map(({ client: each, age }) => [each?.pid, age])
  return { ran, look }
}

test('of the session’s own client and plugin nobody asks how old they are', async () => {
  const { ran, look } = machine(ours)
  expect(await look()).toEqual([])
  expect(ran).toEqual([])
})

test('of another one it is told', async () => {
  const { ran, look } = machine([...ours, client(5000, '9', foreign), poller(5001, '10', 5000, foreign)])
  expect(await look()).toEqual([[5000, '3-04:05:06 1.2 %']])
  expect(ran).toEqual(['ps -o etime= -o pcpu= -p 5000'])
})
