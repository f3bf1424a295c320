import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { journalReader } from '../../src/commands/log-sources.ts'
import type { LogLine } from '../../src/core/log-line.ts'
import { files } from '../../src/system/files.ts'
import { createJournal } from '../../src/system/journal.ts'
import { createTail } from '../../src/system/tail.ts'
import { noon } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

const all = { last: 1_000, since: null }
const numbers = (lines: readonly LogLine[]) =>
  lines.map(({ entry }) => Number('what' in entry ? entry.what : -1))
const upTo = (count: number, from = 0) => Array.from({ length: count - from }, (_, i) => from + i)

const place = (maxBytes = 5 * 1024 * 1024) => {
  let at = noon
  const journal = createJournal(join(ownFolder(), 'events.jsonl'), { now: () => at++, maxBytes })
  let written = 0
  const write = (count: number, session: string | null = 'work') => {
    for (const what of upTo(written + count, written)) {
      journal.append(session, { type: 'fault', what: `${what}`, detail: '' })
    }
    written += count
  }
  return { journal, write, deps: { journal, createTail, files } }
}

test('both files are read, the older first', async () => {
  const { journal, write, deps } = place(600)
  write(11)
  expect(existsSync(journal.rotatedPath)).toBe(true)
  const kept = numbers(await journalReader('work', all, deps)())
  expect(kept.length).toBeGreaterThan(7)
  expect(kept).toEqual(upTo(11, 11 - kept.length))
  expect(numbers(await journalReader('work', { last: 8, since: null }, deps)()).slice(-8)).toEqual(
    upTo(11, 3),
  )
})

test('of a long journal only the end is looked at', async () => {
  const { journal, write, deps } = place()
  write(3, 'seldom')
  write(5_000)
  let parsed = 0
  const counting = {
    ...journal,
    parse: (line: string) => {
      parsed += 1
      return journal.parse(line)
    },
  }
  const read = journalReader(null, { last: 20, since: null }, { ...deps, journal: counting })
  expect(numbers(await read())).toEqual(upTo(5_003, 4_983))
  expect(parsed).toBeLessThan(200)
  // Of a session that is far back, no line of another is taken apart.
  parsed = 0
  const seldom = journalReader('seldom', { last: 20, since: null }, { ...deps, journal: counting })
  expect(numbers(await seldom())).toEqual([0, 1, 2])
  expect(parsed).toBeLessThan(10)
  // Nor is anything looked for that is older than it is wanted.
  parsed = 0
  const since = noon + 4_990
  const newest = await journalReader(null, { last: 20, since }, { ...deps, journal: counting })()
  expect(numbers(newest).at(-1)).toBe(5_002)
  expect(parsed).toBeLessThan(200)
})

test('a rotation between the looks at the two files costs no line, and doubles none', async () => {
  const { journal, write, deps } = place()
  write(10)
  let isFirst = true
  const late: typeof createTail = (path, options) => {
    const tail = createTail(path, options)
    return {
      readAll: function* () {
        if (path === journal.rotatedPath && isFirst) {
          isFirst = false
          renameSync(journal.path, journal.rotatedPath)
          write(5)
        }
        yield* tail.readAll()
      },
    }
  }
  expect(numbers(await journalReader('work', all, { ...deps, createTail: late })())).toEqual(upTo(15))
})

test('somebody was killed right after the rename: the older file is all there is, and what comes is followed', async () => {
  const { journal, write, deps } = place()
  write(4)
  renameSync(journal.path, journal.rotatedPath)
  const read = journalReader('work', { last: 2, since: null }, deps)
  expect(numbers(await read())).toEqual([2, 3])
  write(5)
  expect(numbers(await read())).toEqual(upTo(9, 4))
  expect(numbers(await read())).toEqual([])
})

test('followed from nothing on, however few lines were asked for, nothing is missed', async () => {
  const { write, deps } = place()
  const read = journalReader('work', { last: 0, since: null }, deps)
  expect(await read()).toEqual([])
  write(3)
  expect(numbers(await read())).toEqual(upTo(3))
})

test('followed across rotations, each line comes once, in order', async () => {
  // 800 bytes are ten lines: no more than one rotation between two looks.
  const steps = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(9), async (counts, before) => {
      const { write, deps } = place(800)
      write(before)
      const read = journalReader('work', all, deps)
      const seen = [...numbers(await read())]
      for (const count of counts) {
        write(count)
        seen.push(...numbers(await read()))
      }
      expect(seen).toEqual(upTo(counts.reduce((a, b) => a + b, before)))
    }),
    { numRuns: 30 },
  )
})
