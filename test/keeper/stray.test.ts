import { expect, test } from 'vitest'
import type { World } from '../../src/deps.ts'
import { createStrayFinder } from '../../src/keeper/stray.ts'
import { resolveFolders } from '../../src/system/folders.ts'

/** A machine with one client of the session `web`; `listed` is called while its processes are listed. */
const machine = (listed: () => void, isOnRecord: () => boolean) => {
  const folders = resolveFolders({ CHANNELS_HOME: '/state' }, '/home/me')
  const client = { pid: 7, ppid: 1, start: '1', state: 'S', comm: 'claude' }
  const run = { startedAt: 0, loop: { pid: 5, start: '1' } }
  return {
    folders,
    clock: { elapsed: () => 0 },
    processes: {
      all: () => {
        listed()
        return [client]
      },
      find: (pid: number) => (pid === client.pid ? client : null),
      command: () => ['/bin/claude', '--settings', folders.session('web').settings, '--session-id', 'x'],
      environment: () => ({}),
      executable: () => ({ path: '/bin/claude', deleted: false }),
    },
    files: { checks: {}, changedAt: () => 0, readRecord: () => (isOnRecord() ? run : null) },
  } as unknown as World
}

test('a client that is on no record is found', () => {
  expect(
    createStrayFinder(
      machine(
        () => undefined,
        () => false,
      ),
    )('web')?.pid,
  ).toBe(7)
})

test('one that is started while the processes are listed is on record, and none', () => {
  let recorded = false
  const world = machine(
    () => {
      recorded = true
    },
    () => recorded,
  )
  expect(createStrayFinder(world)('web')).toBeNull()
})
