import { expect, test } from 'vitest'
import type { SessionFile } from '../../src/core/client.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { newHealth } from '../../src/core/machine.ts'
import type { ProcessInfo } from '../../src/core/process.ts'
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

const atWork: ProcessInfo = { state: 'S', comm: 'claude', ...clientProcess, ppid: loop.pid }
const polling: ProcessInfo = { state: 'S', comm: 'bun', ppid: atWork.pid, ...ownPoller.process }
const looping: ProcessInfo = { state: 'S', comm: 'sh', ppid: 1, ...loop }

const id = session.channels[0]?.id ?? ''
const here = run({ machine: 'this boot' })
const health = {
  ...newHealth(noon),
  client: { ...clientProcess, run: here.run },
  pollers: { [id]: { ...ownPoller.process, run: here.run, connected: true, silentSince: null } },
}

/** A machine with one session on it. `find` answers for its processes, `file` is what the client wrote of itself. */
const worldOf = (
  find: (pid: number) => ProcessInfo | null,
  {
    attached = () => 0,
    file = () => sessionFile(),
  }: {
    readonly attached?: () => number
    readonly file?: () => SessionFile | null
  } = {},
): LookWorld =>
  ({
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
      find,
      livesNow: ({ pid, start }: ProcessInfo) => find(pid)?.start === start,
      replaced: () => false,
      connected: () => true,
    },
    attached,
    multiplexer: () => {
      throw new Error('the screen of a client that is gone is asked for')
    },
    claude: {
      sessionPaths: () => ({ config: '/c', json: '/j', logs: '/l', home: '/h' }),
      readSessionFile: file,
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
      slotTakenAt: () => null,
    },
  }) as unknown as LookWorld

const gatherIn = (world: LookWorld): Promise<Evidence> =>
  createGatherer(world, { keeps: true })(session, health)

test.each([
  ['a client below its loop shows that one', loop.pid, [atWork, polling]],
  ['an orphan does not', 1, [atWork, polling, loop]],
])('a look asks the system once about each process, and of few: %s', async (_, ppid, wanted) => {
  const asked: number[] = []
  let attached = 0
  const living = [{ ...atWork, ppid }, polling, looping]
  const world = worldOf(
    (pid) => {
      asked.push(pid)
      return living.find((each) => each.pid === pid) ?? null
    },
    {
      attached: () => {
        attached += 1
        return 2
      },
    },
  )
  const found = await gatherIn(world)
  expect(found.client?.process.pid).toBe(clientProcess.pid)
  expect(found.terminal.loop).toEqual(loop)
  expect(found.channels[0]?.poller.is).toBe('yes')
  expect(asked.toSorted()).toEqual(wanted.map(({ pid }) => pid).toSorted())
  // Who is attached is looked up when somebody asks.
  expect(attached).toBe(0)
  expect([found.terminal.attached, found.terminal.attached]).toEqual([2, 2])
  expect(attached).toBe(1)
})

test.each(['its plugin', 'its session file'])(
  'a client that ends while it is looked at is gone, not one that lost %s',
  async (lost) => {
    let living: readonly ProcessInfo[] = [atWork, polling, looping]
    const end = () => {
      living = []
    }
    const world = worldOf(
      (pid) => {
        if (lost === 'its plugin' && pid === polling.pid) end()
        return living.find((each) => each.pid === pid) ?? null
      },
      {
        file: () => {
          if (lost === 'its session file') end()
          return living.length > 0 ? sessionFile() : null
        },
      },
    )
    const found = await gatherIn(world)
    expect(living).toEqual([])
    expect(found.client).toBeNull()
    expect(found.terminal.loop).toBeNull()
    expect(found.channels[0]).toMatchObject({ log: null, poller: { is: 'no' } })
  },
)

test('a client that lives on without its plugin is there', async () => {
  const world = worldOf((pid) => (pid === atWork.pid ? atWork : null))
  const found = await gatherIn(world)
  expect(found.client?.process.pid).toBe(clientProcess.pid)
  expect(found.channels[0]?.poller.is).toBe('no')
})
