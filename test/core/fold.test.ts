import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Following, foldRepeats, foldRows, followRepeats, type Told } from '../../src/core/fold.ts'
import { gist } from '../../src/core/gist.ts'

type Line = { readonly at: number; readonly text: string }
const keyOf = ({ text }: Line) => gist(text)
const line = (text: string, at: number): Line => ({ text, at })

test.each([
  ['ended process 4711 (bun)', 'ended process 12 (bun)'],
  ['until 2026-11-30T10:00:00.000Z', 'until 2026-12-01T09:30:11.123Z'],
  ['conversation 11111111-2222-4333-8444-555555555555', 'conversation aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'],
  ['commit 0f3a9b12', 'commit 9d1c77aa01'],
])('%s says what %s says', (a, b) => {
  expect(gist(a)).toBe(gist(b))
})

test.each([
  ['session is live', 'session is down'],
  ['client ended by SIGKILL', 'client ended by SIGTERM'],
  ['facade', 'decade'],
])('%s does not say what %s says', (a, b) => {
  expect(gist(a)).not.toBe(gist(b))
})

test('alike lines in a row are one, with how often and when last', () => {
  const lines = ['a 1', 'a 2', 'b', 'a 3'].map(line)
  expect(foldRepeats(lines, keyOf)).toEqual([
    { line: line('a 1', 0), times: 2, lastAt: 1 },
    { line: line('b', 2), times: 1, lastAt: 2 },
    { line: line('a 3', 3), times: 1, lastAt: 3 },
  ])
})

/** How often each first line was told, in all. */
const counted = (told: readonly Told<Line>[]): readonly (readonly [string, number])[] => {
  const sums: [string, number][] = []
  for (const each of told) {
    const last = sums.at(-1)
    if (each.is === 'first') sums.push([each.of.line.text, each.of.times])
    else if (last !== undefined) last[1] += each.times
  }
  return sums
}

const follow = (rounds: readonly (readonly Line[])[], times: readonly number[]) => {
  let following: Following<Line> | null = null
  const all: Told<Line>[] = []
  rounds.forEach((lines, i) => {
    const next = followRepeats(
      following,
      lines,
      keyOf,
      times[i] ?? 0,
      i === rounds.length - 1 ? 'ends' : 'goes on',
    )
    following = next.following
    all.push(...next.told)
  })
  return all
}

test('followed: the first at once, the rest once something else comes', () => {
  const rounds = [[line('a', 1)], [line('a', 2), line('a', 3)], [], [line('b', 4)], []]
  expect(follow(rounds, [1, 2, 3, 4, 5])).toEqual([
    { is: 'first', of: { line: line('a', 1), times: 1, lastAt: 1 } },
    { is: 'more', of: { line: line('a', 1), times: 3, lastAt: 3 }, times: 2 },
    { is: 'first', of: { line: line('b', 4), times: 1, lastAt: 4 } },
  ])
})

test('followed: what goes on and on is told each minute, and at the end', () => {
  const every10s = Array.from({ length: 14 }, (_, i) => [line('a', i * 10_000)])
  const told = follow(
    every10s,
    every10s.map((_, i) => i * 10_000),
  )
  expect(told.map((each) => (each.is === 'more' ? each.times : each.of.times))).toEqual([1, 7, 6])
})

const texts = fc.array(fc.array(fc.constantFrom('a 1', 'a 2', 'b', 'c 7')))
test('unfolded, as many lines stand there as came, in their order', () => {
  fc.assert(
    fc.property(texts, fc.array(fc.nat(100_000)), (rounds, steps) => {
      let at = 0
      const dated = rounds.map((round) => round.map((text) => line(text, at++)))
      const times = rounds.map((_, i) => steps.slice(0, i + 1).reduce((a, b) => a + b, 0))
      const once = foldRepeats(dated.flat(), keyOf)
      expect(once.flatMap((each) => Array(each.times).fill(gist(each.line.text)))).toEqual(
        dated.flat().map(({ text }) => gist(text)),
      )
      // Told bit by bit it is the same in the end.
      expect(counted(follow([...dated, []], [...times, times.at(-1) ?? 0]))).toEqual(
        once.map((each) => [each.line.text, each.times]),
      )
    }),
  )
})

const told = (texts: string) =>
  foldRepeats([...texts].map(line), keyOf).map((of) => ({ is: 'first', of }) as const)
/** `ab2(ab)` is a, b, and both twice more. */
const rows = (texts: string) =>
  foldRows(told(texts), keyOf)
    .map((each) =>
      each.is === 'again' ? `+${each.times}x${each.lines}@${each.of.lastAt}` : each.of.line.text,
    )
    .join('')

test.each([
  ['ababab', 'ab+2x2@5'],
  ['xabcabcabcabca', 'xabc+3x3@12a'],
  // Twice may be chance, and what comes between is never passed over.
  ['abab', 'abab'],
  ['ababxab', 'ababxab'],
  ['abacab', 'abacab'],
])('rows that come again are told once: %s is %s', (texts, folded) => {
  expect(rows(texts)).toBe(folded)
})

test('a line that was told more often, or goes on, belongs to no row', () => {
  expect(rows('aabaabaab')).toBe('ababab')
})

test('rows unfolded are what was told, in its order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 60 }), (texts) => {
      const all = told(texts.join(''))
      const unfolded: unknown[] = []
      for (const each of foldRows(all, keyOf)) {
        if (each.is !== 'again') unfolded.push(each.of.line.text)
        else
          for (let i = 0; i < each.times; i += 1)
            unfolded.push(...unfolded.slice(unfolded.length - each.lines))
      }
      expect(unfolded).toEqual(all.map(({ of }) => of.line.text))
    }),
  )
})
