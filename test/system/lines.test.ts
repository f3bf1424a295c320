import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beginning, type Position, readLines, type Skim } from '../../src/system/lines.ts'
import { ownFolder } from './own.ts'

const read = (path: string, to: number, skim: Skim | null, from: Position = beginning) => {
  const file = openSync(path, 'r')
  try {
    const lines: string[] = []
    for (const reading = readLines(file, from, to, skim); ; ) {
      const next = reading.next()
      if (next.done) return { lines, position: next.value }
      lines.push(next.value)
    }
  } finally {
    closeSync(file)
  }
}

/** The lines as they are to be told, by where each one's end stands. */
const expected = (lines: readonly string[], { headBytes, tailBytes, marks }: Skim) => {
  const size = Buffer.byteLength(lines.map((line) => `${line}\n`).join(''))
  let end = -1
  return lines.filter((line) => {
    end += Buffer.byteLength(line) + 1
    if (line === '') return false
    if (size <= headBytes + tailBytes || end < headBytes || marks.some((mark) => line.includes(mark)))
      return true
    // Where nothing between is read, what begins there is unknown in its beginning.
    const begin = end - Buffer.byteLength(line)
    return marks.length === 0 ? begin >= size - tailBytes : end >= size - tailBytes
  })
}

const write = (path: string, lines: readonly string[]): number => {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  writeFileSync(path, bytes)
  return bytes.length
}

test('head and tail whole, and between them what holds a mark', () => {
  const folder = ownFolder()
  let count = 0
  const line = fc.oneof(
    fc.stringMatching(/^[a-zü€😀]{0,20}$/u),
    fc.constantFrom('MARK', 'SIGN', 'an MARK and a SIGN', '€MARK', 'MAR', 'K'),
  )
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 30 }),
      fc.nat(150),
      fc.nat(150),
      fc.constantFrom([], ['MARK'], ['MARK', 'SIGN', 'nowhere']),
      (lines, headBytes, tailBytes, marks) => {
        const path = join(folder, `${count++}`)
        const skim = { headBytes, tailBytes, marks }
        const size = write(path, lines)
        const found = read(path, size, skim)
        expect(found.lines).toEqual(expected(lines, skim))
        expect(found.position).toEqual({ offset: size, rest: [], skipping: false })
      },
    ),
    { numRuns: 300 },
  )
})

test('lines that lie across the chunks of a long file', () => {
  const path = join(ownFolder(), 'log')
  const lines = Array.from({ length: 400 }, (_, i) => `${'x'.repeat((i * 7_919) % 30_000)}${marked(i)}${i}`)
  const size = write(path, lines)
  for (const skim of [
    { headBytes: 100_000, tailBytes: 500_000, marks: ['MARK', 'SIGN'] },
    { headBytes: 0, tailBytes: 0, marks: ['SIGN'] },
    { headBytes: 70_001, tailBytes: 1, marks: [] },
  ])
    expect(read(path, size, skim).lines).toEqual(expected(lines, skim))
})

const marked = (i: number): string =>
  i % 9 === 0 ? 'MARK' : i % 50 === 1 ? `SIGN${'y'.repeat(300_000)}` : ''

test('what is read in pieces is what is read at once', () => {
  const path = join(ownFolder(), 'log')
  const lines = Array.from({ length: 60 }, (_, i) => `${'€'.repeat(i * 40)}${i}`)
  const size = write(path, lines)
  for (const step of [1_000, 70_000]) {
    let position = beginning
    const seen: string[] = []
    while (position.offset < size) {
      const found = read(path, Math.min(size, position.offset + step), null, position)
      seen.push(...found.lines)
      position = found.position
    }
    expect(seen).toEqual(lines)
  }
})

test('a line that grows by a byte at a time is held in few pieces', () => {
  const path = join(ownFolder(), 'log')
  writeFileSync(path, 'x'.repeat(300))
  let position = beginning
  for (let to = 1; to <= 300; to += 1) position = read(path, to, null, position).position
  expect(position).toMatchObject({ offset: 300, skipping: false })
  expect(position.rest.map(({ length }) => length)).toEqual([300])
})
