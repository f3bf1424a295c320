import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { formatEvent } from '../../src/core/event-text.ts'
import { readClientPid, readExit, readLaunchFailed } from '../../src/keeper/session-records.ts'
import { files } from '../../src/system/files.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { parseEntry } from '../../src/system/journal.ts'
import { createProcesses } from '../../src/system/processes.ts'
import { ownFolder } from '../system/own.ts'
import { feedGarbled, feedPrefixes } from './feed.ts'
import { isCount, isDate, must, mustBeUnpolluted, slowestMs } from './must.ts'
import * as samples from './samples.ts'

afterEach(mustBeUnpolluted)

test(
  'records',
  async () => {
    let seen = 0
    const read = (text: string): void => {
      const value = parse(text)
      for (const check of Object.values<(value: unknown) => object | null>(files.checks)) {
        const record = check(value)
        if (record === null) continue
        seen += 1
        must(datesIn(record).every(isDate), 'a time is none')
      }
    }
    const short = samples.records.map(({ name, text }) => ({ name, text: JSON.stringify(JSON.parse(text)) }))
    await feedPrefixes(short, read)
    await feedGarbled(short, 2_000, read)
    expect(seen).toBeGreaterThan(300)
  },
  slowestMs,
)

const times: readonly string[] = ['at', 'from', 'to', 'since', 'startedAt', 'until', 'acknowledged']

/** Every number that a report says as a date. */
const datesIn = (record: object): readonly number[] =>
  Object.entries(record).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? datesIn(value)
      : typeof value === 'number' && times.includes(key)
        ? [value]
        : [],
  )

test('records as they stand on the disk', async () => {
  const path = join(ownFolder(), 'record.json')
  await feedGarbled(samples.records, 50, (text) => {
    writeFileSync(path, text)
    for (const check of Object.values<(value: unknown) => object | null>(files.checks))
      must(typeof files.readRecord(path, check) === 'object', 'no answer')
  })
})

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

test('the journal', async () => {
  const read = (text: string): void => {
    for (const row of text.split('\n')) {
      const entry = parseEntry(row)
      if (entry === null) continue
      const shown = `${new Date(entry.at).toISOString()} ${formatEvent(entry)}`
      must(!/\p{Cc}/u.test(shown), shown)
    }
  }
  await feedPrefixes(samples.journals, read)
  await feedGarbled(samples.journals, 2_000, read)
})

test('what the shells write', async () => {
  let text = ''
  const inMemory = { ...files, readText: () => text, changedAt: () => 1_795_341_600_000 }
  const folders = resolveFolders({ CHANNELS_HOME: '/nowhere' }, '/nowhere')
  const world = { files: inMemory, folders, processes: createProcesses(process.platform) }
  const read = (written: string): void => {
    text = written
    const pid = readClientPid(world, 'work')
    must(pid === null || (isCount(pid) && pid > 0 && text.startsWith(String(pid))), `read ${pid}`)
    must(isCount(readExit(world, 'work')?.status ?? 0), 'the status is none')
    must(isDate(readLaunchFailed(world, 'work')?.at ?? null), 'the time is none')
  }
  await feedPrefixes(samples.exitFiles, read)
  await feedGarbled(samples.exitFiles, 2_000, read)
})
