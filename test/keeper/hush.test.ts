import { expect, test } from 'vitest'
import type { World } from '../../src/deps.ts'
import { hush } from '../../src/keeper/hush.ts'
import { clientProcess, session } from '../core/evidence-builder.ts'

type Played = {
  /** What the client's session file says at the end of the hold; null: it cannot be read. */
  readonly activity: 'idle' | 'busy' | null
  /** The client's state, look by look, the last one for good. */
  readonly states?: readonly string[]
  /** Whether the poller stands below the client. */
  readonly below?: boolean
  readonly poller?: number | null
  /** The poller that is there at the end, when it is another one than at first. */
  readonly later?: number
  /** The note of which pid that it keeps messages is there; of 4720 it stands below the client. */
  readonly kept?: number
  /** When a note came or went; it may do so within the hold. */
  readonly notedAt?: readonly [number, number]
}

/** What was done to whom, and how long the poller was held, in milliseconds. */
const play = async ({
  activity,
  states = ['S'],
  below = true,
  poller = 4720,
  later,
  kept,
  notedAt = [1, 1],
}: Played) => {
  const signals: string[] = []
  let held = 0
  let looks = 0
  const world = {
    clock: {
      sleep: async (ms: number) => {
        held += ms
      },
    },
    processes: {
      signal: ({ pid }: { pid: number }, name: string) => void signals.push(`${name} ${pid}`),
      ancestors: (pid: number) =>
        below && pid !== 999 ? [{ pid: 4719 }, { pid: clientProcess.pid }] : [{ pid: 1 }],
      find: (pid: number) => {
        if (pid !== clientProcess.pid) return { pid, start: '300', state: 'S' }
        looks += 1
        return { ...clientProcess, state: states[looks - 1] ?? states.at(-1) }
      },
    },
    channels: { readPollerPid: () => (held > 0 && later !== undefined ? later : poller) },
    folders: { session: () => ({ bunFolder: '/state/work/bun' }) },
    files: {
      list: (folder: string) =>
        folder === '/state/work/bun'
          ? ['bun', 'hold.cjs', ...(kept === undefined ? [] : [`kept.${kept}`])]
          : [],
      changedAt: (path: string) => (path === '/state/work/bun' ? notedAt[held > 0 ? 1 : 0] : null),
    },
    claude: {
      sessionPaths: () => ({}),
      readSessionFile: () => (activity === null ? null : { activity }),
    },
  } as unknown as World
  return { rests: await hush(world, session, clientProcess), signals, held }
}

test('idle when what was on its way has arrived: the poller is ended', async () => {
  expect(await play({ activity: 'idle' })).toEqual({
    rests: true,
    signals: ['SIGSTOP 4720', 'SIGKILL 4720'],
    held: 600,
  })
})

test.each(['busy', null] as const)('%s: the poller goes on', async (activity) => {
  expect(await play({ activity })).toEqual({
    rests: false,
    signals: ['SIGSTOP 4720', 'SIGCONT 4720'],
    held: 600,
  })
  expect((await play({ activity, states: ['R'] })).held).toBe(600)
})

const goesOn = { rests: false, signals: ['SIGSTOP 4720', 'SIGCONT 4720'] }

test('a plugin that keeps messages until its client listens is not ended with them', async () => {
  expect(await play({ activity: 'idle', kept: 4720 })).toMatchObject(goesOn)
  // Nor where nothing tells which process it is.
  expect(await play({ activity: 'idle', poller: null, kept: 4720 })).toMatchObject({ rests: false })
})

test('nor one that has just handed them over: they may not have arrived', async () => {
  expect(await play({ activity: 'idle', notedAt: [1, 2] })).toMatchObject(goesOn)
})

test('the note of a plugin that was killed while it kept some hinders nobody', async () => {
  expect(await play({ activity: 'idle', kept: 999 })).toMatchObject({ rests: true })
})

test('one that came up meanwhile was not held: not at rest', async () => {
  expect(await play({ activity: 'idle', poller: null, later: 4720 })).toMatchObject({
    rests: false,
    signals: [],
  })
  expect(await play({ activity: 'idle', later: 4730 })).toMatchObject(goesOn)
})

test('a client that waits for the processor is given the time to read its pipe', async () => {
  expect((await play({ activity: 'idle', states: ['R', 'R', 'S'] })).held).toBe(1_800)
  expect((await play({ activity: 'idle', states: ['R+', 'S+'] })).held).toBe(1_200)
})

test('one that always runs is not waited for without end', async () => {
  expect(await play({ activity: 'idle', states: ['R'] })).toMatchObject({ rests: true, held: 2_400 })
})

test('what goes wrong meanwhile leaves no poller held', async () => {
  const signals: string[] = []
  const world = {
    clock: { sleep: () => Promise.reject(new Error('no time')) },
    processes: {
      signal: (_: unknown, name: string) => void signals.push(name),
      ancestors: () => [{ pid: clientProcess.pid }],
      find: () => ({ pid: 4720, start: '300', state: 'S' }),
    },
    channels: { readPollerPid: () => 4720 },
    folders: { session: () => ({ bunFolder: '/state/work/bun' }) },
    files: { changedAt: () => 1 },
    claude: { sessionPaths: () => ({}) },
  } as unknown as World
  await expect(hush(world, session, clientProcess)).rejects.toThrow('no time')
  expect(signals).toEqual(['SIGSTOP', 'SIGCONT'])
})

test("none of another client's is touched, and none is needed", async () => {
  expect(await play({ activity: 'idle', below: false })).toMatchObject({ rests: true, signals: [] })
  expect(await play({ activity: 'busy', poller: null })).toMatchObject({ rests: false, signals: [] })
})
