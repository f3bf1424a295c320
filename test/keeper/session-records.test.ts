import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { readRun } from '../../src/keeper/session-records.ts'
import { files } from '../../src/system/files.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { createProcesses } from '../../src/system/processes.ts'
import { run } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

const recorded = run({ startedAt: 1_700_000_000_000 })

/** A session's folder with that run on record, and with a launch.sh written at `scriptAt` (ms since 1970). */
const folderWith = (scriptAt: number | null) => {
  const folders = resolveFolders({ CHANNELS_HOME: ownFolder() }, '/nowhere')
  const own = folders.session('work')
  mkdirSync(dirname(own.run), { recursive: true })
  files.writeRecord(own.run, recorded)
  if (scriptAt !== null) {
    writeFileSync(own.launch, '')
    utimesSync(own.launch, scriptAt / 1_000, scriptAt / 1_000)
  }
  return { files, folders, processes: createProcesses(process.platform) }
}

test('a run began when its record says, be its script older or gone', () => {
  expect(readRun(folderWith(null), 'work')).toEqual(recorded)
  expect(readRun(folderWith(recorded.startedAt - 5), 'work')).toEqual(recorded)
})

test('a run that was started again without a record began when its script was touched', () => {
  const again = recorded.startedAt + 3_600_000
  expect(readRun(folderWith(again), 'work')).toEqual({ ...recorded, startedAt: again })
})
