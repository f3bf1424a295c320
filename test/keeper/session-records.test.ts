import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sameProcess } from '../../src/core/process.ts'
import {
  readAttached,
  readClientPid,
  readExit,
  readLaunchFailed,
  readRun,
  readStampedRun,
  writeRun,
} from '../../src/keeper/session-records.ts'
import { files } from '../../src/system/files.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { createProcesses } from '../../src/system/processes.ts'
import { run } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

const processes = createProcesses(process.platform)
const recorded = run({ startedAt: 1_700_000_000_000, machine: processes.machine() })

/** A session's folder with that run on record, the record touched at `at` (ms since 1970) afterwards, its script just now. */
const folderWith = (at: number | null) => {
  const folders = resolveFolders({ CHANNELS_HOME: ownFolder() }, '/nowhere')
  const own = folders.session('work')
  writeRun({ files, folders, processes }, 'work', recorded)
  if (at !== null) files.touch(own.run, at)
  writeFileSync(own.launch, '')
  return { files, folders, processes }
}

test('a run began when its record says, whatever else was touched since', () => {
  expect(readRun(folderWith(null), 'work')).toEqual(recorded)
  expect(readRun(folderWith(recorded.startedAt), 'work')).toEqual(recorded)
  expect(readRun(folderWith(recorded.startedAt - 3_600_000), 'work')).toEqual(recorded)
})

test('a run that was started again, on a full disk, began when its record was touched', () => {
  for (const ms of [1, 2, 3, 999, 3_600_000]) {
    const again = recorded.startedAt + ms
    expect(readRun(folderWith(again), 'work')).toEqual({ ...recorded, startedAt: again })
  }
})

test('a record that is stamped after it was read is read once more, and else is not', () => {
  const world = folderWith(null)
  const before = readRun(world, 'work')
  if (before === null) throw new Error('no record')
  expect(readStampedRun(world, 'work', before)).toBe(before)
  const again = recorded.startedAt + 60_000
  world.files.touch(world.folders.session('work').run, again)
  expect(readStampedRun(world, 'work', before)).toEqual({ ...recorded, startedAt: again })
})

test('the loop of another boot or container is nobody here, whoever has its pid and start', () => {
  const world = folderWith(null)
  const loop = processes.self()
  writeRun(world, 'work', run({ loop }))
  expect(readRun(world, 'work')?.loop).toEqual(loop)
  const elsewhere = { ...processes, machine: () => 'another boot pid:[4026531836]' }
  const seen = readRun({ ...world, processes: elsewhere }, 'work')?.loop ?? null
  expect(seen).toMatchObject({ pid: loop.pid })
  expect(sameProcess(seen, loop)).toBe(false)
})

test('what the shells write is read word for word, and garbage says nothing', () => {
  const world = folderWith(null)
  const own = world.folders.session('work')
  const write = (text: string) => {
    for (const file of [own.client, own.attached, own.exit, own.launchFailed]) writeFileSync(file, text)
  }
  const read = () => [readClientPid(world, 'work'), readAttached(world, 'work')]
  write('4712\n')
  expect(read()).toEqual([4712, 4712])
  for (const text of ['', '\0\0', '-1', '0x10', '1e9', '12kB', '9'.repeat(400), ' 7', '7.5', 'NaN']) {
    write(text)
    expect(read(), text).toEqual([null, 0])
    expect([readExit(world, 'work'), readLaunchFailed(world, 'work')], text).toEqual([null, null])
  }
  write('137 work-1-2\n')
  expect(readExit(world, 'work')).toMatchObject({ status: 137, run: 'work-1-2' })
  write('70 1795341600\n')
  expect(readLaunchFailed(world, 'work')).toEqual({ status: 70, at: 1_795_341_600_000 })
  write(`70 ${'9'.repeat(400)}`)
  expect(readLaunchFailed(world, 'work')).toBeNull()
})
