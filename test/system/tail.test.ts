import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTail as openTail, type TailOptions } from '../../src/system/tail.ts'
import { ownFolder, thrown } from './own.ts'

const createTail = (path: string, options?: TailOptions) => {
  const tail = openTail(path, options)
  return { read: () => [...tail.readAll()] }
}

test('hands out each line once, when it is complete', () => {
  const file = join(ownFolder(), 'log')
  const tail = createTail(file)
  expect(tail.read()).toEqual([])
  writeFileSync(file, 'one\ntwo\nthr')
  expect(tail.read()).toEqual(['one', 'two'])
  expect(tail.read()).toEqual([])
  appendFileSync(file, 'ee\n\nfour\n')
  expect(tail.read()).toEqual(['three', 'four'])
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

test('a character that a line ends in the middle of takes nothing from the next line', () => {
  const file = join(ownFolder(), 'log')
  writeFileSync(file, Buffer.from([0x61, 0xe2, 0x82, 0x0a, 0x0a, 0x62, 0x0a]))
  expect(createTail(file).read()).toEqual(['a\ufffd', 'b'])
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
      expect(seen).toEqual(lines.filter((line) => line !== ''))
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

test('begins again in a file that took its place, be it of the same size', () => {
  const folder = ownFolder()
  const [file, other] = [join(folder, 'log'), join(folder, 'other')]
  const tail = createTail(file)
  writeFileSync(file, 'one\n')
  expect(tail.read()).toEqual(['one'])
  writeFileSync(other, 'two\n')
  renameSync(other, file)
  expect(tail.read()).toEqual(['two'])
})

test('says of a file that may not be read any more that it may not', ({ skip }) => {
  // Another user's, since nothing is forbidden to root.
  if (process.geteuid?.() !== 0 || process.seteuid === undefined) return skip()
  const folder = ownFolder()
  const file = join(folder, 'log')
  const tail = createTail(file)
  writeFileSync(file, 'one\n')
  chmodSync(folder, 0o755)
  process.seteuid(65534)
  try {
    expect(tail.read()).toEqual(['one'])
    process.seteuid(0)
    chmodSync(file, 0o000)
    process.seteuid(65534)
    expect(thrown(() => tail.read())).toMatchObject({ status: 77 })
  } finally {
    process.seteuid(0)
  }
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

test('what was rotated away and cut short since is nothing to read', () => {
  const folder = ownFolder()
  const [file, rotatedPath] = [join(folder, 'events.jsonl'), join(folder, 'events.1.jsonl')]
  const tail = createTail(file, { rotatedPath })
  writeFileSync(file, 'one\ntwo\n')
  expect(tail.read()).toEqual(['one', 'two'])
  renameSync(file, rotatedPath)
  truncateSync(rotatedPath)
  writeFileSync(file, 'three\n')
  expect(tail.read()).toEqual(['three'])
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

test('passes over a line without end, be it read in one go or in several', () => {
  const file = join(ownFolder(), 'log')
  const tail = createTail(file)
  writeFileSync(file, 'first\n')
  expect(tail.read()).toEqual(['first'])
  for (let i = 0; i < 3; i += 1) {
    appendFileSync(file, 'y'.repeat(500_000))
    expect(tail.read()).toEqual([])
  }
  appendFileSync(file, '\nnext\n')
  expect(tail.read()).toEqual(['next'])
})

test('what is there and is no file to read is an error', () => {
  const folder = join(ownFolder(), 'log')
  mkdirSync(folder)
  expect(thrown(() => createTail(folder).read())).toMatchObject({ status: 77 })
})

test('reads a long file whole, lines longer than 1 MiB left out', () => {
  const file = join(ownFolder(), 'log')
  const line = `${'x'.repeat(1_000)} `
  const lines = Array.from({ length: 3_000 }, (_, i) => `${line}${i}`)
  writeFileSync(file, `${lines.join('\n')}\n${'y'.repeat(1_200_000)}\nlast\n`)
  const tail = createTail(file)
  const all = tail.read()
  expect(all.length).toBe(lines.length + 1)
  expect(all.at(-1)).toBe('last')
  expect(tail.read()).toEqual([])
  appendFileSync(file, 'new\n')
  expect(tail.read()).toEqual(['new'])
  expect(createTail(join(file, 'none')).read()).toEqual([])
})

test('whoever leaves off before the end gets all lines again', () => {
  const file = join(ownFolder(), 'log')
  writeFileSync(file, 'one\ntwo\n')
  const tail = openTail(file)
  for (const line of tail.readAll()) if (line === 'one') break
  expect([...tail.readAll()]).toEqual(['one', 'two'])
})

test.each([
  [0, []],
  [1, ['four']],
  [3, ['two', 'four']],
  [4, ['one', 'two', 'four']],
  [9, ['one', 'two', 'four']],
])('can begin with the last %i lines', (lastLines, expected) => {
  const file = join(ownFolder(), 'log')
  writeFileSync(file, 'one\ntwo\n\nfour\nfi')
  const tail = createTail(file, { lastLines })
  expect(tail.read()).toEqual(expected)
  appendFileSync(file, 've\n')
  expect(tail.read()).toEqual(['five'])
})

test('the last lines are found in a file of any length', () => {
  const file = join(ownFolder(), 'log')
  const lines = Array.from({ length: 50_000 }, (_, i) => `line ${i}`)
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  for (const lastLines of [1, 7, 5_000, 49_999])
    expect(createTail(file, { lastLines }).read()).toEqual(lines.slice(-lastLines))
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
  const lines = tail.read()
  expect(lines.length).toBe(5_001)
  expect(lines.at(-1)).toBe('newest')
})
