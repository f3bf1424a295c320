import { expect, test } from 'vitest'
import { newHealth } from '../../src/core/machine.ts'
import type { ProcessId, ProcessInfo } from '../../src/core/process.ts'
import type { World } from '../../src/deps.ts'
import { createPollerFinder } from '../../src/keeper/poller.ts'
import type { About } from '../../src/system/processes.ts'
import { run, session } from '../core/evidence-builder.ts'

const [channel] = session.channels
if (channel === undefined) throw new Error('the session has no channel')

/** Looks for the poller where bot.pid names a process with this command and environment. */
const find = (command: readonly string[] | null, environment: Readonly<Record<string, string>> | null) => {
  const process = { pid: 4711, start: '99', ppid: 1, state: 'S', comm: 'x' }
  const world = {
    channels: { readPollerPid: () => process.pid },
    processes: {
      find: (pid: number) => (pid === process.pid ? process : null),
      ask: <Answer>(_: ProcessId, questions: (about: About) => Answer) =>
        questions({ command: () => command, executable: () => null, variables: () => environment }),
    },
  } as unknown as World
  return createPollerFinder(world)(session, channel, null, null, null)
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

const poller = { pid: 40, start: '4', ppid: 30, state: 'S', comm: 'bun' }
const client = { pid: 20, start: '2', ppid: 10, state: 'S', comm: 'claude' }

/** Whose the poller is where these processes stand above it, by pid. */
const owner = (above: readonly ProcessInfo[], ours: ProcessInfo | null = client) => {
  const found: number[] = []
  const world = {
    channels: { readPollerPid: () => poller.pid },
    processes: {
      find: (pid: number) => {
        found.push(pid)
        return [poller, ...above].find((each) => each.pid === pid) ?? null
      },
      ask: <Answer>({ pid }: ProcessId, questions: (about: About) => Answer) =>
        questions({
          command: () => [pid === poller.pid ? 'server.ts' : 'x'],
          executable: () => ({ path: pid === 21 ? '/bin/claude' : '/bin/x', deleted: false }),
          variables: () => null,
        }),
      environment: () => ({ CLAUDE_PROJECT_DIR: '/theirs' }),
    },
  } as unknown as World
  const answer = createPollerFinder(world)(session, channel, ours, null, null)
  return { ...(answer.is === 'yes' ? answer.value : null), found }
}
const wrapper = { pid: 30, start: '3', ppid: 20, state: 'S', comm: 'bun' }

test('it is ours below our client, and nobody above that is looked at', () => {
  const { ours, found } = owner([wrapper, client, { ...client, pid: 10 }])
  expect(ours).toBe('yes')
  expect(found).toEqual([40, 30, 20])
})

test('it is another client’s that stands nearer, or where ours is gone', () => {
  const theirs = { ...client, pid: 21, ppid: 20 }
  const above = [{ ...wrapper, ppid: 21 }, theirs, client]
  expect(owner(above)).toMatchObject({ ours: 'no', owner: { pid: 21, folder: '/theirs' } })
  expect(owner(above, null)).toMatchObject({ ours: 'no', owner: { pid: 21 } })
})

test('nobody knows whose it is without a client above, nor where pids pass on in a circle', () => {
  expect(owner([]).ours).toBe('unknown')
  expect(owner([wrapper], null).ours).toBe('unknown')
  expect(
    owner([
      { ...wrapper, ppid: 31 },
      { ...wrapper, pid: 31, ppid: 30 },
    ]).ours,
  ).toBe('unknown')
  expect(owner([{ ...wrapper, ppid: 40 }]).ours).toBe('unknown')
})

test('one that the keeper saw below the client of this run is asked nothing any more, and stays ours though reparented', () => {
  const seen = { pid: poller.pid, start: poller.start, run: 'run-1', connected: true, silentSince: null }
  const ours = (before: Partial<typeof seen>, nearest: ProcessInfo | null = client, ppid = wrapper.pid) => {
    const asked: number[] = []
    const processes = [{ ...poller, ppid }, wrapper, client]
    const world = {
      channels: { readPollerPid: () => poller.pid },
      processes: {
        find: (pid: number) => processes.find((each) => each.pid === pid) ?? null,
        ask: <Answer>({ pid }: ProcessId, questions: (about: About) => Answer) => {
          asked.push(pid)
          return questions({ command: () => ['server.ts'], executable: () => null, variables: () => null })
        },
      },
    } as unknown as World
    const health = { ...newHealth(0), pollers: { [channel.id]: { ...seen, ...before } } }
    const answer = createPollerFinder(world)(session, channel, nearest, run(), health)
    return [answer.is === 'yes' ? answer.value.ours : answer.is, asked]
  }
  expect(ours({})).toEqual(['yes', []])
  expect(ours({}, client, 1)).toEqual(['yes', []])
  expect(ours({ run: 'run-0' }, client, 1)).toEqual(['unknown', [40]])
  expect(ours({ start: 'another' }, client, 1)).toEqual(['unknown', [40]])
  expect(ours({}, null, 1)).toEqual(['unknown', [40]])
  expect(ours({ run: 'run-0' })).toEqual(['yes', [40, 30]])
})
