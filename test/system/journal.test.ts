import { spawn } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Event, JournalEntry } from '../../src/core/events.ts'
import { createJournal, type Journal, parseEntry } from '../../src/system/journal.ts'
import { ownFolder, program } from './own.ts'
import { fill, smallDisk } from './small-disk.ts'

const fault = (detail: string): Event => ({ type: 'fault', what: 'test', detail })
const details = (entries: readonly object[]) =>
  entries.map((entry) => ('detail' in entry ? entry.detail : null))

/** What stands in both files, oldest first. */
const entriesOf = ({ path, rotatedPath, parse }: Journal): readonly JournalEntry[] =>
  [rotatedPath, path]
    .flatMap((file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []))
    .map(parse)
    .filter((entry) => entry !== null)

const ticking = () => {
  let time = 0
  return () => ++time
}

test('what is appended stands there, 0600, in order', () => {
  const path = join(ownFolder(), 'state/events.jsonl')
  const journal = createJournal(path, { now: ticking() })
  expect(entriesOf(journal)).toEqual([])
  expect(journal.append('work', fault('a\nb'))).toBe('written')
  expect(journal.append(null, { type: 'left', by: 'person' })).toBe('written')
  expect(entriesOf(journal)).toEqual([
    { at: 1, session: 'work', type: 'fault', what: 'test', detail: 'a\nb' },
    { at: 2, session: null, type: 'left', by: 'person' },
  ])
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700)
})

test('a token in any string is redacted', () => {
  const path = join(ownFolder(), 'events.jsonl')
  const journal = createJournal(path, { now: () => 1 })
  const token = '123456789:AAtest_made-up-0123456789abcdefghij'
  journal.append(token, {
    type: 'reaped',
    run: 'r',
    pid: 1,
    command: `curl https://api.telegram.org/bot${token}/getMe`,
  })
  expect(readFileSync(path, 'utf8')).not.toContain('AAtest')
  expect(readFileSync(path, 'utf8')).toContain('bot123456789:<redacted>/getMe')
})

test('a torn line costs itself only', () => {
  const path = join(ownFolder(), 'events.jsonl')
  const journal = createJournal(path, { now: ticking() })
  journal.append('work', fault('first'))
  appendFileSync(path, '{"at":5,"session":"wo')
  expect(journal.append('work', fault('second'))).toBe('written')
  expect(details(entriesOf(journal))).toEqual(['first', 'second'])
})

test('cut and garbled lines are passed over', () => {
  for (const line of [
    '',
    '{',
    'null',
    '[]',
    '1',
    '{"at":1}',
    '{"at":"1","session":null,"type":"x"}',
    '{"at":1,"session":2,"type":"x"}',
    // Each entry is shown with its date.
    '{"at":8640000000000001,"session":null,"type":"x"}',
    '{"at":1e999,"session":null,"type":"x"}',
  ])
    expect(parseEntry(line)).toBeNull()
  fc.assert(fc.property(fc.string(), (line) => void parseEntry(line)))
  // A type of a later release is still something that happened.
  expect(parseEntry('{"at":1,"session":null,"type":"later"}')).toMatchObject({ at: 1, type: 'later' })
})

test('one older file is kept', () => {
  const path = join(ownFolder(), 'events.jsonl')
  const journal = createJournal(path, { now: ticking(), maxBytes: 300 })
  for (let count = 1; count <= 10; count += 1) journal.append('work', fault(`${count}`))
  expect(journal.rotatedPath).toBe(path.replace('events.jsonl', 'events.1.jsonl'))
  expect(existsSync(journal.rotatedPath)).toBe(true)
  expect(statSync(path).size).toBeLessThan(400)
  const kept = details(entriesOf(journal)).map(Number)
  expect(kept.at(-1)).toBe(10)
  expect(kept.length).toBeGreaterThanOrEqual(5)
  expect(kept).toEqual(Array.from(kept, (_, index) => 10 - kept.length + index + 1))
})

test.each([
  ['after a minute', 1],
  ['when the clock was set back', Date.now() / 1_000 + 3_600],
])('a rotation somebody died in is taken up again %s', (_, at) => {
  const path = join(ownFolder(), 'events.jsonl')
  const journal = createJournal(path, { now: ticking(), maxBytes: 10 })
  journal.append('work', fault('1'))
  mkdirSync(`${path}.rotating`)
  expect(journal.append('work', fault('2'))).toBe('written')
  expect(existsSync(journal.rotatedPath)).toBe(false)
  utimesSync(`${path}.rotating`, at, at)
  for (const detail of ['3', '4']) expect(journal.append('work', fault(detail))).toBe('written')
  expect(existsSync(journal.rotatedPath)).toBe(true)
  expect(details(entriesOf(journal))).toEqual(['1', '2', '3', '4'])
})

test('several writers lose no line, over many rotations', async () => {
  const folder = ownFolder()
  const path = join(folder, 'events.jsonl')
  const writer = program(
    folder,
    `import { createJournal } from '../../src/system/journal.ts'
     const [, , path, name] = process.argv
     const journal = createJournal(path, { now: () => 1, maxBytes: 40_000 })
     for (let count = 0; count < 300; count += 1) journal.append(name, { type: 'fault', what: 'x', detail: String(count) })`,
  )
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  // 6 x 300 lines of some 60 bytes are 108 kB: more than one rotation, so the two files hold the newest 40 to 80 kB.
  await Promise.all(
    names.map(
      (name) => new Promise((resolve) => spawn(process.execPath, [writer, path, name]).once('exit', resolve)),
    ),
  )
  const entries = entriesOf(createJournal(path, { now: () => 1 }))
  expect(entries.length).toBeGreaterThan(600)
  for (const name of names) {
    const seen = details(entries.filter(({ session }) => session === name)).map(Number)
    if (seen.length === 0) continue
    // What is left of each writer is its newest lines, in order and without a hole.
    expect(seen).toEqual(Array.from(seen, (_, index) => 300 - seen.length + index))
  }
  expect(statSync(path).size).toBeLessThan(45_000)
})

test('a full disk is reported, not thrown; afterwards it goes on', ({ skip }) => {
  const disk = smallDisk()
  if (disk === null) return skip()
  const path = join(disk, 'events.jsonl')
  const journal = createJournal(path, { now: ticking() })
  journal.append('work', fault('first'))
  fill(disk)
  let failed = 0
  for (let count = 0; count < 200; count += 1)
    failed += journal.append('work', fault('x'.repeat(100))) === 'failed' ? 1 : 0
  expect(failed).toBeGreaterThan(100)
  writeFileSync(join(disk, 'filler-0'), '')
  expect(journal.append('work', fault('last'))).toBe('written')
  expect(details(entriesOf(journal)).at(0)).toBe('first')
  expect(details(entriesOf(journal)).at(-1)).toBe('last')
})

test('a file in the way of the folder is reported, not thrown', () => {
  const folder = ownFolder()
  writeFileSync(join(folder, 'state'), '')
  const journal = createJournal(join(folder, 'state/events.jsonl'), { now: () => 1 })
  expect(journal.append('work', fault('x'))).toBe('failed')
})
