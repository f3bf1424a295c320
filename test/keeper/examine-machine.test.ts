import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { World } from '../../src/deps.ts'
import { ExpectedError, exitStatus } from '../../src/errors.ts'
import { examineMachine } from '../../src/keeper/examine-machine.ts'
import { files } from '../../src/system/files.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { ownFolder } from '../system/own.ts'

const machine = (readRecord: () => unknown) => {
  const top = ownFolder()
  mkdirSync(join(top, 'state'))
  return examineMachine(
    {
      env: {},
      folders: resolveFolders({ CHANNELS_HOME: top }, top),
      files: { ...files, readRecord },
    } as unknown as World,
    [],
  )
}

test('a keeper’s record that may not be read is told, and ends nothing', () => {
  const seen = machine(() => {
    throw new ExpectedError(exitStatus.noPermission, 'Cannot read keeper.json.', 'Look whose it is.')
  })
  expect(seen).toMatchObject({
    keeper: null,
    keeperFault: { found: 'Cannot read keeper.json.', remedy: 'Look whose it is.' },
  })
})

test('without one there is no keeper, and nothing wrong with it', () => {
  expect(machine(() => null)).toMatchObject({ keeper: null, keeperFault: null })
})
