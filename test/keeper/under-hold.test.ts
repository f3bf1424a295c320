import { expect, test } from 'vitest'
import type { Orders } from '../../src/core/records.ts'
import type { World } from '../../src/deps.ts'
import { act } from '../../src/keeper/act.ts'
import { files } from '../../src/system/files.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { session } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

const held: Orders = {
  ...{ format: 1, run: 'run-1', ended: 'taken-down', fresh: false },
  hold: { reason: 'stopped', until: null, at: null },
}

/** The orders after a client of `run` was ended for its plugin, when all had been taken down a moment before. */
const endOf = async (run: string): Promise<Orders | null> => {
  const folders = resolveFolders({ CHANNELS_HOME: ownFolder() }, '/nowhere')
  const { orders } = folders.session(session.name)
  files.writeRecord(orders, held)
  const world = {
    folders,
    files,
    clock: { elapsed: () => 0, sleep: async () => undefined },
    processes: { signal: () => 'gone', find: () => null },
  } as unknown as World
  await act(world, session, {
    ...{ do: 'end-client', process: { pid: 9, start: '1' }, run, ended: 'plugin-exited' },
    ...{ fresh: false, gently: false, hold: null },
  })
  return files.readRecord(orders, files.checks.orders)
}

test('what a keeper had begun does not undo that all sessions are taken down', async () => {
  expect(await endOf('run-1')).toEqual({ ...held, ended: 'plugin-exited' })
  expect(await endOf('run-2')).toMatchObject({ run: 'run-2', hold: null })
})
