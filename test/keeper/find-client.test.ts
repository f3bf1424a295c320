import { expect, test } from 'vitest'
import { newHealth } from '../../src/core/machine.ts'
import type { ProcessId, ProcessInfo } from '../../src/core/process.ts'
import type { World } from '../../src/deps.ts'
import { createClientFinder, showsLoop } from '../../src/keeper/find-client.ts'
import type { About } from '../../src/system/processes.ts'
import { run } from '../core/evidence-builder.ts'

const loop = { pid: 10, start: '1', ppid: 1, state: 'S', comm: 'sh' }
const client = { pid: 20, start: '2', ppid: 10, state: 'S', comm: 'claude' }

/** A machine with these processes; `launch.sh` wrote down 20, and each carries the marker of a run. */
const machine = (marker: string, ...processes: readonly ProcessInfo[]) => {
  const asked: number[] = []
  const world = {
    folders: { session: () => ({ client: '/own/client' }) },
    files: { readText: () => '20\n' },
    processes: {
      find: (pid: number) => processes.find((each) => each.pid === pid) ?? null,
      children: () => [],
      ask: <Answer>({ pid }: ProcessId, questions: (about: About) => Answer) => {
        asked.push(pid)
        return questions({
          command: () => [],
          executable: () => null,
          variables: () => ({ CHANNELS_RUN: marker }),
        })
      },
    },
  } as unknown as World
  return { asked, find: createClientFinder(world) }
}
const seen = (change: Partial<{ run: string; pid: number; start: string }> = {}) => ({
  ...newHealth(0),
  client: { run: 'run-1', pid: client.pid, start: client.start, ...change },
})

test('one that nobody saw yet is told by the marker of its run, and then known', () => {
  const { asked, find } = machine('run-1', client)
  expect([find('work', run()), find('work', run())]).toEqual([client, client])
  expect(asked).toEqual([20])
  expect(machine('run-0', client).find('work', run())).toBeNull()
})

test('one that the keeper saw in this run is not asked again', () => {
  const { asked, find } = machine('', client, loop)
  expect(find('work', run({ loop }), seen())).toEqual(client)
  expect(asked).toEqual([])
})

test('after a boot, another process with its pid and start is not taken for it: its loop is not there', () => {
  const { asked, find } = machine('', client)
  const gone = run({ loop: { pid: 11, start: '1' } })
  expect(find('work', gone, seen())).toBeNull()
  expect(asked).toEqual([20])
  const again = { ...loop, start: 'another' }
  expect(machine('', client, again).find('work', run({ loop }), seen())).toBeNull()
})

test('of the boot that is known to be this one, the child of a loop shows that it is there', () => {
  const world = (machine: string | null) => ({ processes: { machine: () => machine } }) as unknown as World
  const here = run({ loop, machine: 'this boot' })
  expect(showsLoop(world('this boot'), here, client)).toBe(true)
  expect(showsLoop(world('this boot'), here, { ...client, ppid: 1 })).toBe(false)
  // Of which boot it is nobody knows, or it is of another one.
  expect(showsLoop(world('this boot'), { ...here, machine: null }, client)).toBe(false)
  expect(showsLoop(world('another'), here, client)).toBe(false)
  expect(showsLoop(world(null), here, client)).toBe(false)
})

test('what the keeper saw in another run, or another process with its pid, has to carry the marker', () => {
  for (const before of [seen({ run: 'run-0' }), seen({ start: '3' }), seen({ pid: Number.NaN })]) {
    const { asked, find } = machine('', client, loop)
    expect(find('work', run({ loop }), before)).toBeNull()
    expect(asked).toEqual([20])
  }
})
