import { expect, test } from 'vitest'
import { newHealth } from '../../src/core/machine.ts'
import type { LookWorld } from '../../src/deps.ts'
import { createGatherer, mayBeInDialog } from '../../src/keeper/gather.ts'
import {
  clientProcess,
  loop,
  minutes,
  noon,
  ownPoller,
  run,
  session,
  sessionFile,
} from '../core/evidence-builder.ts'

test.each([
  ['a screen that is only half drawn', null, 1_000, false],
  ['no session file by now', null, 2_000, true],
  ['no session file, and the clock was set back since the start', null, -60 * minutes, true],
  ['a session file', sessionFile(), 2_000, false],
  ['one that says so', sessionFile({ activity: 'waiting', waitingFor: 'dialog open' }), 0, true],
] as const)('the screen is asked for a dialog: %s', (_, file, sinceStartMs, asked) => {
  expect(mayBeInDialog(file, sinceStartMs)).toBe(asked)
})

test.each([
  ['a client below its loop shows that one', loop.pid, [clientProcess, ownPoller.process]],
  ['an orphan does not', 1, [clientProcess, ownPoller.process, loop]],
])('a look asks the system once about each process, and of few: %s', async (_, ppid, wanted) => {
  const asked: number[] = []
  let attached = 0
  const living = [{ ...clientProcess, ppid }, ownPoller.process, loop]
  const here = run({ machine: 'this boot' })
  const health = {
    ...newHealth(noon),
    client: { ...clientProcess, run: here.run },
    pollers: {
      [session.channels[0]?.id ?? '']: {
        ...ownPoller.process,
        run: here.run,
        connected: true,
        silentSince: null,
      },
    },
  }
  const paths = { config: '/c', json: '/j', logs: '/l', home: '/h' }
  const world = {
    clock: { now: () => noon, elapsed: () => 0 },
    folders: { session: () => ({ run: 'run' }), keeper: {} },
    files: {
      readRecord: (path: string) => (path === 'run' ? here : null),
      checks: {},
      exists: () => false,
      changedAt: () => 0,
      readText: () => null,
    },
    settings: { read: () => null },
    processes: {
      machine: () => here.machine,
      find: (pid: number) => {
        asked.push(pid)
        return living.find((each) => each.pid === pid) ?? null
      },
      replaced: () => false,
      connected: () => true,
    },
    attached: () => {
      attached += 1
      return 2
    },
    claude: {
      sessionPaths: () => paths,
      readSessionFile: () => sessionFile(),
      mcpLogFolder: () => '/logs',
      latestMcpLogs: () => [],
      readNeedsAuth: () => null,
      findTranscript: () => null,
      retriesUnwritten: () => false,
      readProgramFile: () => null,
    },
    channels: {
      readPollerPid: () => ownPoller.process.pid,
      readAccess: () => ({ is: 'no', why: '' }),
    },
  } as unknown as LookWorld
  const found = await createGatherer(world, { keeps: true })(session, health)
  expect(found.client?.process.pid).toBe(clientProcess.pid)
  expect(found.terminal.loop).toEqual(loop)
  expect(found.channels[0]?.poller.is).toBe('yes')
  expect(asked.toSorted()).toEqual(wanted.map(({ pid }) => pid).toSorted())
  // Who is attached is looked up when somebody asks.
  expect(attached).toBe(0)
  expect([found.terminal.attached, found.terminal.attached]).toEqual([2, 2])
  expect(attached).toBe(1)
})
