import { expect, test } from 'vitest'
import type { ProcessId } from '../../src/core/process.ts'
import type { World } from '../../src/deps.ts'
import { createStrayFinder } from '../../src/keeper/stray.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import type { About } from '../../src/system/processes.ts'

/** A machine with one client of the session `web`, put on record while its processes are listed or not at all. */
const machine = (isRecorded: boolean) => {
  let record: unknown = null
  const folders = resolveFolders({ CHANNELS_HOME: '/state' }, '/home/me')
  const client = { pid: 7, ppid: 1, start: '1', state: 'S', comm: 'claude' }
  const run = { startedAt: 0, loop: { pid: 5, start: '1' } }
  return {
    folders,
    clock: { elapsed: () => 0 },
    processes: {
      machine: () => null,
      calledWith: () => {
        if (isRecorded) record = run
        return [client]
      },
      find: (pid: number) => (pid === client.pid ? client : null),
      command: () => ['/bin/claude', '--settings', folders.session('web').settings, '--session-id', 'x'],
      ask: <Answer>(_: ProcessId, questions: (about: About) => Answer) =>
        questions({
          command: () => null,
          executable: () => ({ path: '/bin/claude', deleted: false }),
          variables: () => ({}),
        }),
    },
    files: { checks: {}, changedAt: () => 0, readRecord: () => record },
  } as unknown as World
}

test('a client that is on no record is found', () => {
  expect(createStrayFinder(machine(false))('web')?.pid).toBe(7)
})

test('one that is started while the processes are listed is on record, and none', () => {
  expect(createStrayFinder(machine(true))('web')).toBeNull()
})
