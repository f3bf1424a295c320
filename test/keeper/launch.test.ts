import { expect, test } from 'vitest'
import { emptySettings } from '../../src/core/settings.ts'
import type { World } from '../../src/deps.ts'
import { launch } from '../../src/keeper/launch.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { session } from '../core/evidence-builder.ts'

test('its loop ends while it waits for the lock, as where the session is removed: nothing is written', async () => {
  const loop = { pid: 7, start: '1' }
  let there = true
  // It has no files, no journal and no clock: who reached for one of them would throw.
  const world = {
    settings: { read: () => ({ ...emptySettings, sessions: { [session.name]: session } }) },
    folders: resolveFolders({ CHANNELS_HOME: '/state' }, '/home/me'),
    processes: { find: () => (there ? loop : null) },
    withLock: async (_: string, action: () => unknown) => {
      there = false
      return action()
    },
  } as unknown as World
  const asked = { loop: loop.pid, protocol: 1, interrupted: false }
  await expect(launch(world, session.name, asked)).resolves.toEqual({ status: 10, answer: '' })
})
