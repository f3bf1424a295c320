import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTail } from '../../src/system/tail.ts'
import { ownFolder, thrown } from './own.ts'

test('hands out each line once, when it is complete', () => {
  const file = join(ownFolder(), 'log')
  const tail = createTail(file)
  expect(tail.read()).toEqual([])
  writeFileSync(file, 'one\ntwo\nthr')
  expect(tail.read()).toEqual(['one', 'two'])
  expect(tail.read()).toEqual([])
  appendFileSync(file, 'ee\n\nfour\n')
  expect(tail.read()).toEqual(['three', '', 'four'])
})

test('a character split between two reads stays whole', () => {
  const file = join(ownFolder(), 'log')
  const tail = createTail(file)
  const bytes = Buffer.from('a€ü😀\n')
  const lines: string[] = []
  for (const byte of bytes) {
    appendFileSync(file, Buffer.from([byte]))
    lines.push(...tail.read())
  }
  expect(lines).toEqual(['a€ü😀'])
})

test('cut anywhere, the lines are those of the whole', () => {
  const folder = ownFolder()
  let count = 0
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-zü€😀]{0,20}$/u)), fc.array(fc.nat(100)), (lines, cuts) => {
      count += 1
      const file = join(folder, `log-${count}`)
      const tail = createTail(file)
      let rest = Buffer.from(lines.map((line) => `${line}\n`).join(''))
      const seen: string[] = []
      for (const cut of [...cuts, rest.length]) {
        appendFileSync(file, rest.subarray(0, cut))
        rest = rest.subarray(cut)
        seen.push(...tail.read())
      }
      expect(seen).toEqual(lines)
    }),
    { numRuns: 50 },
  )
})

test('begins again in a file that was cut short', () => {
  const file = join(ownFolder(), 'log')
  const tail = createTail(file)
  writeFileSync(file, 'one\ntwo\nto')
  tail.read()
  truncateSync(file)
  appendFileSync(file, 'new\n')
  expect(tail.read()).toEqual(['new'])
})

test('begins again in a file that took its place, be it longer, and of the same inode', () => {
  const file = join(ownFolder(), 'log')
  const tail = createTail(file)
  writeFileSync(file, 'one\nto')
  tail.read()
  rmSync(file)
  expect(tail.read()).toEqual([])
  writeFileSync(file, 'first\nsecond\n')
  expect(tail.read()).toEqual(['first', 'second'])
})

test('reads the rest of what was rotated away, then what is new, each once', () => {
  const folder = ownFolder()
  const [file, rotatedPath] = [join(folder, 'events.jsonl'), join(folder, 'events.1.jsonl')]
  const tail = createTail(file, { rotatedPath })
  writeFileSync(file, 'one\n')
  expect(tail.read()).toEqual(['one'])
  appendFileSync(file, 'two\n')
  renameSync(file, rotatedPath)
  expect(tail.read()).toEqual(['two'])
  expect(tail.read()).toEqual([])
  appendFileSync(rotatedPath, 'late\n')
  writeFileSync(file, 'three\n')
  expect(tail.read()).toEqual(['late', 'three'])
  expect(tail.read()).toEqual([])
  appendFileSync(file, 'four\n')
  expect(tail.read()).toEqual(['four'])
})

test('can begin near the end, at the first whole line there', () => {
  const file = join(ownFolder(), 'log')
  writeFileSync(file, 'one\ntwo\nthree\n')
  expect(createTail(file, { fromEndBytes: 7 }).read()).toEqual(['three'])
  expect(createTail(file, { fromEndBytes: 6 }).read()).toEqual(['three'])
  expect(createTail(file, { fromEndBytes: 5 }).read()).toEqual([])
  expect(createTail(file, { fromEndBytes: 1000 }).read()).toEqual(['one', 'two', 'three'])
  const tail = createTail(file, { fromEndBytes: 0 })
  expect(tail.read()).toEqual([])
  appendFileSync(file, 'four\n')
  expect(tail.read()).toEqual(['four'])
})

test('reads a long file in portions, and passes over a line without end', () => {
  const file = join(ownFolder(), 'log')
  const line = 'x'.repeat(1023)
  writeFileSync(file, `${line}\n`.repeat(6 * 1024))
  const tail = createTail(file)
  expect(tail.read().length).toBe(4 * 1024)
  expect(tail.read().length).toBe(2 * 1024)
  appendFileSync(file, `${'y'.repeat(9 * 1024 * 1024)}\nnext\n`)
  const seen = [tail.read(), tail.read(), tail.read()].flat()
  expect(seen).toEqual(['next'])
})

test('what is there and is no file to read is an error', () => {
  const folder = join(ownFolder(), 'log')
  mkdirSync(folder)
  expect(thrown(() => createTail(folder).read())).toMatchObject({ status: 77 })
})

test('reads all of what is longer than one read, lines longer than that left out', () => {
  const file = join(ownFolder(), 'log')
  const line = `${'x'.repeat(1_000)} `
  const lines = Array.from({ length: 9_000 }, (_, i) => `${line}${i}`)
  writeFileSync(file, `${lines.join('\n')}\n${'y'.repeat(9_000_000)}\nlast\n`)
  expect(createTail(file).read().length).toBeLessThan(lines.length)
  const tail = createTail(file)
  const all = [...tail.readAll()]
  expect(all.length).toBe(lines.length + 1)
  expect(all.at(-1)).toBe('last')
  expect([...tail.readAll()]).toEqual([])
  appendFileSync(file, 'new\n')
  expect([...tail.readAll()]).toEqual(['new'])
  expect([...createTail(join(file, 'none')).readAll()]).toEqual([])
})

test('what was not read of a rotated file is read to its end', () => {
  const folder = ownFolder()
  const [file, rotatedPath] = [join(folder, 'log'), join(folder, 'log.1')]
  writeFileSync(file, 'first\n')
  const tail = createTail(file, { rotatedPath })
  expect(tail.read()).toEqual(['first'])
  appendFileSync(file, `${'x'.repeat(999)}\n`.repeat(5_000))
  renameSync(file, rotatedPath)
  writeFileSync(file, 'newest\n')
  const lines = [...tail.readAll()]
  expect(lines.length).toBe(5_001)
  expect(lines.at(-1)).toBe('newest')
})
