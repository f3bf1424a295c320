import { expect, test } from 'vitest'
import { unknown, yes } from '../../src/core/answer.ts'
import { hasLoop } from '../../src/keeper/act.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { createProcesses } from '../../src/system/processes.ts'
import { session } from '../core/evidence-builder.ts'

test('the loop is found where a folder has a space in its name, on macOS too', async () => {
  const folders = resolveFolders({ CHANNELS_HOME: '/Users/me/My  Files' }, '/Users/me')
  const { loop } = folders.session(session.name)
  const running = (command: string) => ({
    folders,
    processes: createProcesses('darwin', {
      ps: (_, args) =>
        args[0] === '-axo' ? '  7     1 S    Sun Nov 22 09:05:07 2026     /bin/sh\n' : `${command}\n`,
    }),
    multiplexer: async () => ({ state: async () => yes({ pid: 7, attached: 0 }) }),
  })
  expect(loop).toContain('My  Files')
  expect(await hasLoop(running(`/bin/sh ${loop} web /Users/me`), session)).toBe(true)
  expect(await hasLoop(running('-zsh'), session)).toBe(false)
  const silent = { ...running(''), multiplexer: async () => ({ state: async () => unknown('no answer') }) }
  expect(await hasLoop(silent, session)).toBe(true)
})
