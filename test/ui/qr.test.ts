import { expect, test } from 'vitest'
import { qrCode } from '../../src/ui/qr.ts'

const link = 'https://t.me/some_bot?start=abcdef'

test('a square of half blocks with a quiet zone, that never changes', () => {
  const lines = qrCode(link, 60)
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "█████████████████████████████████
    ██ ▄▄▄▄▄ █▀▄█▀  ▀▀▄██▄▀█ ▄▄▄▄▄ ██
    ██ █   █ █▄   ▄ ▀▀▄▄▀▄ █ █   █ ██
    ██ █▄▄▄█ █ ▀█▀█  █▄█▀▀ █ █▄▄▄█ ██
    ██▄▄▄▄▄▄▄█ ▀▄█ █ █▄▀▄█ █▄▄▄▄▄▄▄██
    ██▄▄▀▄▀█▄▄██ ▀██▀ ▄▀██ ▀  ▄▀▄▄▀██
    ██▄▀▄█▄▀▄▄ ▄▄███▀█▀█ ▄█▄  ▄▄  ███
    ██ ▀█▄▄▀▄▄██▀▀ ███▄ ▀  ▄▄██▄█▄▄██
    ██▄    ▄▄▀▄█▀█ ▀▀▀▀▀▄███ █  ▄ ▄██
    ███ █▀▄▄▄ ▀▄█▄█▄▄█▀▄▀▄▄ ▀▀█▀█▄▀██
    ██▄█▀▀▄▀▄▀█ ▀▀█ █▀▄▀█▀▀▄██▀██  ██
    ██▄████▄▄▄▀▄█  ▀▄█ █ ▄ ▄▄▄ █ ▀▀██
    ██ ▄▄▄▄▄ █▄▀▄   ▄█▄█▀▄ █▄█ ▀▀ ▀██
    ██ █   █ █▀█  █▀ █▄ █▀▄▄   ▀▀▀▄██
    ██ █▄▄▄█ █▀▄█ █▄▄█▄   ▀█▀ ▄▄▄▀▄██
    ██▄▄▄▄▄▄▄█▄█▄█▄▄███▄██▄▄█▄▄██▄███
    ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀"
  `)
  expect(new Set(lines.map((line) => line.length))).toEqual(new Set([33]))
  expect(lines).toHaveLength(17)
})

test('two light modules on each side, and the three corners inside', () => {
  const modules = modulesOf(qrCode(link, 60))
  const at = (x: number, y: number): boolean | undefined => modules[y]?.[x]
  for (let i = 0; i < 33; i += 1)
    for (const edge of [0, 1, 31, 32]) {
      expect(at(i, edge)).toBe(false)
      expect(at(edge, i)).toBe(false)
    }
  const corner = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######']
  for (const [x, y] of [
    [2, 2],
    [24, 2],
    [2, 24],
  ] as const)
    expect(
      corner.map((row, dy) => [...row].map((_, dx) => (at(x + dx, y + dy) ? '#' : '.')).join('')),
    ).toEqual(corner)
})

test('nothing where it would not fit', () => {
  expect(qrCode(link, 33)).toHaveLength(17)
  expect(qrCode(link, 32)).toEqual([])
})

test('only blocks and spaces, no sequences', () => {
  expect(qrCode(link, 60).join('')).toMatch(/^[█▀▄ ]+$/)
})

/** Dark modules by row and column; a line holds two rows, what is drawn is light. */
const modulesOf = (lines: readonly string[]): readonly (readonly boolean[])[] =>
  lines
    .flatMap((line) => [
      [...line].map((sign) => sign === ' ' || sign === '▄'),
      [...line].map((sign) => sign === ' ' || sign === '▀'),
    ])
    .slice(0, 33)
